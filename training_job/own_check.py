"""How far songs would do for training: what a look at them tells before anything is kept."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from bars.pronunciation import hear
from bars.text import words_of
from training_job.songs import Skipped, Song

ENOUGH_SONGS = 50
_ENGLISH_SHARE = 0.08  # of a text's words; English songs have two to four times as much
_ENGLISH = frozenset(
    ("the", "and", "you", "your", "my", "with", "what", "they", "this", "that", "but", "have",
     "when", "it's", "i'm", "don't", "of", "for", "it")
)  # fmt: skip


@dataclass
class Check:
    """Counts of songs as they pass; `bars` are lines other than section headers."""

    songs: int = 0
    duplicates: int = 0
    english: int = 0
    bars: int = 0
    heard_bars: int = 0  # with at least one word whose sound is listed or follows from listed ones
    artists: set[str] = field(default_factory=set)
    skipped: list[Skipped] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        return {
            "songs": self.songs,
            "artists": len(self.artists),
            "bars": self.bars,
            "heard_bars": self.heard_bars,
            "english": self.english,
            "duplicates": self.duplicates,
            "skipped": [{"artist": s.artist, "title": s.title, "why": s.why} for s in self.skipped],
            "advice": list(self.advice()),
        }

    def lines(self) -> Iterator[str]:
        """The check for people."""
        yield f"Songs: {self.songs}, artists: {len(self.artists)}, duplicates: {self.duplicates}."
        yield f"Bars with a word that we can hear: {self.heard_bars} of {self.bars}."
        yield f"Songs that look English: {self.english} of {self.songs}."
        for each in self.skipped:
            yield f"Skipped {each.title} ({each.artist}): {each.why}."
        yield from self.advice()

    def advice(self) -> Iterator[str]:
        """What follows from the counts for a training run, and for the songs held out from it."""
        if not self.songs:
            yield "There is no song to train on."
            return
        if self.songs < ENOUGH_SONGS:
            yield (
                f"Fewer than {ENOUGH_SONGS} songs: too few can be held out to measure anything, so "
                "the scores after training say little. Bring more songs."
            )
        if len(self.artists) == 1:
            yield (
                "One artist: no artist can be held out, so the scores after training tell how "
                "well this artist is matched, and nothing about others. Name or bring more artists."
            )
        if self.english * 2 < self.songs:
            yield "Most songs do not look English; rhymes and syllables are heard in English only."
        if self.songs >= ENOUGH_SONGS and len(self.artists) > 1:
            yield "This is enough to train on and to hold songs out."


def check_songs(found: Iterable[Song | Skipped]) -> Check:
    """Count songs and what is skipped; songs of the same text count once."""
    check, ids = Check(), set[str]()
    for each in found:
        if isinstance(each, Skipped):
            check.skipped.append(each)
        elif each.id in ids:
            check.duplicates += 1
        else:
            ids.add(each.id)
            _count(each, check)
    return check


def _count(song: Song, check: Check) -> None:
    bars = [bar for bar in map(str.strip, song.text.splitlines()) if bar and bar[0] != "["]
    spoken = [words_of(bar) for bar in bars]
    check.songs += 1
    check.artists.add(song.artist)
    check.bars += len(bars)
    check.heard_bars += sum(any(hear(w, predict=False).known for w in words) for words in spoken)
    check.english += looks_english([word for words in spoken for word in words])


def looks_english(words: list[str]) -> bool:
    """A quick look at lower-case words: do the commonest of English make up their usual share?"""
    return sum(word in _ENGLISH for word in words) > len(words) * _ENGLISH_SHARE
