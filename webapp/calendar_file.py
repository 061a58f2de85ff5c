"""Demos as a calendar file (RFC 5545), to download or to subscribe to."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from icalendar import Calendar, Event

from webapp.demos import Occurrence

MIMETYPE = "text/calendar"
_REFRESH = timedelta(hours=1)


def calendar_of(occurrences: Iterable[Occurrence], address: str, now: datetime) -> bytes:
    """Every occurrence as an event of its own, in UTC, so that each calendar shows it in its
    owner's zone; `address` is the site's, where the demo takes place."""
    calendar = Calendar()
    calendar.add("prodid", "-//Deep Hop//demos//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "Deep Hop demos")
    calendar.add("refresh-interval", _REFRESH)
    for each in occurrences:
        calendar.add_component(_event(each, address, now))
    return bytes(calendar.to_ical())


def _event(each: Occurrence, address: str, now: datetime) -> Event:
    event = Event()
    event.add("uid", f"{each.demo.id}-{each.day}@deep-hop")
    event.add("dtstamp", now)
    event.add("sequence", each.demo.revision)
    event.add("dtstart", each.starts)
    event.add("dtend", each.ends)
    event.add("summary", each.demo.title)
    event.add("location", address)
    event.add("url", address)
    return event
