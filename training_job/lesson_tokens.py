"""Lessons as tokens: which carry loss, and the proof that a prompt is cut where it ends.

A tokenizer may join the end of a prompt with the beginning of its answer; then the model would
never see in use what it saw in training. Every lesson is checked against that.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bars.prompt import Lesson, Part
from training_job.directories import JobFailed

IGNORED = -100  # the label of a token that carries no loss
_BATCH = 1000  # lessons that the tokenizer takes at once


@dataclass(frozen=True)
class LessonTokens:
    """All lessons of a file, end to end. `starts` has one more entry than there are lessons."""

    tokens: np.ndarray  # int32 [tokens]
    learned: np.ndarray  # bool [tokens]
    starts: np.ndarray  # int64 [lessons + 1]
    tasks: list[str]

    def __len__(self) -> int:
        return len(self.tasks)

    def length(self, lesson: int) -> int:
        return int(self.starts[lesson + 1] - self.starts[lesson])

    def lesson(self, index: int) -> tuple[np.ndarray, np.ndarray]:
        """Tokens and learned marks of one lesson."""
        where = slice(int(self.starts[index]), int(self.starts[index + 1]))
        return self.tokens[where], self.learned[where]


def read_lessons(path: Path) -> Iterator[Lesson]:
    """The lessons of a prepared file."""
    try:
        with path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                try:
                    row = json.loads(line)
                    parts = tuple(Part(text, bool(learned)) for text, learned in row["parts"])
                    yield Lesson(row["task"], parts)
                except (ValueError, KeyError, TypeError) as error:
                    raise JobFailed(
                        f"Line {number} of {path} is no lesson ({error}). Prepare the data again."
                    ) from error
    except FileNotFoundError:
        raise JobFailed(
            f"{path} is missing. The channel must hold what scripts.prepare_data writes."
        ) from None
    except OSError as error:
        raise JobFailed(f"{path} cannot be read ({error.strerror}).") from error


def encode_lessons(lessons: Iterator[Lesson], tokenizer: Any) -> LessonTokens:
    """Encode lessons, or raise JobFailed for one whose parts do not meet where tokens meet."""
    tokens: list[np.ndarray] = []
    learned: list[np.ndarray] = []
    lengths: list[int] = []
    tasks: list[str] = []
    for batch in _batches(lessons):
        for lesson, (ids, marks) in zip(batch, _encoded(batch, tokenizer), strict=True):
            tokens.append(np.asarray(ids, np.int32))
            learned.append(np.asarray(marks, bool))
            lengths.append(len(ids))
            tasks.append(lesson.task)
    starts = np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)]).astype(np.int64)
    if not tasks:
        return LessonTokens(np.empty(0, np.int32), np.empty(0, bool), starts, [])
    return LessonTokens(np.concatenate(tokens), np.concatenate(learned), starts, tasks)


def _batches(lessons: Iterator[Lesson]) -> Iterator[list[Lesson]]:
    batch: list[Lesson] = []
    for lesson in lessons:
        batch.append(lesson)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _encoded(batch: Sequence[Lesson], tokenizer: Any) -> Iterator[tuple[list[int], list[bool]]]:
    whole = tokenizer([lesson.text for lesson in batch], add_special_tokens=False)["input_ids"]
    texts = [part.text for lesson in batch for part in lesson.parts]
    pieces = iter(tokenizer(texts, add_special_tokens=False)["input_ids"])
    for lesson, ids in zip(batch, whole, strict=True):
        joined: list[int] = []
        marks: list[bool] = []
        for part in lesson.parts:
            piece = next(pieces)
            joined += piece
            marks += [part.learned] * len(piece)
        if joined != list(ids):
            raise JobFailed(
                f"This tokenizer joins a prompt with its answer in {lesson.text[:80]!r}. Use a "
                "base model whose tokenizer keeps line ends and spaces apart, as GPT-2's does."
            )
        yield joined, marks
