"""Which runs of eight words a text has in common with the lyrics that a model was trained on.

The file holds a 64-bit hash of every such run, sorted; it is mapped into memory, so that only
what is looked at is read. With ten million runs on file, one new run in 10**12 is taken for known.
`training_job.fingerprint_file` writes it.
"""

import mmap
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from pathlib import Path

RUN = 8  # words
MAGIC = b"hoprun01"  # a count and the hashes follow: unsigned, 8 bytes each, little-endian
HASH_BYTES = 8
_HEAD = 2  # numbers before the first hash


class FingerprintsUnreadable(ValueError):
    """The file is no list of fingerprints that we can read; the message has the remedy."""


def run_words(text: str) -> list[str]:
    """The words of a text, so that case, marks and punctuation do not tell copies apart."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    kept = (c if c.isalnum() else "" if c in _INSIDE_WORDS or _is_mark(c) else " " for c in plain)
    return "".join(kept).split()


_INSIDE_WORDS = frozenset("'’‘`´")


def _is_mark(char: str) -> bool:
    return not char.isascii() and unicodedata.combining(char) > 0


def run_hashes(words: Sequence[str]) -> Iterator[int]:
    """A hash for every run of eight words, in order."""
    encoded = [word.encode("utf-8", "replace") for word in words]
    for start in range(len(words) - RUN + 1):
        run = b" ".join(encoded[start : start + RUN])
        yield int.from_bytes(blake2b(run, digest_size=HASH_BYTES).digest(), "little")


class Fingerprints:
    """The runs of all lyrics that a model saw."""

    def __init__(self, numbers: Sequence[int]) -> None:
        self._numbers = numbers  # magic, count, and the hashes in ascending order

    @classmethod
    def load(cls, path: Path) -> "Fingerprints":
        """Open a file of fingerprints, or raise FingerprintsUnreadable."""
        try:
            with path.open("rb") as file:
                mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            numbers = memoryview(mapped).cast("Q")
        except OSError as error:
            raise FingerprintsUnreadable(f"{path} cannot be read: {error.strerror}.") from error
        except (ValueError, TypeError) as error:  # it is empty, or no whole numbers
            raise FingerprintsUnreadable(f"{path} {_NO_LIST}") from error
        if len(numbers) < _HEAD or mapped[:8] != MAGIC or numbers[1] != len(numbers) - _HEAD:
            raise FingerprintsUnreadable(f"{path} {_NO_LIST}")
        return cls(numbers)

    def __len__(self) -> int:
        return len(self._numbers) - _HEAD

    def has(self, run_hash: int) -> bool:
        place = bisect_left(self._numbers, run_hash, _HEAD)
        return place < len(self._numbers) and self._numbers[place] == run_hash

    def copied_at(self, words: Sequence[str]) -> list[int]:
        """The places in a text's `run_words` at which a run begins that is on file."""
        return [place for place, each in enumerate(run_hashes(words)) if self.has(each)]

    def copied(self, text: str) -> list[str]:
        """The runs that a text has in common with the lyrics, each as long as it goes on."""
        words = run_words(text)
        found: list[range] = []
        for place in self.copied_at(words):
            if found and place == found[-1].stop - RUN + 1:
                found[-1] = range(found[-1].start, place + RUN)
            else:
                found.append(range(place, place + RUN))
        return [" ".join(words[i] for i in run) for run in found]


_NO_LIST = "is no list of fingerprints of this version. Prepare the data again."
