"""The container: loads a model, writes verses, speaks /ping and /invocations.

Run it with `python -m inference serve`.
"""
