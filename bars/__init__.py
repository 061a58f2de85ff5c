"""What a bar of rap is: its sound, its place in a verse, and how a model is asked for it.

Pure Python: no torch, no AWS, no Flask, no network. Every other part imports this one.
"""
