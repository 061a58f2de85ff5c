"""Wall-clock times in named zones, with the two hours a year that are not what they seem."""

import difflib
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from bars.verse import Problem


class Skipped(ValueError):
    """The clock jumps over this time; `before` and `after` are the nearest that exist."""

    def __init__(self, before: time, after: time) -> None:
        super().__init__("The clock jumps over this time.")
        self.before, self.after = before, after


class Doubled(ValueError):
    """The clock shows this time twice; `offsets` are the two distances from UTC."""

    def __init__(self, offsets: tuple[timedelta, timedelta]) -> None:
        super().__init__("The clock shows this time twice.")
        self.offsets = offsets


@cache
def zone_names() -> frozenset[str]:
    """The names of places; not the abbreviations and offsets that the database keeps as well."""
    return frozenset(n for n in available_timezones() if "/" in n and n[:4] != "Etc/") | {"UTC"}


def check_zone(name: object) -> Problem | None:
    """What is wrong with the name of a zone, with the nearest that exists."""
    if isinstance(name, str) and name in zone_names():
        return None
    shown = str(name)[:60]
    by_lower = {known.lower(): known for known in zone_names()}
    close = difflib.get_close_matches(shown.lower().replace(" ", "_"), by_lower, 1, 0.6)
    near = f"; did you mean {by_lower[close[0]]}?" if close else ", such as Europe/Berlin or UTC."
    return Problem("zone", shown, f"must be the name of a time zone{near}")


def moment(day: date, at: time, zone: str, second: bool | None = None) -> datetime:
    """The UTC time at which the clocks of a zone show a day and a time.

    Raises Skipped, or Doubled where it is not said whether the first or the second is meant.
    """
    place = ZoneInfo(zone)
    first, later = (datetime.combine(day, at, place).replace(fold=fold) for fold in (0, 1))
    if first.utcoffset() == later.utcoffset():
        return first.astimezone(UTC)
    if first.astimezone(UTC).astimezone(place).replace(tzinfo=None) != first.replace(tzinfo=None):
        raise Skipped(*_around(first, place))
    if second is None:
        raise Doubled((_offset(first), _offset(later)))
    return (later if second else first).astimezone(UTC)


def _around(skipped: datetime, place: ZoneInfo) -> tuple[time, time]:
    """The last minute before the jump and the first one after it."""
    jump = skipped.replace(fold=1).astimezone(UTC)  # read with the later offset: before the jump
    while _offset(jump.astimezone(place)) == _offset(skipped):
        jump += timedelta(minutes=1)
    return (jump - timedelta(minutes=1)).astimezone(place).time(), jump.astimezone(place).time()


def _offset(moment: datetime) -> timedelta:
    return moment.utcoffset() or timedelta()


def written_offset(offset: timedelta) -> str:
    """UTC+02:00."""
    minutes = int(offset.total_seconds() // 60)
    return f"UTC{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
