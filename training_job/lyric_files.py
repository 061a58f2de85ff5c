"""Files of lyrics that people bring: text, CSV and JSONL, each read entry by entry.

Text is UTF-8 with or without a byte order mark, or else cp1252. CSV and JSONL have title, artist
and text (or lyrics), in any case and order; other columns are ignored.
"""

import codecs
import csv
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

LONGEST = 200_000  # characters of one song; longer ones are books, or files without song ends
_LONGEST_LINE = 10 * LONGEST  # characters of one CSV field or JSONL line
_BLOCK = 1 << 20
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Entry:
    """One song of a file, its names empty where the file has none; `why` it is unusable, if so."""

    artist: str
    title: str
    text: str
    why: str = ""


class FileUnusable(Exception):
    """A file, or the rest of it, cannot be read; the message is the reason."""


def read_entries(path: Path, notice: Callable[[str], None]) -> Iterator[Entry]:
    """The entries of a file, as long as it can be read."""
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise FileUnusable("not a .txt, .csv, .tsv, .jsonl or .ndjson file")
    try:
        encoding = _encoding(path)
        if encoding == "cp1252":
            notice(f"{path} is not UTF-8; it is read as cp1252 (Windows, western Europe).")
        with path.open(encoding=encoding, errors="replace", newline="") as file:
            yield from reader(file)
    except OSError as error:
        raise FileUnusable(f"unreadable ({error.strerror})") from error


def flaw(text: str) -> str:
    """Why a text cannot be a song's; empty if it can."""
    if not text.strip():
        return "empty"
    if len(text) > LONGEST:
        return f"longer than {LONGEST:,} characters"
    if "\0" in text or len(_CONTROL.findall(text)) > len(text) / 50:
        return "binary"
    return ""


def _encoding(path: Path) -> str:
    """Read a file once in blocks, as it may be large."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    encoding = "utf-8-sig"
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            if b"\0" in block:
                raise FileUnusable("binary, or UTF-16; save text as UTF-8")
            if encoding == "utf-8-sig":
                encoding = _unless_invalid(decoder, block, encoding)
    return _unless_invalid(decoder, b"", encoding, final=True)


def _unless_invalid(
    decoder: codecs.IncrementalDecoder, block: bytes, encoding: str, final: bool = False
) -> str:
    try:
        decoder.decode(block, final)
    except UnicodeDecodeError:
        return "cp1252"
    return encoding


def _read_text(file: TextIO) -> Iterator[Entry]:
    yield Entry("", "", file.read(LONGEST + 2))


def _read_table(file: TextIO) -> Iterator[Entry]:
    head = file.readline(_LONGEST_LINE)
    delimiter = max(",;\t", key=head.count)
    names = [name.strip().lower() for name in next(csv.reader([head], delimiter=delimiter), [])]
    if not {"text", "lyrics"} & set(names):
        raise FileUnusable(f"no column named text or lyrics among {', '.join(names) or 'none'}")
    before = csv.field_size_limit(_LONGEST_LINE)
    try:
        for row in csv.reader(file, delimiter=delimiter):
            if row:
                yield _entry(dict(zip(names, row, strict=False)))
    except csv.Error as error:
        raise FileUnusable(f"a row is no CSV ({error})") from error
    finally:
        csv.field_size_limit(before)


def _read_lines(file: TextIO) -> Iterator[Entry]:
    number, name = 0, Path(file.name).name
    while line := file.readline(_LONGEST_LINE):
        number += 1
        if not line.strip():
            continue
        if len(line) == _LONGEST_LINE:
            raise FileUnusable(f"line {number} is longer than {_LONGEST_LINE:,} characters")
        try:
            told = json.loads(line)
        except (ValueError, RecursionError):
            yield Entry("", f"{name}, line {number}", "", "no JSON object")
            continue
        if isinstance(told, dict):
            yield _entry({name.strip().lower(): value for name, value in told.items()})
        else:
            yield Entry("", f"{name}, line {number}", "", "no JSON object")


def _entry(row: Mapping[str, Any]) -> Entry:
    text = row.get("text") or row.get("lyrics") or ""
    artist, title = (_name(row.get(name)) for name in ("artist", "title"))
    if not isinstance(text, str):
        return Entry(artist, title, "", "its text is no string")
    return Entry(artist, title, text)


def _name(value: Any) -> str:
    """A name; a title such as 1999 may have become a number on its way."""
    return str(value) if isinstance(value, str | int) else ""


_READERS: Mapping[str, Callable[[TextIO], Iterator[Entry]]] = {
    ".txt": _read_text,
    ".csv": _read_table,
    ".tsv": _read_table,
    ".jsonl": _read_lines,
    ".ndjson": _read_lines,
}
