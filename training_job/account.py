"""What became of the songs of a preparation, in numbers."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from bars.prompt import LESSON_VERSION
from training_job.examined import Examined, StagedSong
from training_job.lesson_files import LessonFiles
from training_job.prepare_settings import PrepareSettings
from training_job.split import NO_ARTIST, Split, artist_key
from training_job.taught import Taught

DATA_VERSION = 1


@dataclass
class Account:
    """Counts as the songs pass; `found` is by rule of cleaning, `artists` are keys of names."""

    read: int = 0
    kept: int = 0
    taken: Counter[Split] = field(default_factory=Counter)
    verses: Counter[Split] = field(default_factory=Counter)
    dropped: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    artists: set[str] = field(default_factory=set)

    def see(self, examined: Examined) -> None:
        self.read += 1
        self.found += examined.found
        if examined.why_dropped:
            self.drop(examined.why_dropped)

    def drop(self, why: str) -> None:
        self.dropped[why] += 1

    def keep(self, song: StagedSong) -> None:
        self.kept += 1
        key = artist_key(song.artist)
        if key not in NO_ARTIST:
            self.artists.add(key)

    def teach(self, taught: Taught) -> None:
        self.found += taught.found
        self.verses[taught.split] += taught.verses
        if taught.verses:
            self.taken[taught.split] += 1
        else:
            self.drop("no verse of 4 bars")

    def why_nothing(self) -> str:
        if any(self.verses.values()):
            return (
                f"All verses of {sum(self.taken.values())} songs are held out. Bring more songs, "
                "or hold none out (--valid 0 --test 0)."
            )
        reasons = ", ".join(f"{count} {why}" for why, count in self.dropped.most_common())
        return (
            f"No verse came of {self.read} songs{f' ({reasons})' if reasons else ''}. Give songs "
            "in English with stanzas of 4 lines and more, or --sample."
        )

    def to_json(
        self, files: LessonFiles, settings: PrepareSettings, by_song: bool
    ) -> dict[str, Any]:
        """What data.json says; `hash` is of the lessons that training sees."""
        return {
            "version": DATA_VERSION,
            "prompt_version": LESSON_VERSION,
            "hash": files.content_hash(),
            "lessons": {task: _by_split(n) for task, n in sorted(files.counts.items())},
            "verses": _by_split(self.verses),
            "songs": {
                "read": self.read,
                "taken": _by_split(self.taken),
                "dropped": dict(sorted(self.dropped.items())),
                "artists": len(self.artists),
            },
            "found": {rule: count for rule, count in sorted(self.found.items()) if count},
            "settings": {**settings.to_json(), "split_by": "song" if by_song else "artist"},
        }


def _by_split(counts: Counter[Split]) -> dict[str, int]:
    return {str(split): counts[split] for split in Split}


def lines(told: dict[str, Any]) -> Iterator[str]:
    """A data.json for people."""
    songs, settings = told["songs"], told["settings"]
    yield f"{'':18} {'train':>8} {'valid':>7} {'test':>7}"
    for name, counts in (("songs", songs["taken"]), ("verses", told["verses"])):
        yield _row(name, counts)
    for task, counts in told["lessons"].items():
        yield _row(task, counts)
    split_by = settings["split_by"]
    yield f"{songs['read']} songs were read, by {songs['artists']} artists; split by {split_by}."
    for why, count in sorted(songs["dropped"].items(), key=lambda pair: -pair[1]):
        yield f"  {count} dropped: {why}"
    yield "Cleaning found " + (_list(told["found"]) or "nothing") + "."
    for split in ("valid", "test"):
        if settings[split] and not told["verses"][split]:
            yield f"No verse is held out for {split}. Bring more songs, or give a larger --{split}."


def _row(name: str, counts: dict[str, int]) -> str:
    return f"{name:18} {counts['train']:8} {counts['valid']:7} {counts['test']:7}"


def _list(found: dict[str, int]) -> str:
    return ", ".join(f"{count} {rule}" for rule, count in found.items())
