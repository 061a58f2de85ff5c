"""How facts are put into words and marks on the pages."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask

from bars.respelling import respell
from bars.text import words_of
from webapp.failure import explain
from webapp.signin import is_host
from webapp.starts import StartRecord, UsualRange
from webapp.state import EndpointState
from webapp.unfinished_store import Queue
from webapp.verse_store import StoredVerse

RHYME_MARKS = 8  # colors and underlines; a ninth letter begins again
RHYMES = {
    "perfect": "rhymes with",
    "mosaic": "rhymes with",
    "multi": "nearly rhymes with",
    "slant": "nearly rhymes with",
    "promoted": "nearly rhymes with",
    "accent": "rhymes with",
    "eye": "rhymes only for the eye with",
    "homophone": "sounds the same as",
    "identical": "repeats the word of",
}
DOTS = {"1": "strong", "0": "weak", "?": "unheard"}
PHASES = {
    "requested": "Asking for a machine",
    "machine": "Getting the machine and the model's files",
    "loading": "Loading the model",
}


def register(app: Flask) -> None:
    app.jinja_env.filters.update(
        ending=ending,
        mark=mark,
        steps=steps,
        minutes_left=minutes_left,
        duration=duration,
        clock=lambda moment: moment.strftime("%H:%M UTC"),
        day=lambda moment: moment.strftime("%Y-%m-%d %H:%M"),
        in_zone=in_zone,
        place=place,
        money=money,
        price=price,
        progress=progress,
        range_words=range_words,
        queue_words=queue_words,
        outcome=outcome,
        rhyme_words=rhyme_words,
        missed=missed,
        dots=dots,
        said=said,
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
    return f"{RHYMES.get(rhyme['kind'], 'does not rhyme with')} bar {rhyme['with'] + 1}"


def missed(bar: dict[str, Any]) -> list[str]:
    """What a bar was to be and is not, each in a few words for its badge; bars that were kept long
    ago have no note."""
    found = []
    target = bar.get("target")
    over = 0 if target is None else bar["syllables"] - target
    if over:
        unit = "syllable" if abs(over) == 1 else "syllables"
        found.append(f"{abs(over)} {unit} {'over' if over > 0 else 'short'}")
    kind = bar["rhyme"] and bar["rhyme"]["kind"]
    if kind == "identical":
        found.append("same word again")
    elif kind and (kind == "eye" or kind not in RHYMES):
        found.append("no rhyme")
    return found or (["not as asked"] if bar.get("note") else [])


def dots(stress: str) -> list[str]:
    """The dot of each syllable of a bar."""
    return [DOTS[digit] for digit in stress]


def said(verse: StoredVerse) -> list[tuple[str, str]]:
    """The words that its writer corrected and how they are said; without those that are masked."""
    there = {word for bar in verse.bars for word in words_of(bar["text"])}
    sounds = verse.request.get("sounds", {})
    return [(word, respell(tuple(sounds[word].split()))) for word in sounds if word in there]


def minutes_left(until: datetime, now: datetime) -> str:
    return duration(max(0, int((until - now).total_seconds())))


def in_zone(moment: datetime, zone: str, pattern: str = "%a %-d %b %Y, %H:%M") -> str:
    """A moment on the clocks of a zone."""
    return moment.astimezone(ZoneInfo(zone)).strftime(pattern)


def place(zone: str) -> str:
    """A zone as people call it: America/New_York is New York time."""
    return "UTC" if zone == "UTC" else f"{zone.rpartition('/')[2].replace('_', ' ')} time"


def duration(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes_over = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes_over:02} min"
    return f"{minutes} min" if minutes >= 2 else f"{minutes * 60 + rest} s"


def queue_words(queue: Queue) -> str:
    """How many verses are at hand, in a sentence."""
    writing, waiting = queue.writing, queue.waiting
    if not writing and not waiting:
        return "No verse is being written, and nobody waits."
    written = f"{writing} verse{' is' if writing == 1 else 's are'} being written"
    waits = f"{waiting} {'waits' if waiting == 1 else 'wait'}" if waiting else "none waits"
    return f"{written}, {waits}."


def money(amount: float, currency: str) -> str:
    return f"{amount:.2f} {currency}"


def price(per_hour: float, currency: str) -> str:
    """A price by the hour, with as many decimals as it needs and two at least."""
    whole, _, decimals = f"{per_hour:.4f}".rstrip("0").partition(".")
    return f"{whole}.{decimals:0<2} {currency}"


def steps(phase: str | None) -> list[tuple[str, str]]:
    """The phases of a start in words, each with done, now or next."""
    names = list(PHASES)
    here = names.index(phase) if phase in names else 0
    when = ["done"] * here + ["now"] + ["next"] * len(names)
    return list(zip(PHASES.values(), when, strict=False))


def range_words(usual: UsualRange) -> str:
    """How long starts took, in a sentence; in minutes where they took minutes."""
    least, most, unit = usual.least, usual.most, "seconds"
    if most >= 120:
        least, most, unit = max(1, least // 60), -(-most // 60), "minutes"
    took = f"{least} to {most}" if least < most else f"{most}"
    starts = (
        f"as the last {usual.starts} starts did" if usual.starts > 1 else "as the last start did"
    )
    return f"Usually it takes {took} {unit}, {starts}."


def progress(told: EndpointState) -> int:
    """Seconds so far, for a bar that never claims to be full."""
    return min(told.seconds, int((told.usual_seconds or 0) * 0.97))


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
