"""What an evaluation opens verses with: bars of our own, and the first ones of held-out verses.

A file of openings has one bar a line, perhaps after its topic: The skate park | I hit the rail ...
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.resources import files
from itertools import cycle, islice
from pathlib import Path

from bars.verse import RequestRefused, VerseRequest
from training_job.split import unit_hash

BARS = 4
SCHEMES = ("AABB", "AABB", "ABAB", "AAAA")  # in turn: half of the verses are AABB


class PromptsUnusable(Exception):
    """The openings cannot be used; the message says which and why."""


@dataclass(frozen=True)
class VersePrompt:
    """A verse to be asked for; `name` is the same in every evaluation."""

    name: str
    request: VerseRequest


def our_openings() -> Iterator[VersePrompt]:
    """The prompts that every evaluation has by default."""
    text = (files("training_job") / "data" / "openings.txt").read_text(encoding="utf-8")
    return _prompts(text.splitlines(), "openings.txt")


def openings_of(path: Path) -> Iterator[VersePrompt]:
    """The prompts of a file, or PromptsUnusable."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise PromptsUnusable(f"{path} cannot be read ({error}). Give a text file.") from error
    if not any(line.strip() for line in lines):
        raise PromptsUnusable(f"{path} has no opening bar. Give one a line.")
    return _prompts(lines, str(path))


def _prompts(lines: Iterable[str], source: str) -> Iterator[VersePrompt]:
    schemes = cycle(SCHEMES)
    for number, line in enumerate(lines, 1):
        topic, _, bar = line.rpartition(" | ")
        if bar.strip():
            try:
                yield _prompt(topic, bar, next(schemes))
            except RequestRefused as error:
                raise PromptsUnusable(f"Line {number} of {source}: {error}") from None


def _prompt(topic: str, bar: str, scheme: str) -> VersePrompt:
    body = {"topic": topic, "opening": [bar], "bars": BARS, "scheme": scheme, "syllables": "match"}
    request = VerseRequest.from_json(body)
    return VersePrompt(f"{request.topic or '-'} | {scheme} | {request.opening[0]}", request)


def held_out_openings(path: Path, most: int, seed: int) -> list[VersePrompt]:
    """Prompts from the first bars of held-out verses, of as many songs as can be, drawn by seed."""
    drawn = sorted(_openings(path), key=lambda each: unit_hash(seed, *each))
    songs: set[tuple[str, str]] = set()
    first: list[tuple[str, str]] = []
    more: list[tuple[str, str]] = []
    for artist, title, topic, bar in drawn:
        (more if (artist, title) in songs else first).append((topic, bar))
        songs.add((artist, title))
    chosen = dict.fromkeys((*first, *more))
    schemes = cycle(SCHEMES)
    return [_prompt(topic, bar, next(schemes)) for topic, bar in islice(chosen, most)]


def _openings(path: Path) -> Iterator[tuple[str, str, str, str]]:
    """Artist, title, topic and first bar of every verse of a file that a visitor could ask for."""
    for artist, title, topic, bars in _held_out(path):
        if _may_be_asked(topic, bars[0]):
            yield artist, title, topic, bars[0]


def held_out_bars(path: Path) -> list[list[str]]:
    """The bars of each held-out verse."""
    return [bars for *_, bars in _held_out(path)]


def _held_out(path: Path) -> Iterator[tuple[str, str, str, list[str]]]:
    """Artist, title, topic and bars of every verse of a file."""
    try:
        with path.open(encoding="utf-8") as file:
            for line in file:
                row = json.loads(line)
                if not row["bars"]:
                    raise ValueError("a verse has no bars")
                yield row["artist"], row["title"], row["topic"], row["bars"]
    except OSError as error:
        raise PromptsUnusable(
            f"{path} cannot be read ({error.strerror}). Name a folder of scripts.prepare_data."
        ) from error
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise PromptsUnusable(
            f"{path} is no file of held-out verses ({error}). Prepare the data again."
        ) from error


def _may_be_asked(topic: str, bar: str) -> bool:
    """Whether a visitor could ask so: not with a script that is not Latin, for example."""
    try:
        return bool(_prompt(topic, bar, SCHEMES[0]))
    except RequestRefused:
        return False
