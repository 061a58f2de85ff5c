"""From songs to the files that are trained on, in three passes over a stream of songs.

First every song is cleaned and compared with those before it; what stays is staged on disk, for
only when all artists are known can songs be split. Then the runs of words of the songs held out
are noted, then lessons are made. Cleaning and teaching are shared among processes; the order of
the songs, and so every byte of the files, is the same whatever their number.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from bars.fingerprints import run_hashes
from bars.sample_verses import SampleVerse
from training_job.account import Account
from training_job.duplicates import Originals
from training_job.examined import StagedSong, examine
from training_job.fingerprint_file import FingerprintFile
from training_job.in_order import Workers, workers
from training_job.lesson_files import LessonFiles, Lowest
from training_job.lessons import lesson_row
from training_job.prepare_settings import PrepareSettings
from training_job.prepared_folder import (
    DATA,
    FINGERPRINTS,
    SAMPLES,
    STAGED,
    TEST_RUNS,
    VALID_RUNS,
    prepared_folder,
)
from training_job.sample_page import sample_page
from training_job.songs import Song
from training_job.sound_lessons import (
    BARS_SHARE,
    G2P,
    P2G,
    SOUND_TASKS,
    word_lessons,
    words_by_split,
)
from training_job.split import FEWEST_ARTISTS, Split, Splitter
from training_job.taught import Taught, Teacher

SHOWN = 50  # lessons on the page of samples
WORDS_HELD_OUT = 0.04  # at most, for each split: rhymes are learned word by word, or not at all
Watch = Callable[[Iterable[Any], str, int | None], Iterable[Any]]  # items, what is done, how many


class NothingToTeach(Exception):
    """No lesson came of the songs; the message says why and what to do."""


def unwatched(items: Iterable[Any], _: str, __: int | None) -> Iterable[Any]:
    """Shows nobody how far the work has come."""
    return items


def sample_songs(verses: Iterable[SampleVerse]) -> Iterator[Song]:
    """Our own verses as songs, each of an artist of its own, so that they are split by verse."""
    for verse in verses:
        name = f"Deep Hop {verse.topic}"
        yield Song(name, verse.topic, "\n".join(verse.bars), "bars/data/verses.txt", name)


def prepare(
    songs: Iterable[Song],
    out: Path,
    settings: PrepareSettings,
    processes: int = 1,
    watch: Watch = unwatched,
) -> dict[str, Any]:
    """Write a folder of prepared data; the answer is what its data.json says."""
    with prepared_folder(out) as folder, workers(processes) as shared:
        return _Preparation(folder, settings, shared, watch).run(songs)


@dataclass
class _Preparation:
    folder: Path
    settings: PrepareSettings
    shared: Workers
    watch: Watch
    account: Account = field(default_factory=Account)

    def run(self, songs: Iterable[Song]) -> dict[str, Any]:
        self._stage(songs)
        artists = self.account.artists
        few = len(artists) < FEWEST_ARTISTS
        settings = self.settings
        splitter = Splitter(
            settings.seed, settings.valid, settings.test, frozenset() if few else artists
        )
        self._note_held_out(splitter)
        with LessonFiles(self.folder, SHOWN) as files:
            self._teach(splitter, files)
            self._teach_sounds(splitter, files)
        if not self.account.verses[Split.TRAIN] and settings.mix.wants_verses:
            raise NothingToTeach(self.account.why_nothing())
        (self.folder / SAMPLES).write_text(sample_page(files.samples()), encoding="utf-8")
        told = self.account.to_json(files, settings, by_song=few)
        (self.folder / DATA).write_text(
            json.dumps(told, indent=2, ensure_ascii=False) + "\n", encoding="utf-8"
        )
        return told

    def _stage(self, songs: Iterable[Song]) -> None:
        """Clean all songs and keep, on disk, those that are English and like none before."""
        originals = Originals()
        examined = self.shared.answers(examine, self.watch(songs, "Cleaning", None))
        with (self.folder / STAGED).open("w", encoding="utf-8") as file:
            for each in examined:
                self.account.see(each)
                if each.song and originals.add(each.sketch):
                    self.account.keep(each.song)
                    file.write(each.song.to_line())
                elif each.song:
                    self.account.drop("near another song")

    def _staged(self, what: str) -> Iterator[StagedSong]:
        with (self.folder / STAGED).open(encoding="utf-8", newline="\n") as file:
            for line in self.watch(file, what, self.account.kept):
                yield StagedSong.from_line(line)

    def _note_held_out(self, splitter: Splitter) -> None:
        """Write which runs of words the songs have that are held out."""
        with (
            FingerprintFile(self.folder / VALID_RUNS) as valid,
            FingerprintFile(self.folder / TEST_RUNS) as test,
        ):
            files = {Split.VALID: valid, Split.TEST: test}
            for song in self._staged("Holding out"):
                if file := files.get(splitter.of_song(song.artist, song.id)):
                    file.add_hashes(list(run_hashes(song.words)))

    def _teach(self, splitter: Splitter, files: LessonFiles) -> None:
        """Make and write the lessons of all songs, and the fingerprints of those trained on."""
        test, valid = self.folder / TEST_RUNS, self.folder / VALID_RUNS
        kept_out = {Split.TEST: (), Split.VALID: (test,), Split.TRAIN: (test, valid)}
        questions = self._placed(splitter)
        lowest = {
            (split, task): Lowest(round(BARS_SHARE * self._wanted(task, split)))
            for split in Split
            for task in (G2P, P2G)
        }
        with FingerprintFile(self.folder / FINGERPRINTS) as fingerprints:
            for taught in self.shared.answers(Teacher(self.settings, kept_out), questions):
                self._write(taught, files)
                fingerprints.add_bytes(taught.runs)
                for each in taught.bars:
                    lowest[taught.split, each.task].offer(each.key, each.row)
        for (split, task), rows in lowest.items():
            for row in rows:
                files.add(split, task, row)

    def _placed(self, splitter: Splitter) -> Iterator[tuple[Split, StagedSong]]:
        """Each song with its split, without what artists of other splits perform in it."""
        for song in self._staged("Teaching"):
            split = splitter.of_song(song.artist, song.id)
            if splitter.has_strangers(song.artist, split):
                self.account.drop("artists of different splits")
                continue
            own = tuple(s for s in song.stanzas if not splitter.has_strangers(s[0], split))
            self.account.found["stanzas of guests of another split"] += len(song.stanzas) - len(own)
            yield split, replace(song, stanzas=own)

    def _write(self, taught: Taught, files: LessonFiles) -> None:
        self.account.teach(taught)
        for task, row in taught.rows:
            files.add(taught.split, task, row)
        for row in taught.held_out:
            files.hold_out(row)

    def _teach_sounds(self, splitter: Splitter, files: LessonFiles) -> None:
        bars = {task: BARS_SHARE for task in (G2P, P2G)}
        wanted = {
            (task, split): self._wanted(task, split)
            - round(bars.get(task, 0.0) * self._wanted(task, split))
            for task in SOUND_TASKS
            for split in Split
        }
        of_words = replace(
            splitter,
            valid=min(splitter.valid, WORDS_HELD_OUT),
            test=min(splitter.test, WORDS_HELD_OUT),
        )
        words = words_by_split(of_words, self.settings.clean) if any(wanted.values()) else {}
        for (task, split), count in self.watch(wanted.items(), "Words", len(wanted)):
            for lesson in word_lessons(task, count, words.get(split, {}), self.settings.seed):
                files.add(split, task, lesson_row(lesson))

    def _wanted(self, task: str, split: Split) -> int:
        """How many lessons of a sound task a split gets."""
        shares = {Split.VALID: self.settings.valid, Split.TEST: self.settings.test}
        share = shares.get(split, 1.0 - self.settings.valid - self.settings.test)
        return round(self.settings.sounds * self.settings.mix.share(task) * share)
