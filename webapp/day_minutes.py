"""The minutes of each day (UTC) for which the model is wanted, overlaps counted once."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta

Stretch = tuple[datetime, datetime]


def minutes_by_day(stretches: Iterable[Stretch]) -> dict[date, int]:
    """Whole minutes, rounded up, of each day that any of the stretches touches."""
    days: dict[date, timedelta] = defaultdict(timedelta)
    for begins, ends in _merged(stretches):
        for day, lasts in _days(begins, ends):
            days[day] += lasts
    return {day: -(-lasts // timedelta(minutes=1)) for day, lasts in days.items()}


def _merged(stretches: Iterable[Stretch]) -> Iterator[Stretch]:
    last: Stretch | None = None
    for begins, ends in sorted(stretches):
        if last and begins <= last[1]:
            last = (last[0], max(last[1], ends))
            continue
        if last:
            yield last
        last = (begins, ends)
    if last:
        yield last


def _days(begins: datetime, ends: datetime) -> Iterator[tuple[date, timedelta]]:
    begins, ends = begins.astimezone(UTC), ends.astimezone(UTC)
    while begins < ends:
        midnight = datetime.combine(begins.date() + timedelta(days=1), time(), UTC)
        yield begins.date(), min(ends, midnight) - begins
        begins = midnight
