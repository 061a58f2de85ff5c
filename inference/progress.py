"""Works on their way: what each asks the model for next, and what it makes of the answer."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import torch

from inference.attention import Piece
from inference.store import Shape, Store
from inference.work import Context, Many, Read, Score, Step, Work

CHUNK = 32  # tokens of a text that are read in one step


@dataclass(frozen=True)
class Asked:
    """The next tokens of a work: `rows` of `tokens` each, flat in `ids`; `wanted` are the places
    among them whose logits are needed. For `own`, `context` and `seen` see Piece."""

    ids: Sequence[int]
    positions: Sequence[int]
    wanted: Sequence[int]
    rows: int
    tokens: int
    own: Store
    context: Store | None = None
    seen: int = 0

    def piece(self, begin: int) -> Piece:
        return Piece(begin, self.rows, self.tokens, self.own, self.context, self.seen)


class Progress:
    """A work on its way: asks for tokens to be computed until its answer is there."""

    answer: Any = None
    answered = False

    @property
    def size(self) -> int:
        """Tokens that are computed in its next step."""
        return 0

    def ask(self) -> list[Asked]:
        raise NotImplementedError

    def take(self, shares: Iterator[torch.Tensor]) -> None:
        """Take what the model said for each that was asked, at its wanted places: [places,
        vocabulary]."""
        raise NotImplementedError


class _Together(Progress):
    """Works side by side."""

    def __init__(self, works: Sequence[Progress]) -> None:
        self._works, self._asking = works, list[Progress]()
        self._look()

    @property
    def size(self) -> int:
        return sum(work.size for work in self._works if not work.answered)

    def _look(self) -> None:
        self.answered = all(work.answered for work in self._works)
        self.answer = [work.answer for work in self._works]

    def ask(self) -> list[Asked]:
        self._asking = [work for work in self._works if not work.answered]
        return [asked for work in self._asking for asked in work.ask()]

    def take(self, shares: Iterator[torch.Tensor]) -> None:
        for work in self._asking:
            work.take(shares)
        self._look()


class _Reading(Progress):
    """Reads a text in pieces; these do not depend on what else there is to do."""

    def __init__(self, work: Read, shape: Shape) -> None:
        self._left = list(work.tokens)
        self._store = work.after.store if work.after else Store(shape, 1)
        begin = work.after.length if work.after else 0
        if work.forget:
            self._store.rewind(begin)
        if not self._store.claim(begin, len(self._left)):  # something else goes on from there
            self._store = self._store.copy(begin)
            self._store.claim(begin, len(self._left))

    @property
    def size(self) -> int:
        return min(CHUNK, len(self._left))

    def ask(self) -> list[Asked]:
        ids, self._left = self._left[:CHUNK], self._left[CHUNK:]
        begin = self._store.length
        self._store.reserve(len(ids))
        wanted = [] if self._left else [len(ids) - 1]
        positions = list(range(begin, begin + len(ids)))
        return [Asked(ids, positions, wanted, 1, len(ids), self._store)]

    def take(self, shares: Iterator[torch.Tensor]) -> None:
        logits = next(shares)
        if not self._left:
            self.answer = Context(self._store, self._store.length, logits[0].clone())
            self.answered = True


class _Stepping(Progress):
    """One token for each row."""

    def __init__(self, work: Step) -> None:
        self._rows, self._tokens = work.rows, list(work.tokens)

    @property
    def size(self) -> int:
        return len(self._tokens)

    def ask(self) -> list[Asked]:
        rows, count = self._rows, len(self._rows)
        rows.own.reserve(1)
        begin = rows.context.length
        positions = [begin + rows.own.length] * count
        store = rows.context.store
        return [
            Asked(self._tokens, positions, range(count), count, 1, rows.own, store, begin),
        ]

    def take(self, shares: Iterator[torch.Tensor]) -> None:
        self._rows.logits = next(shares)
        self.answered = True


class _Scoring(Progress):
    """Whole lines beside each other; the shorter are filled up, which nothing before can see."""

    def __init__(self, work: Score, shape: Shape) -> None:
        self._work = work
        self._tokens = max(len(line) for line in work.lines) - 1  # the last one is not read
        if self._tokens:
            self._own = Store(shape, len(work.lines), self._tokens)
        else:
            self.answer, self.answered = self._prices([]), True

    @property
    def size(self) -> int:
        return len(self._work.lines) * self._tokens

    def ask(self) -> list[Asked]:
        lines, tokens, context = self._work.lines, self._tokens, self._work.context
        padded = [[*line, *[0] * tokens][:tokens] for line in lines]
        ids = [token for line in padded for token in line]
        wanted = [
            row * tokens + place for row, line in enumerate(lines) for place in range(len(line) - 1)
        ]
        begin = context.length
        positions = list(range(begin, begin + tokens)) * len(lines)
        return [
            Asked(ids, positions, wanted, len(lines), tokens, self._own, context.store, begin),
        ]

    def take(self, shares: Iterator[torch.Tensor]) -> None:
        later = [token for line in self._work.lines for token in line[1:]]
        self.answer, self.answered = self._prices(_prices(next(shares), later)), True

    def _prices(self, later: Sequence[float]) -> list[list[float]]:
        """The prices of each line, from those of all tokens but the first ones."""
        lines, rest = self._work.lines, iter(later)
        first = self._work.context.logits.log_softmax(-1)
        firsts = first[torch.tensor([line[0] for line in lines], device=first.device)].tolist()
        return [
            [price, *(next(rest) for _ in line[1:])]
            for price, line in zip(firsts, lines, strict=True)
        ]


def _prices(logits: torch.Tensor, tokens: Sequence[int]) -> list[float]:
    """The log-probability of a token at each place."""
    index = torch.tensor(tokens, device=logits.device)[:, None]
    found: list[float] = (logits.gather(-1, index)[:, 0] - logits.logsumexp(-1)).tolist()
    return found


def begin(work: Work, shape: Shape) -> Progress:
    """Work of which nothing has been done yet."""
    match work:
        case Read():
            return _Reading(work, shape)
        case Step():
            return _Stepping(work)
        case Score():
            return _Scoring(work, shape)
        case Many():
            return _Together([begin(each, shape) for each in work.works])
