"""A host's wish for a demo, read from a form or from JSON, with all that is wrong with it."""

import re
import secrets
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from bars.verse import Problem
from webapp.demos import MOST_LEAD, Demo, UnclearDay, last_moment
from webapp.local_time import Doubled, Skipped, check_zone, written_offset
from webapp.settings import Limits

LONGEST_TITLE = 80  # characters
MOST_WEEKS = 53
FIELDS = ("title", "date", "time", "zone", "minutes", "lead", "repeat_until", "second", "pin")
PIN = "[0-9]{6,8}"  # records that were made before six were asked for have four or more
_EARLIEST, _LATEST = date(2000, 1, 1), date(2199, 12, 31)


class DemoRefused(ValueError):
    """A demo was asked for that cannot be; `problems` says why."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(" ".join(f"{p.field}: {p.message}" for p in problems))
        self.problems = problems


def read_demo(body: Mapping[str, Any], who: str, limits: Limits, now: datetime) -> Demo:
    """A demo as it was wished for, or DemoRefused.

    Fields: title, date (2026-12-31), time (19:30), zone (Europe/Berlin), minutes; optional: lead
    (minutes), repeat_until (a date), second (true for the second of two equal times), pin.
    """
    fields = _Fields(body)
    day, until = fields.day("date"), fields.optional_date("repeat_until")
    demo = Demo(
        id=secrets.token_urlsafe(9),
        title=fields.title(),
        zone=fields.zone(),
        day=day,
        at=fields.clock("time"),
        minutes=fields.number("minutes", 1, limits.most_minutes),
        lead=fields.optional_number("lead", 0, MOST_LEAD),
        until=until,
        second=fields.choice("second"),
        pin=fields.pin(),
        who=who,
    )
    if demo.minutes + (demo.lead or 0) > limits.most_minutes and not fields.refused("minutes"):
        right = f"is with its warm-up more than {limits.most_minutes} minutes."
        fields.refuse("minutes", demo.minutes, right)
    if not fields.refused("date", "repeat_until") and until is not None:
        fields.check_weeks(day, until)
    if not fields.problems:
        fields.check_clock(demo)
    if not fields.problems and last_moment(demo) <= now:
        fields.refuse("date", str(body.get("date")), "lies in the past.")
    if fields.problems:
        raise DemoRefused(fields.problems)
    return demo


def check_start(demo: Demo, now: datetime) -> None:
    """Raise DemoRefused if the first day's time has passed already."""
    if next(demo.occurrences()).starts < now - timedelta(minutes=1):
        wrong = Problem("time", f"{demo.at:%H:%M}", f"has passed already on {demo.day}.")
        raise DemoRefused([wrong])


class _Fields:
    """Takes the fields out of a wish; of a wrong one it notes why and returns a stand-in."""

    def __init__(self, body: Mapping[str, Any]) -> None:
        self._body = body
        right = f"is not a field of a demo; these are: {', '.join(FIELDS)}."
        unknown = [str(name)[:40] for name in body if name not in FIELDS]
        self.problems = [Problem(name, None, right) for name in unknown]

    def refuse(self, field: str, value: Any, message: str) -> None:
        self.problems.append(Problem(field, value, message))

    def refused(self, *fields: str) -> bool:
        return any(problem.field in fields for problem in self.problems)

    def title(self) -> str:
        given = self._body.get("title", "")
        title = " ".join(given.split()) if isinstance(given, str) else ""
        if not 1 <= len(title) <= LONGEST_TITLE:
            right = f"must be text of 1 to {LONGEST_TITLE} characters."
            self.refuse("title", str(given)[:LONGEST_TITLE], right)
        return title

    def zone(self) -> str:
        given = self._body.get("zone", "")
        if problem := check_zone(given):
            self.problems.append(problem)
        return str(given)

    def day(self, field: str) -> date:
        given = self._body.get(field, "")
        try:
            if not isinstance(given, str):
                raise ValueError
            day = date.fromisoformat(given)
        except ValueError:
            day = date.min
        if not _EARLIEST <= day <= _LATEST:
            self.refuse(field, str(given)[:40], "must be a date, such as 2026-12-31.")
        return day

    def optional_date(self, field: str) -> date | None:
        return self.day(field) if self._body.get(field) not in (None, "") else None

    def clock(self, field: str) -> time:
        given = self._body.get(field, "")
        try:
            return datetime.strptime(given, "%H:%M").time()
        except (TypeError, ValueError):
            self.refuse(field, str(given)[:40], "must be a time of day, such as 19:30.")
            return time()

    def number(self, field: str, least: int, most: int) -> int:
        given = self._body.get(field)
        if isinstance(given, str) and re.fullmatch(r"[0-9]{1,6}", given.strip()):
            given = int(given)
        if isinstance(given, int) and not isinstance(given, bool) and least <= given <= most:
            return given
        right = f"must be a whole number from {least} to {most}."
        self.refuse(field, str(given)[:40], right)
        return least

    def optional_number(self, field: str, least: int, most: int) -> int | None:
        given = self._body.get(field)
        return None if given in (None, "") else self.number(field, least, most)

    def choice(self, field: str) -> bool | None:
        given = self._body.get(field)
        known = {None: None, "": None, "first": False, "second": True, True: True, False: False}
        try:
            return known[given]
        except (KeyError, TypeError):
            self.refuse(field, str(given)[:40], "must be true, false or left out.")
            return None

    def pin(self) -> str:
        given = self._body.get("pin")
        if given in (None, ""):
            return ""
        if not isinstance(given, str) or not re.fullmatch(PIN, given.strip()):
            self.refuse("pin", None, 'must be 6 to 8 digits as text, such as "246810".')
            return ""
        return given.strip()

    def check_weeks(self, day: date, until: date) -> None:
        if not day <= until <= day + timedelta(weeks=MOST_WEEKS):
            right = f"must lie after the first day, at most {MOST_WEEKS} weeks."
            self.refuse("repeat_until", until.isoformat(), right)

    def check_clock(self, demo: Demo) -> None:
        try:
            demo.check_days()
        except UnclearDay as unclear:
            why, at = unclear.__cause__, f"{demo.at:%H:%M}"
            if isinstance(why, Skipped):
                self.refuse("time", at, (
                    f"does not exist on {unclear.day} in {demo.zone}: the clocks go from "
                    f"{why.before:%H:%M} to {why.after:%H:%M}. Choose another time or day."
                ))  # fmt: skip
            elif isinstance(why, Doubled):
                first, second = map(written_offset, why.offsets)
                self.refuse("second", None, (
                    f"{at} comes twice on {unclear.day} in {demo.zone}, because the clocks are set "
                    f"back. Say whether the first ({first}) or the second ({second}) is meant."
                ))  # fmt: skip
