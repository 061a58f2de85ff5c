"""AWS on one machine: moto's server, and real processes where moto only pretends.

Run it with `python -m infrastructure.local_cloud serve --data DIR`.
"""
