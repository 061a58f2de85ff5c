"""The files of lessons while they are written, with counts and a few lessons to look at."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from heapq import heappush, heappushpop
from itertools import chain, zip_longest
from pathlib import Path
from types import TracebackType
from typing import Self

from training_job.prepared_folder import HELD_OUT, TEST, TRAIN, VALID
from training_job.sound_lessons import SOUND_TASKS
from training_job.split import Split, unit_hash

_NAMES = {Split.TRAIN: TRAIN, Split.VALID: VALID, Split.TEST: TEST}
_SOUNDS_SHOWN = 6  # lessons of each sound task to look at
_BLOCK = 1 << 20


class Lowest:
    """The different texts with the lowest keys of all that are offered."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._heap: list[tuple[float, str]] = []  # the highest key of those kept is first
        self._kept: set[tuple[float, str]] = set()

    def offer(self, key: float, text: str) -> None:
        pair = (-key, text)
        if pair in self._kept or not self._most:
            return
        self._kept.add(pair)
        if len(self._kept) <= self._most:
            heappush(self._heap, pair)
        else:
            self._kept.discard(heappushpop(self._heap, pair))

    def __iter__(self) -> Iterator[str]:
        """The texts, that of the lowest key first."""
        return (text for _, text in sorted(self._heap, reverse=True))


class LessonFiles:
    """train.jsonl, valid.jsonl, test.jsonl and held_out.jsonl of a folder."""

    def __init__(self, folder: Path, shown: int) -> None:
        self.counts: dict[str, Counter[Split]] = {}
        self._folder, self._shown = folder, shown
        self._samples: dict[str, Lowest] = {}
        with ExitStack() as stack:
            self._files = {
                split: stack.enter_context((folder / name).open("w", encoding="utf-8"))
                for split, name in _NAMES.items()
            }
            self._held_out = stack.enter_context((folder / HELD_OUT).open("w", encoding="utf-8"))
            self._open = stack.pop_all()

    def add(self, split: Split, task: str, row: str) -> None:
        """Write a lesson."""
        self._files[split].write(row)
        self.counts.setdefault(task, Counter())[split] += 1
        if split is Split.TRAIN:
            most = _SOUNDS_SHOWN if task in SOUND_TASKS else self._shown
            kept = self._samples.setdefault(task, Lowest(most))
            kept.offer(unit_hash("shown", row), row)

    def hold_out(self, row: str) -> None:
        """Write a test verse."""
        self._held_out.write(row)

    def samples(self) -> list[str]:
        """Lessons of every task that is trained on, drawn by hash, verses first."""
        drawn = zip_longest(*(kept for _, kept in sorted(self._samples.items())))
        rows = [row for row in chain.from_iterable(drawn) if row][: self._shown]
        return sorted(rows, key=lambda row: json.loads(row)["task"] in SOUND_TASKS)

    def content_hash(self) -> str:
        """SHA-256 of the lessons that training sees; call it after the files are closed."""
        digest = hashlib.sha256()
        for name in (TRAIN, VALID):
            with (self._folder / name).open("rb") as file:
                while block := file.read(_BLOCK):
                    digest.update(block)
            digest.update(b"\0")
        return digest.hexdigest()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        self._open.close()
