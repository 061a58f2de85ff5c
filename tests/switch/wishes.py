"""Wishes for demos, as hosts send them. The tests' clock stands at noon UTC, 2026-06-01."""

BERLIN = {"zone": "Europe/Berlin"}


def wish(**changed):
    """Rap night in an hour."""
    usual = {"title": "Rap night", "date": "2026-06-01", "time": "13:00", "minutes": 45}
    return usual | {"zone": "UTC"} | changed
