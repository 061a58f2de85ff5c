"""How facts are put into words and marks on the pages."""

from datetime import datetime
from typing import Any

from flask import Flask

from webapp.failure import explain
from webapp.signin import is_host
from webapp.starts import StartRecord
from webapp.state import EndpointState

RHYME_MARKS = 8  # colors and underlines; a ninth letter begins again
PHASES = {
    "requested": "asking for a machine",
    "machine": "getting the machine and the model's files",
    "loading": "loading the model",
    "ending": "switching off",
}


def register(app: Flask) -> None:
    app.jinja_env.filters.update(
        ending=ending,
        mark=mark,
        phase=lambda name: PHASES.get(name or "", ""),
        minutes_left=minutes_left,
        duration=duration,
        clock=lambda moment: moment.strftime("%H:%M UTC"),
        day=lambda moment: moment.strftime("%Y-%m-%d %H:%M"),
        money=money,
        progress=progress,
        outcome=outcome,
        rhyme_words=rhyme_words,
    )
    app.context_processor(lambda: {"is_host": is_host()})


def ending(text: str) -> tuple[str, str]:
    """A bar in two: what comes before its last word, and that word."""
    before, space, last = text.rpartition(" ")
    return before + space, last


def mark(letter: str | None) -> int:
    """The number of a rhyme letter's color and underline; -1 for a free bar."""
    return (ord(letter) - ord("A")) % RHYME_MARKS if letter else -1


def rhyme_words(bar: dict[str, Any]) -> str:
    """How a bar rhymes, as a person would say it."""
    rhyme = bar["rhyme"]
    if not rhyme:
        return ""
    kind = {"perfect": "rhymes", "slant": "nearly rhymes", "identical": "repeats"}
    return f"{kind.get(rhyme['kind'], 'does not rhyme')} with bar {rhyme['with'] + 1}"


def minutes_left(until: datetime, now: datetime) -> str:
    return duration(max(0, int((until - now).total_seconds())))


def duration(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes_over = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes_over:02} min"
    return f"{minutes} min" if minutes >= 2 else f"{minutes * 60 + rest} s"


def money(amount: float, currency: str) -> str:
    return f"{amount:.2f} {currency}"


def progress(told: EndpointState) -> tuple[int, int]:
    """Seconds so far and seconds usually needed, for a bar that never claims to be full."""
    usual = told.usual_seconds or 60
    return min(told.seconds, int(usual * 0.97)), usual


def outcome(record: StartRecord) -> str:
    """What became of a start."""
    if record.failure:
        return explain(record.failure).reason
    if record.ready is None:
        return "ended before it was ready" if record.ended else "starting"
    ready = f"ready after {duration((record.ready - record.asked).total_seconds())}"
    if record.ended is None:
        return f"{ready}, running"
    return f"{ready}, ran {duration((record.ended - record.ready).total_seconds())}"
