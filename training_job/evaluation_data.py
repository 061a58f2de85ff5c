"""What an evaluation reads of a prepared folder."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from heapq import nsmallest
from pathlib import Path
from typing import Any

from bars.fingerprints import Fingerprints, FingerprintsUnreadable
from bars.prompt import Lesson
from training_job.copies import Copies, TrainingBars
from training_job.directories import JobFailed
from training_job.lesson_tokens import read_lessons
from training_job.lessons import RHYME_WORD_FIRST, VERSE
from training_job.prepared_folder import DATA, FINGERPRINTS, HELD_OUT, TEST, TRAIN
from training_job.split import unit_hash
from training_job.verse_prompts import VersePrompt, held_out_bars, held_out_openings

_VERSE_TASKS = {VERSE, RHYME_WORD_FIRST}


class DataRefused(Exception):
    """The prepared folder cannot be used; the message says why and what to do."""


@dataclass(frozen=True)
class EvaluationData:
    """A prepared folder: `hash` is that of the lessons that training saw."""

    folder: Path
    hash: str

    @classmethod
    def find(cls, folder: Path) -> "EvaluationData":
        path = folder / DATA
        try:
            return cls(folder, str(json.loads(path.read_text(encoding="utf-8"))["hash"]))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise DataRefused(
                f"{path} cannot be read ({error}). Name a folder of scripts.prepare_data."
            ) from error

    def test_lessons(self, most: int, seed: int) -> list[Lesson]:
        """At most so many held-out lessons of each task, drawn by seed."""
        by_task: dict[str, list[Lesson]] = {}
        for lesson in self._lessons(TEST):
            by_task.setdefault(lesson.task, []).append(lesson)
        if not by_task:
            raise DataRefused(
                f"{self.folder / TEST} has no lesson. Prepare the data again, with a larger --test."
            )
        return [
            lesson
            for _, lessons in sorted(by_task.items())
            for lesson in nsmallest(most, lessons, key=lambda each: unit_hash(seed, each.text))
        ]

    def openings(self, most: int, seed: int) -> list[VersePrompt]:
        """Prompts from held-out verses."""
        return held_out_openings(self.folder / HELD_OUT, most, seed)

    def verses(self) -> list[list[str]]:
        """The bars of each held-out verse, as people wrote them."""
        return held_out_bars(self.folder / HELD_OUT)

    def copies(self) -> Copies:
        """All bars that were trained on, and the runs on file, if there is such a file."""
        path = self.folder / FINGERPRINTS
        try:
            runs = Fingerprints.load(path) if path.is_file() else None
        except FingerprintsUnreadable as error:
            raise DataRefused(str(error)) from error
        return Copies(TrainingBars(self._training_bars()), runs)

    def _training_bars(self) -> Iterator[str]:
        for lesson in self._lessons(TRAIN):
            if lesson.task in _VERSE_TASKS:
                yield from lesson.text.split("\n")[2::2]  # a heading, then plans and bars in turn

    def _lessons(self, name: str) -> Iterator[Lesson]:
        try:
            yield from read_lessons(self.folder / name)
        except (JobFailed, UnicodeDecodeError) as error:
            raise DataRefused(f"{self.folder / name}: {error}") from error

    def to_json(self) -> dict[str, Any]:
        return {"hash": self.hash}
