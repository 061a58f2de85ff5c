"""Writing the fingerprints of lyrics: hashes on disk as they come, sorted once at the end.

At the end memory holds every hash once: 300 MB for 100,000 songs.
"""

from array import array
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from bars.fingerprints import HASH_BYTES, MAGIC, run_hashes, run_words

UNSORTED = ".unsorted"  # ends the name of a file that is being collected
_BLOCK = 1 << 20  # hashes that are written at once


class FingerprintFile:
    """Collects runs; leaving the context writes the file that `bars.fingerprints` reads."""

    def __init__(self, path: Path) -> None:
        self._path, self._unsorted = path, path.with_name(path.name + UNSORTED)
        self._file = self._unsorted.open("wb")

    def add(self, text: str) -> None:
        """Add the runs of a text; no run spans two texts."""
        self.add_hashes(list(run_hashes(run_words(text))))

    def add_hashes(self, hashes: Sequence[int]) -> None:
        self.add_bytes(array("Q", hashes).tobytes())

    def add_bytes(self, hashes: bytes) -> None:
        """Add hashes of 8 bytes each."""
        self._file.write(hashes)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None
    ) -> None:
        self._file.close()
        if kind is None:
            _write_sorted(np.fromfile(self._unsorted, "<u8"), self._path)
        self._unsorted.unlink()


def _write_sorted(hashes: "np.ndarray[tuple[int], np.dtype[np.uint64]]", path: Path) -> None:
    hashes.sort()  # in place
    first = np.ones(len(hashes), bool)
    np.not_equal(hashes[1:], hashes[:-1], out=first[1:])
    with path.open("wb") as file:
        file.write(MAGIC + int(first.sum()).to_bytes(HASH_BYTES, "little"))
        for start in range(0, len(hashes), _BLOCK):
            block = slice(start, start + _BLOCK)
            file.write(hashes[block][first[block]].tobytes())
