"""Many texts at once from one model: plain sampling, or the likeliest token, without constraints.

A text is a talk: a generator that yields turns, each with what the model reads next and how much
it may write, and gets back the line that it wrote. Talks are held side by side, and each goes on
with its next turn at once: none waits for another.
"""

import random
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from training_job.token_rows import LINE_END, Manner, Speaker, TokenRows, choose

ROWS = 32  # talks side by side
T = TypeVar("T")


@dataclass(frozen=True)
class Turn:
    """What the model reads next, and the most tokens that its line may have."""

    told: str
    most: int


@dataclass(frozen=True)
class Line:
    """What the model wrote; `ended` by itself, or else because it was at its most."""

    text: str
    ended: bool


Talk = Generator[Turn, Line, T]


def converse(
    speaker: Speaker,
    talks: Sequence[Talk[T]],
    manner: Manner,
    seeds: Sequence[object] = (),
    rows: int = ROWS,
) -> Iterator[tuple[int, T]]:
    """Hold all talks, each opened by some text; yields the place and result of each as it ends.

    A talk has the random numbers of its own seed, so that its lines do not depend on the talks
    beside it. Talks that open with texts of similar length are held together.
    """
    seeded = zip(talks, seeds or range(len(talks)), strict=True)
    opened = [_Row(place, talk, speaker, seed) for place, (talk, seed) in enumerate(seeded)]
    opened.sort(key=lambda row: -len(row.queue))
    for start in range(0, len(opened), rows):
        yield from _hold(speaker, opened[start : start + rows], manner)


def _hold(speaker: Speaker, rows: list["_Row[T]"], manner: Manner) -> Iterator[tuple[int, T]]:
    read = TokenRows(speaker, [row.take_queue() for row in rows])
    while rows:
        draws = [row.draw() for row in rows]
        tokens = [
            row.next_token(chosen)
            for row, chosen in zip(rows, choose(read.logits, draws, manner), strict=True)
        ]
        going_on = [place for place, row in enumerate(rows) if not row.result]
        yield from ((row.place, row.result[0]) for row in rows if row.result)
        if len(going_on) < len(rows):
            read.keep(going_on)
            rows = [rows[place] for place in going_on]
        if rows:
            read.step([tokens[place] for place in going_on])


class _Row(Generic[T]):
    """A talk among others: `queue` is still to be read, `result` is empty until the end."""

    def __init__(self, place: int, talk: Talk[T], speaker: Speaker, seed: object) -> None:
        self.place, self.result = place, list[T]()
        self._talk, self._speaker = talk, speaker
        self._random = random.Random(str(seed))  # nosec B311  # the engine's own draws
        self._written: list[int] = []
        self._turn = next(talk)
        self.queue = speaker.encode(self._turn.told)

    def take_queue(self) -> list[int]:
        taken, self.queue = self.queue, []
        return taken

    def draw(self) -> float:
        """A random number where the model's choice counts."""
        return 0.0 if self.queue else self._random.random()

    def next_token(self, chosen: int) -> int:
        """What the model reads next: what is told, or else what it has chosen."""
        if not self.queue:
            self._take(chosen)
        return self.queue.pop(0) if self.queue else chosen

    def _take(self, token: int) -> None:
        """Write on; at the end of a line the talk says what comes next."""
        last, end, _ = self._speaker.text_of(token).partition(LINE_END)
        if end:
            text = self._speaker.decode(self._written) + last
            closing = self._speaker.encode(last + LINE_END)
        else:
            self._written.append(token)
            if len(self._written) < self._turn.most:
                return
            text = self._speaker.decode(self._written)
            closing = [token, *self._speaker.encode(LINE_END)]
        self._written = []
        try:
            self._turn = self._talk.send(Line(text, bool(end)))
        except StopIteration as stop:
            self.result.append(stop.value)
        else:
            self.queue = [*closing, *self._speaker.encode(self._turn.told)]
