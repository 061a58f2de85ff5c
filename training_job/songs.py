"""Songs on disk, as JSON Lines: what one is, and reading them without holding them in memory."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TypeVar

SONGS, SKIPPED = "songs.jsonl", "skipped.jsonl"  # the files of a folder of songs


@dataclass(frozen=True, slots=True)
class Song:
    """One song as it was found, uncleaned; `source` is its page or its file, `id` is unique."""

    artist: str
    title: str
    text: str
    source: str
    id: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """A song that is left out for good, and why."""

    artist: str
    title: str
    id: str
    why: str


Record = TypeVar("Record", Song, Skipped)


class SongsUnreadable(Exception):
    """Songs cannot be read or kept where they were asked for; the message has the remedy."""


def read_songs(paths: Iterable[Path]) -> Iterator[Song]:
    """Songs one by one from .jsonl files and from all such files below folders."""
    for path in paths:
        if not path.is_dir():
            yield from read_records(path, Song)
            continue
        found = sorted(each for each in path.rglob("*.jsonl") if each.name != SKIPPED)
        if not found:
            raise SongsUnreadable(
                f"{path} has no .jsonl file. Collect songs with python -m scripts.collect_lyrics."
            )
        for each in found:
            yield from read_records(each, Song)


def read_records(path: Path, kind: type[Record]) -> Iterator[Record]:
    """Every record of a file; a last line that a kill tore is passed over."""
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file, 1):
                try:
                    record = record_of(line, kind)
                except ValueError as error:
                    if not line.endswith(b"\n"):
                        return  # nothing was promised about it
                    raise SongsUnreadable(
                        f"Line {number} of {path} is no {kind.__name__.lower()} ({error}). Remove "
                        "the line, or read the file in with python -m scripts.collect_lyrics --own."
                    ) from error
                yield record
    except OSError as error:
        raise SongsUnreadable(
            f"{path} cannot be read ({error.strerror}). Name a .jsonl file or a folder of them."
        ) from error


def record_of(line: bytes, kind: type[Record]) -> Record:
    """The record of one line, or ValueError."""
    try:
        told = json.loads(line)
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error
    names = [field.name for field in fields(kind)]
    for name in names:
        if not isinstance(told, dict) or not isinstance(told.get(name), str):
            raise ValueError(f"it has no text under {name!r}")
    return kind(**{name: told[name] for name in names})
