"""Rows of equal length from lessons of any length, each lesson apart from its neighbours.

Best-fit decreasing within a window of lessons (Johnson, 1973) leaves a few percent of padding.
Positions start again with every lesson, which is how the model's attention tells them apart.
"""

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from training_job.lesson_tokens import IGNORED, LessonTokens

WINDOW = 2000  # lessons that are packed together
PROPOSING = {"rhyme word first", "rhyme", "plan"}  # tasks whose answers begin with an end word
Row = tuple[int, ...]  # the lessons of a row


def plan_lessons(
    lessons: LessonTokens, shares: dict[str, float], max_tokens: int, epochs: float, seed: int
) -> list[int]:
    """The lessons to be read, in order, each perhaps many times; always the same for a seed."""
    random = np.random.default_rng(seed)
    lengths = np.diff(lessons.starts)
    tasks = np.asarray(lessons.tasks)
    total = max_tokens or round(epochs * int(lengths.sum()))
    if not shares:
        return _drawn(np.arange(len(lessons)), lengths, total, random)
    drawn: list[int] = []
    for task, share in sorted(shares.items()):
        pool = np.flatnonzero(tasks == task)
        if not len(pool):
            raise ValueError(f"shares asks for {task}, and the data has no such lesson.")
        drawn += _drawn(pool, lengths, round(share * total), random)
    return [drawn[i] for i in random.permutation(len(drawn))]


def _drawn(
    pool: np.ndarray, lengths: np.ndarray, total: int, random: np.random.Generator
) -> list[int]:
    """Lessons of a pool until `total` tokens are reached; each pass in a new order."""
    drawn: list[int] = []
    count = 0
    while count < total and len(pool):
        for lesson in random.permutation(pool).tolist():
            if count >= total:
                break
            drawn.append(lesson)
            count += int(lengths[lesson])
    return drawn


def pack(planned: Sequence[int], lengths: Sequence[int], size: int, seed: int) -> list[Row]:
    """Rows of lessons that fit into `size` tokens; a longer lesson has a row of its own, cut."""
    random = np.random.default_rng(seed)
    rows: list[Row] = []
    left: list[list[int]] = []
    for start in range(0, len(planned), WINDOW):
        window = [*(lesson for row in left for lesson in row), *planned[start : start + WINDOW]]
        packed = _best_fit(window, lengths, size)
        more = start + WINDOW < len(planned)
        left = [row for row in packed if more and _filled(row, lengths) < 0.9 * size]
        done = [row for row in packed if not more or _filled(row, lengths) >= 0.9 * size]
        rows += [tuple(done[i]) for i in random.permutation(len(done))]
    return rows


def _filled(row: Sequence[int], lengths: Any) -> int:
    return sum(int(lengths[lesson]) for lesson in row)


def _best_fit(window: Sequence[int], lengths: Sequence[int], size: int) -> list[list[int]]:
    rows: list[list[int]] = []
    room: list[tuple[int, int]] = []  # (tokens left, row), ascending
    for lesson in sorted(window, key=lambda i: -lengths[i]):  # stable: equal ones keep their order
        need = min(int(lengths[lesson]), size)
        at = bisect_left(room, (need, -1))
        if at < len(room):
            left, row = room.pop(at)
            rows[row].append(lesson)
        else:
            left, row = size, len(rows)
            rows.append([lesson])
        if left > need:
            insort(room, (left - need, row))
    return rows


@dataclass(frozen=True)
class PackedRows(torch.utils.data.Dataset[dict[str, torch.Tensor]]):
    """The rows as tensors, each [size]: input_ids, position_ids, labels, proposed.

    A label is the token that follows, or IGNORED where nothing is to be learned; `proposed` marks
    the labels that begin an end word. Padding forms a lesson of its own at the row's end.
    """

    lessons: LessonTokens
    rows: Sequence[Row]
    size: int

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, index: int) -> dict[str, torch.Tensor]:
        ids = np.zeros(self.size, np.int64)
        labels = np.full(self.size, IGNORED, np.int64)
        positions = np.zeros(self.size, np.int64)
        proposed = np.zeros(self.size, bool)
        at = 0
        for lesson in self.rows[index]:
            tokens, learned = (part[: self.size] for part in self.lessons.lesson(lesson))
            end = at + len(tokens)
            ids[at:end] = tokens
            positions[at:end] = np.arange(len(tokens))
            labels[at : end - 1] = np.where(learned[1:], tokens[1:], IGNORED)
            if self.lessons.tasks[lesson] in PROPOSING:
                proposed[at : end - 1] = learned[1:] & ~learned[:-1]
            at = end
        positions[at:] = np.arange(self.size - at)
        made = {
            "input_ids": ids, "position_ids": positions, "labels": labels, "proposed": proposed,
        }  # fmt: skip
        return {name: torch.from_numpy(values) for name, values in made.items()}

    def filled(self) -> float:
        """The share of tokens that are no padding."""
        lengths = np.diff(self.lessons.starts)
        used = sum(min(_filled(row, lengths), self.size) for row in self.rows)
        return used / max(1, len(self.rows) * self.size)

    def shares(self) -> dict[str, float]:
        """Each task's part of the tokens."""
        counts: Counter[str] = Counter()
        for row in self.rows:
            for lesson in row:
                counts[self.lessons.tasks[lesson]] += min(self.lessons.length(lesson), self.size)
        return {task: round(count / counts.total(), 4) for task, count in sorted(counts.items())}


def even(rows: list[Row], by: int) -> list[Row]:
    """The rows and as many empty ones as make their number a multiple of `by`."""
    return rows + [()] * (-len(rows) % by)
