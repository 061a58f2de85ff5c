"""Bring your own lyrics: the songs in files and folders of text, CSV and JSONL.

In a folder, the subfolder names the artist and the file the title; a file may also be named
"Artist - Title.txt".
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from bars.text import tidy
from training_job.lyric_files import FileUnusable, flaw, read_entries
from training_job.song_store import TORN, SongStore
from training_job.songs import SKIPPED, SONGS, Skipped, Song
from training_job.tally import Fate, Outcome

UNKNOWN = "unknown"


def read_own(
    paths: Iterable[Path], notice: Callable[[str], None], store: Path | None = None
) -> Iterator[Song | Skipped]:
    """Every song of files and folders, and what is no song and why, one by one.

    The files of the folder `store` are those that songs are kept in: they are not read.
    """
    names = (SONGS, SKIPPED, SONGS + TORN, SKIPPED + TORN)
    kept = {(store / name).resolve() for name in names} if store else set()
    for root in paths:
        for path in _files(root):
            if path.resolve() not in kept:
                yield from _songs_in(path, root, notice)


def keep_own(found: Iterable[Song | Skipped], store: SongStore) -> Iterator[Outcome]:
    """Put songs into the store; a text that came before is taken once."""
    came: dict[str, str] = {}
    for each in found:
        if isinstance(each, Skipped):
            yield Outcome(each.artist, each.title, Fate.SKIPPED, each.why)
        elif each.id in came:
            why = f"the same text as {came[each.id]}"
            yield Outcome(each.artist, each.title, Fate.SKIPPED, why)
        else:
            came[each.id] = each.title
            fate = Fate.THERE if each.id in store else Fate.TAKEN
            if fate is Fate.TAKEN:
                store.add(each)
            yield Outcome(each.artist, each.title, fate)


def _files(root: Path) -> list[Path]:
    """The root itself, or the regular files below it; hidden ones are left alone."""
    if not root.is_dir():
        return [root]
    below = (path for path in root.rglob("*") if path.is_file())
    return sorted(
        path for path in below if not any(p[0] == "." for p in path.relative_to(root).parts)
    )


def _songs_in(path: Path, root: Path, notice: Callable[[str], None]) -> Iterator[Song | Skipped]:
    artist, title = _named(path, root)
    source = _sound(str(path))
    try:
        for entry in read_entries(path, lambda told: notice(_sound(told))):
            names = _names(entry.artist) or artist, _names(entry.title) or title
            text = _sound(entry.text.replace("\r\n", "\n").replace("\r", "\n")).strip("\n")
            id = f"own-{hashlib.sha256(text.encode()).hexdigest()[:16]}"
            if why := entry.why or flaw(text):
                yield Skipped(*names, id, why)
            else:
                yield Song(*names, text, source, id)
    except FileUnusable as error:
        yield Skipped(artist, _names(path.name), source, str(error))


def _named(path: Path, root: Path) -> tuple[str, str]:
    """Artist and title as folder and file name them."""
    folders = path.relative_to(root).parts[:-1] if root.is_dir() else ()
    before, dash, after = path.stem.partition(" - ")
    if folders:
        artist = folders[0]
        title = after if dash and before.casefold() == artist.casefold() else path.stem
    elif path.suffix.lower() == ".txt" and dash and not before.strip().isdigit():
        artist, title = before, after
    else:
        artist, title = UNKNOWN, path.stem
    return _names(artist) or UNKNOWN, _names(title)


def _names(text: str) -> str:
    return tidy(_sound(text))


def _sound(text: str) -> str:
    """Text without halves of characters, which JSON and file names can have and UTF-8 cannot."""
    return text.encode("utf-8", "replace").decode()
