"""One model, many verses: the work of all that are being written, in one forward pass each step.

A verse asks for work and gets its answer: to read on in its context, to write one token in each of
its candidates, or to price whole lines. The engine packs what many verses ask for into one row of
tokens without padding; a long text is read in pieces, so that nobody waits for it.
"""

import time
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import torch

from inference.attention import Piece, Shape, Store, install

CHUNK = 32  # tokens of a text that are read in one step
# with fewer tokens a processor's matrix product takes other ways, and sums in another order
FEWEST = 16
_ROOM = 24  # tokens of a candidate; few bars have more

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


@dataclass(frozen=True)
class Step:
    """To append one token to each row, which gets new logits; there is no answer."""

    rows: Rows
    tokens: Sequence[int]

    @property
    def size(self) -> int:
        return len(self.tokens)


@dataclass(frozen=True)
class Score:
    """To price whole lines, each read after the context; the answer is, for each line, the natural
    log-probability of every token."""

    context: Context
    lines: Sequence[Sequence[int]]

    @property
    def size(self) -> int:
        return len(self.lines) * (max(map(len, self.lines)) - 1)


Work = Read | Step | Score
Task = Generator[Work, Any, T]  # something that a verse does with the engine


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


@dataclass
class Meter:
    """What the engine has done so far."""

    tokens: int = 0  # computed, those that fill up a small step not counted
    seconds: float = 0.0  # in the model
    steps: int = 0
    rows: int = 0  # in the last step
    rejected: int = 0  # candidates that could not go on


class Engine:
    """A model and its tokenizer; answers the work of many verses, step by step."""

    def __init__(self, model: Any, tokenizer: Any) -> None:
        self._model = model.eval()
        self._tokenizer = tokenizer
        self._device = next(model.parameters()).device
        self._attention = install(model)
        self._shape = _shape_of(model, self._device)
        self.meter = Meter()

    def encode(self, text: str) -> list[int]:
        return list(self._tokenizer.encode(text, add_special_tokens=False))

    def encode_all(self, texts: Sequence[str]) -> list[list[int]]:
        return [list(ids) for ids in self._tokenizer(texts, add_special_tokens=False)["input_ids"]]

    def token_texts(self) -> list[str]:
        """Each token as text; byte-level and sentence-piece marks become spaces and line ends."""
        size = int(self._model.config.vocab_size)
        known = self._tokenizer.convert_ids_to_tokens(list(range(len(self._tokenizer))))
        texts = [(t or "").replace("Ġ", " ").replace("▁", " ").replace("Ċ", "\n") for t in known]
        return (texts + [""] * size)[:size]

    def rows(self, context: Context, count: int) -> Rows:
        """Candidates that are to go on from a context."""
        return Rows(context, Store(self._shape, count, _ROOM), count)

    def read(
        self, tokens: Sequence[int], after: Context | None = None, forget: bool = False
    ) -> "Task[Context]":
        """Read on, after a context or from the beginning; see Read."""
        context: Context = yield Read(tokens, after, forget)
        return context

    def append(self, rows: Rows, tokens: Sequence[int]) -> "Task[None]":
        """Append one token to each row."""
        yield Step(rows, tokens)

    def score(self, context: Context, lines: Sequence[Sequence[int]]) -> "Task[list[list[float]]]":
        """Natural log-probability of every token of every line, each read after the context."""
        prices: list[list[float]] = yield Score(context, lines)
        return prices

    @property
    def bytes_a_token(self) -> int:
        """That a token takes in memory while it is kept."""
        return self._shape.bytes_a_token

    def begin(self, work: Work) -> "Progress":
        """Work that the engine has not done yet, to be handed to `step` until it is answered."""
        match work:
            case Read():
                return _Reading(work, self._shape)
            case Step():
                return _Stepping(work)
            case Score():
                return _Scoring(work, self._shape)

    def step(self, works: Sequence["Progress"]) -> None:
        """Do the next piece of every work, all in one forward pass."""
        if not works:
            return
        asked = [work.ask() for work in works]
        ids = [token for each in asked for token in each.ids]
        pieces, positions, wanted, begin = list[Piece](), list[int](), list[int](), 0
        for each in asked:
            pieces.append(each.piece(begin))
            positions += each.positions
            wanted += [begin + place for place in each.wanted]
            begin = pieces[-1].end
        logits = self._forward(ids, positions, wanted, pieces)
        for piece, tokens in zip(pieces, asked, strict=True):
            piece.own.length += tokens.tokens
        begin = 0
        for work, each in zip(works, asked, strict=True):
            work.take(logits[begin : begin + len(each.wanted)])
            begin += len(each.wanted)

    def run(self, task: Task[T]) -> T:
        """Do a task alone, from its beginning to its end."""
        try:
            work = next(task)
            while True:
                progress = self.begin(work)
                while not progress.answered:
                    self.step([progress])
                work = task.send(progress.answer)
        except StopIteration as end:
            result: T = end.value
            return result

    def _forward(
        self,
        ids: Sequence[int],
        positions: Sequence[int],
        wanted: Sequence[int],
        pieces: Sequence[Piece],
    ) -> torch.Tensor:
        """The logits [wanted, vocabulary] at some places of the long row."""
        began = time.perf_counter()
        spare = [0] * max(0, FEWEST - len(ids))
        places = [*wanted, *[0] * max(0, FEWEST - len(wanted))]
        self._attention.pieces = pieces
        with torch.inference_mode():
            logits = self._model(
                input_ids=self._tensor([*ids, *spare])[None],
                position_ids=self._tensor([*positions, *spare])[None],
                attention_mask=torch.ones(1, 1, 1, 1, device=self._device),  # 4-d: taken as it is
                logits_to_keep=self._tensor(places),
                use_cache=False,
            ).logits[0, : len(wanted)]
        self._attention.pieces = ()
        self.meter.tokens += len(ids)
        self.meter.steps += 1
        self.meter.rows = sum(piece.rows for piece in pieces)
        self.meter.seconds += time.perf_counter() - began
        answer: torch.Tensor = logits.float()
        return answer

    def _tensor(self, numbers: Sequence[int]) -> torch.Tensor:
        return torch.tensor(numbers, device=self._device)


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

    def ask(self) -> Asked:
        raise NotImplementedError

    def take(self, logits: torch.Tensor) -> None:
        """What the model said at the wanted places: [places, vocabulary]."""
        raise NotImplementedError


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

    def ask(self) -> Asked:
        ids, self._left = self._left[:CHUNK], self._left[CHUNK:]
        begin = self._store.length
        self._store.reserve(len(ids))
        wanted = [] if self._left else [len(ids) - 1]
        positions = list(range(begin, begin + len(ids)))
        return Asked(ids, positions, wanted, 1, len(ids), self._store)

    def take(self, logits: torch.Tensor) -> None:
        if not self._left:
            self.answer = Context(self._store, self._store.length, logits[0])
            self.answered = True


