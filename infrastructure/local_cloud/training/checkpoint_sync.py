"""Checkpoints in S3 as SageMaker keeps them there: file by file, in no promised order."""

import os
import stat
import time
from collections.abc import Callable
from pathlib import Path

from infrastructure.local_cloud.object_store import ObjectStore, Place

# a file's times are no finer than the kernel's clock: what was written as late as this before it
# was read may have been written again, at the same time
_UNSETTLED = 20_000_000  # nanoseconds

Mark = tuple[int, int, int]  # inode, bytes, time of the last change


class CheckpointSync:
    """Makes a prefix like a folder; what was put into S3 by others stays, and is not fetched."""

    def __init__(
        self,
        folder: Path,
        place: Place,
        store: ObjectStore,
        now: Callable[[], int] = time.time_ns,
    ) -> None:
        self._folder = folder
        self._place = place
        self._store = store
        self._now = now
        self._known: dict[str, Mark | None] = {}

    def download(self) -> None:
        """Bring the checkpoints of an earlier attempt, or job, to this machine."""
        self._folder.mkdir(parents=True)
        for key in self._store.keys(self._place):
            name = key.removeprefix(self._place.prefix).lstrip("/")
            if name and not name.endswith("/"):
                path = self._folder / name
                self._store.fetch(self._place.bucket, key, path)
                self._known[name] = _mark(path.stat())

    def run(self, lost: Callable[[], bool] = lambda: False) -> None:
        """Put what is new or changed, delete what is gone; break off when the machine is lost."""
        there = self._names()
        for name in sorted(there):
            if lost():
                return
            self._put(name)
        for name in sorted(self._known.keys() - there):
            if lost():
                return
            self._store.delete(self._place.bucket, self._place.prefix + name)
            del self._known[name]

    def _names(self) -> set[str]:
        return {
            Path(folder, file).relative_to(self._folder).as_posix()
            for folder, _, files in os.walk(self._folder)
            for file in files
        }

    def _put(self, name: str) -> None:
        path = self._folder / name
        try:
            facts = path.stat()
            if not stat.S_ISREG(facts.st_mode) or self._known.get(name) == _mark(facts):
                return
            source = path.open("rb")
        except OSError:  # it vanished; the next look finds what came instead
            return
        with source:
            facts = os.fstat(source.fileno())
            settled = not 0 <= self._now() - facts.st_mtime_ns < _UNSETTLED
            self._store.put(self._place.bucket, self._place.prefix + name, source)
        self._known[name] = _mark(facts) if settled else None


def _mark(facts: os.stat_result) -> Mark:
    return facts.st_ino, facts.st_size, facts.st_mtime_ns
