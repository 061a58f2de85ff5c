"""The second look at a song: its verses heard and made into lessons."""

from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from heapq import nsmallest
from pathlib import Path

from bars.fingerprints import RUN, Fingerprints, run_hashes, run_words
from bars.language import is_clean
from training_job.examined import StagedSong
from training_job.lessons import held_out_row, lesson_row, verse_lessons
from training_job.prepare_settings import PrepareSettings
from training_job.sound_lessons import G2P, P2G, bar_lesson
from training_job.split import Split, unit_hash
from training_job.verses import Verse, verses_of

_BARS_DRAWN = 8  # of a song at most, for each task about whole bars


@dataclass(frozen=True, slots=True)
class BarLesson:
    """A lesson about a whole bar; those with the lowest keys of all songs are taught."""

    key: float
    task: str
    row: str


@dataclass(slots=True)
class Taught:
    """All that one song gives. `runs` are the hashes of its runs, 8 bytes each."""

    split: Split
    rows: list[tuple[str, str]] = field(default_factory=list)  # task and line
    held_out: list[str] = field(default_factory=list)
    bars: list[BarLesson] = field(default_factory=list)
    verses: int = 0
    runs: bytes = b""
    found: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Teacher:
    """Makes lessons of a song, without lines that songs held out from its split have in common."""

    settings: PrepareSettings
    runs: dict[Split, tuple[Path, ...]]  # for each split, files of runs that are kept out of it

    def __call__(self, question: tuple[Split, StagedSong]) -> Taught:
        split, song = question
        taught = Taught(split)
        known = [Fingerprints.load(path) for path in self.runs[split]]  # maps, reads nothing
        stanzas = [part for _, lines in song.stanzas for part in _unknown(lines, known, taught)]
        if split is Split.TRAIN:
            hashes = (each for part in stanzas for each in run_hashes(run_words("\n".join(part))))
            taught.runs = array("Q", hashes).tobytes()
        verses = list(self._verses(song, stanzas, taught))
        taught.verses = len(verses)
        for number, verse in enumerate(verses):
            key = (self.settings.seed, song.id, number)
            for lesson in verse_lessons(verse, self.settings.mix, *key):
                taught.rows.append((lesson.task, lesson_row(lesson, song.artist, song.title)))
            if split is Split.TEST:
                taught.held_out.append(held_out_row(verse, song.artist, song.title))
        taught.bars = [each for task in (G2P, P2G) for each in self._bars(task, song, verses)]
        return taught

    def _verses(
        self, song: StagedSong, stanzas: Sequence[Sequence[str]], taught: Taught
    ) -> Iterator[Verse]:
        for verse in verses_of(song.id, song.title, stanzas, self.settings.seed):
            if self.settings.clean and not is_clean(verse.text):
                taught.found["verses with strong language"] += 1
            else:
                yield verse

    def _bars(self, task: str, song: StagedSong, verses: Sequence[Verse]) -> Iterator[BarLesson]:
        texts = {bar.text for verse in verses for bar in verse.bars}
        keyed = ((unit_hash(self.settings.seed, task, text), text) for text in texts)
        for key, text in nsmallest(_BARS_DRAWN, keyed):
            if lesson := bar_lesson(task, text):
                yield BarLesson(key, task, lesson_row(lesson, song.artist, song.title))


def _unknown(
    lines: Sequence[str], known: Sequence[Fingerprints], taught: Taught
) -> Iterator[list[str]]:
    """A stanza in the pieces that are left without lines that complete a known run."""
    words = [run_words(line) for line in lines]
    line_of = [number for number, each in enumerate(words) for _ in each]
    flat = [word for each in words for word in each]
    dropped: set[int] = set()
    for place in sorted({place for each in known for place in each.copied_at(flat)}):
        spanned = line_of[place : place + RUN]
        if dropped.isdisjoint(spanned):
            dropped.add(spanned[-1])
    taught.found["lines that held-out songs have"] += len(dropped)
    piece: list[str] = []
    for number, line in enumerate(lines):
        if number not in dropped:
            piece.append(line)
        elif piece:
            yield piece
            piece = []
    if piece:
        yield piece
