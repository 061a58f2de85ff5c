"""A folder of songs that grows one by one and survives a kill at any instant.

Each line is on disk before the next is begun, so a kill costs at most the song that was just being
written; what is left of its line is set aside at the next opening.
"""

import fcntl
import json
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Generic, Self

from training_job.songs import (
    SKIPPED,
    SONGS,
    Record,
    Skipped,
    Song,
    SongsUnreadable,
    read_records,
    record_of,
)

TORN = ".torn"  # ends the names of files with what was set aside
_BLOCK = 65536  # bytes read at once when looking for the last line


class SongStore:
    """Songs and skips of one folder, for one process at a time."""

    def __init__(self, folder: Path, notice: Callable[[str], None] = lambda told: None) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        with ExitStack() as opened:
            _lock(opened.enter_context((folder / ".collecting.lock").open("ab")), folder)
            self._songs = opened.enter_context(_Lines(folder / SONGS, Song, notice))
            self._skips = opened.enter_context(_Lines(folder / SKIPPED, Skipped, notice))
            self._ids = {song.id for song in self._songs}
            self._why = {skip.id: skip.why for skip in self._skips}
            self._opened = opened.pop_all()
        _sync_folder(folder)

    def __contains__(self, id: str) -> bool:
        return id in self._ids

    def why_skipped(self, id: str) -> str:
        """Why a song was left out for good; empty if it was not."""
        return self._why.get(id, "")

    def add(self, song: Song) -> None:
        """Keep a song; it is safe on disk when this returns."""
        self._songs.append(song)
        self._ids.add(song.id)

    def skip(self, skipped: Skipped) -> None:
        """Remember for good that a song is left out."""
        self._skips.append(skipped)
        self._why[skipped.id] = skipped.why

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        self._opened.close()


class _Lines(Generic[Record]):
    """A file of records that only ever grows at its end."""

    def __init__(self, path: Path, kind: type[Record], notice: Callable[[str], None]) -> None:
        self._path = path
        self._kind: type[Record] = kind
        path.touch()
        if _mend(path, kind):
            notice(f"The last line of {path} had been cut off; it is mended.")

    def __iter__(self) -> Iterator[Record]:
        return read_records(self._path, self._kind)

    def append(self, record: Record) -> None:
        line = json.dumps(asdict(record), ensure_ascii=False) + "\n"
        self._file.write(line.encode())
        _sync(self._file)

    def __enter__(self) -> Self:
        self._file = self._path.open("ab")
        return self

    def __exit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        self._file.close()


def _lock(file: BinaryIO, folder: Path) -> None:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise SongsUnreadable(
            f"Another run is collecting into {folder}. Wait for it, or name another folder."
        ) from None


def _mend(path: Path, kind: type[Record]) -> bool:
    """Complete a last line that lacks only its end, or set what is left of it aside."""
    with path.open("rb+") as file:
        torn = _after_last_newline(file)
        if not torn:
            return False
        try:
            record_of(torn, kind)
            file.seek(0, os.SEEK_END)
            file.write(b"\n")
        except ValueError:
            with path.with_name(path.name + TORN).open("ab") as aside:
                aside.write(torn + b"\n")
                _sync(aside)
            file.seek(-len(torn), os.SEEK_END)
            file.truncate()
        _sync(file)
    return True


def _after_last_newline(file: BinaryIO) -> bytes:
    start = size = file.seek(0, os.SEEK_END)
    tail = b""
    while start and b"\n" not in tail:
        start = max(0, start - _BLOCK)
        file.seek(start)
        tail = file.read(size - start)
    return tail.rpartition(b"\n")[2]


def _sync(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """Make the names of new files as safe as their contents."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
