"""What a verse asks of the engine: to read on, to write a token in each candidate, to price lines.

A verse is a task: a generator that yields works and gets their answers.
"""

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import torch

from inference.store import Store

T = TypeVar("T")


@dataclass(frozen=True)
class Context:
    """Text that the model has read: the first `length` tokens of a store.

    `logits` [vocabulary] are for the token after it.
    """

    store: Store
    length: int
    logits: torch.Tensor


class Rows:
    """Candidates that go on from one context, one token each at a time.

    `logits` [rows, vocabulary] are for their next tokens.
    """

    def __init__(self, context: Context, own: Store, count: int) -> None:
        self.context, self.own = context, own
        self.logits = context.logits.expand(count, -1)

    def __len__(self) -> int:
        return len(self.logits)

    def keep(self, rows: Sequence[int]) -> None:
        """Go on with these rows only."""
        index = torch.tensor(rows, device=self.logits.device)
        self.own.keep(index)
        self.logits = self.logits[index]


@dataclass(frozen=True)
class Read:
    """To read on after a context, or from the beginning; the answer is a Context.

    With `forget`, what was read after that context before is of no use any more, and its place is
    taken; else it is kept, and the context is copied.
    """

    tokens: Sequence[int]
    after: Context | None = None
    forget: bool = False

    @property
    def size(self) -> int:
        """Tokens that are computed for it."""
        return len(self.tokens)

    @property
    def reach(self) -> int:
        """Tokens of the longest text that the model sees with it."""
        return (self.after.length if self.after else 0) + len(self.tokens)


@dataclass(frozen=True)
class Step:
    """To append one token to each row, which gets new logits; there is no answer."""

    rows: Rows
    tokens: Sequence[int]

    @property
    def size(self) -> int:
        return len(self.tokens)

    @property
    def reach(self) -> int:
        return self.rows.context.length + self.rows.own.length + 1


@dataclass(frozen=True)
class Score:
    """To price whole lines, each read after the context; the answer is, for each line, the natural
    log-probability of every token."""

    context: Context
    lines: Sequence[Sequence[int]]

    @property
    def size(self) -> int:
        return len(self.lines) * (max(map(len, self.lines)) - 1)

    @property
    def reach(self) -> int:
        return self.context.length + max(map(len, self.lines))


@dataclass(frozen=True)
class Many:
    """Works that are done side by side; the answer is all of theirs, in order."""

    works: "Sequence[Work]"

    @property
    def size(self) -> int:
        return sum(work.size for work in self.works)

    @property
    def reach(self) -> int:
        return max((work.reach for work in self.works), default=0)


Work = Read | Step | Score | Many
Task = Generator[Work, Any, T]  # something that a verse does with the engine


def together(tasks: Sequence[Task[T]]) -> Task[list[T]]:
    """Tasks side by side, a work of each at a time; all their results."""
    results: dict[int, T] = {}
    at_hand = [(place, task, None) for place, task in enumerate(tasks)]
    while at_hand:
        works = []
        left = []
        for place, task, answer in at_hand:
            try:
                works.append(task.send(answer))
                left.append((place, task))
            except StopIteration as end:
                results[place] = end.value
        answers = (yield Many(works)) if works else []
        at_hand = [(*pair, answer) for pair, answer in zip(left, answers, strict=True)]
    return [results[place] for place in range(len(tasks))]


def counting(task: Task[T], count: Callable[[int], object]) -> Task[T]:
    """The same task; `count` hears the tokens of every work."""
    answer = None
    while True:
        try:
            work = task.send(answer)
        except StopIteration as end:
            result: T = end.value
            return result
        count(work.size)
        answer = yield work