class _Stepping(Progress):
    """One token for each row."""

    def __init__(self, work: Step) -> None:
        self._rows, self._tokens = work.rows, list(work.tokens)

    def ask(self) -> Asked:
        rows, count = self._rows, len(self._rows)
        rows.own.reserve(1)
        positions = [rows.context.length + rows.own.length] * count
        return Asked(
            self._tokens, positions, range(count), count, 1, rows.own, rows.context.store,
            rows.context.length,
        )  # fmt: skip

    def take(self, logits: torch.Tensor) -> None:
        self._rows.logits = logits
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

    def ask(self) -> Asked:
        lines, tokens, context = self._work.lines, self._tokens, self._work.context
        padded = [[*line, *[0] * tokens][:tokens] for line in lines]
        wanted = [
            row * tokens + place for row, line in enumerate(lines) for place in range(len(line) - 1)
        ]
        positions = list(range(context.length, context.length + tokens)) * len(lines)
        return Asked(
            [token for line in padded for token in line], positions, wanted, len(lines), tokens,
            self._own, context.store, context.length,
        )  # fmt: skip

    def take(self, logits: torch.Tensor) -> None:
        later = [token for line in self._work.lines for token in line[1:]]
        self.answer, self.answered = self._prices(_prices(logits, later)), True

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


def _shape_of(model: Any, device: torch.device) -> Shape:
    config = model.config
    heads = config.num_attention_heads
    size = getattr(config, "head_dim", None) or config.hidden_size // heads
    key_heads = getattr(config, "num_key_value_heads", None) or heads
    dtype = model.get_input_embeddings().weight.dtype
    return Shape(config.num_hidden_layers, key_heads, size, dtype, device)
