"""What is trained on, validated on and tested on: decided by name, before lessons are made.

Each name is hashed with the seed, so that new songs never move old ones.
"""

import re
from collections.abc import Iterator, Set
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import blake2b

from bars.fingerprints import run_words

FEWEST_ARTISTS = 10  # with fewer, songs are split instead of artists
NO_ARTIST = frozenset({"", "unknown", "unknown artist", "various", "various artists"})
_GUEST = re.compile(r"\s*[(\[]?\b(?:feat(?:uring)?|ft)\b.*", re.I)
_BETWEEN = re.compile(
    r"\s*(?:,|;|/|\+|&|\band\b|\bwith\b|\bx\b|[(\[]?\b(?:feat(?:uring)?|ft)\b\.?)\s*", re.I
)


class Split(StrEnum):
    """Parts of the data; songs of VALID and TEST are held out from training."""

    TRAIN = "train"
    VALID = "valid"
    TEST = "test"


def unit_hash(*key: object) -> float:
    """A number from 0 up to 1 that is always the same for a key, and as good as random."""
    text = "|".join(map(str, key)).encode("utf-8", "replace")
    return int.from_bytes(blake2b(text, digest_size=7).digest(), "big") / 2**56


@dataclass(frozen=True)
class Splitter:
    """Decides by name. `artists` are those of the data; without them, songs are split."""

    seed: int
    valid: float = 0.05
    test: float = 0.05
    artists: Set[str] = field(default_factory=frozenset)

    def of_name(self, name: str) -> Split:
        number = unit_hash(self.seed, "split", name)
        if number < self.test:
            return Split.TEST
        return Split.VALID if number < self.test + self.valid else Split.TRAIN

    def of_song(self, artist: str, id: str) -> Split:
        """By its artist; by itself if nobody knows the artist or the data has few."""
        key = artist_key(artist)
        by_artist = self.artists and key not in NO_ARTIST
        return self.of_name(key if by_artist else f"song {id}")

    def has_strangers(self, performers: str, split: Split) -> bool:
        """Whether one who performs is an artist of the data that belongs to another split."""
        return any(
            key in self.artists and self.of_name(key) is not split for key in _keys(performers)
        )


def artist_key(artist: str) -> str:
    """An artist's name without guests, case and punctuation."""
    return " ".join(run_words(_GUEST.sub("", artist)))


def _keys(performers: str) -> Iterator[str]:
    """All readings of a list of names: Nas & AZ may be two, and may be one."""
    yield artist_key(performers)
    yield from map(artist_key, _BETWEEN.split(performers))
