"""The document of the site's API, as data: what may be asked, with which limits, what is answered.

Limits come from the constants that the routes check against, so that they cannot drift.
"""
