"""One model, many verses: the work of all that are being written, in one forward pass each step.

A verse asks for work and gets its answer. The engine packs what many verses ask for into one row of
tokens without padding; a long text is read in pieces, so that nobody waits for it.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

import torch

from inference.attention import Piece, install
from inference.progress import Progress, begin
from inference.refusals import TextTooLong
from inference.store import Shape, Store
from inference.work import Context, Read, Rows, Score, Step, Task, Work

# with fewer tokens a processor's matrix product takes other ways, and sums in another order
FEWEST = 12
_ROOM = 24  # tokens of a candidate; few bars have more
_SENTENCE_PIECE_LINE_END = "<0x0A>"

T = TypeVar("T")


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
        self._longest = int(getattr(model.config, "max_position_embeddings", 0) or 2**31)
        self.meter = Meter()

    def encode(self, text: str) -> list[int]:
        return list(self._tokenizer.encode(text, add_special_tokens=False))

    def encode_all(self, texts: Sequence[str]) -> list[list[int]]:
        if not texts:
            return []
        return [list(ids) for ids in self._tokenizer(texts, add_special_tokens=False)["input_ids"]]

    @cached_property
    def token_texts(self) -> list[str]:
        """Each token as text."""
        size = int(self._model.config.vocab_size)
        known = self._tokenizer.convert_ids_to_tokens(list(range(len(self._tokenizer))))
        return ([plain_text(token or "") for token in known] + [""] * size)[:size]

    def rows(self, context: Context, count: int) -> Rows:
        """Candidates that are to go on from a context."""
        return Rows(context, Store(self._shape, count, _ROOM), count)

    def read(
        self, tokens: Sequence[int], after: Context | None = None, forget: bool = False
    ) -> Task[Context]:
        """Read on, after a context or from the beginning; see Read."""
        context: Context = yield Read(tokens, after, forget)
        return context

    def append(self, rows: Rows, tokens: Sequence[int]) -> Task[None]:
        """Append one token to each row."""
        yield Step(rows, tokens)

    def score(self, context: Context, lines: Sequence[Sequence[int]]) -> Task[list[list[float]]]:
        """Natural log-probability of every token of every line, each read after the context."""
        prices: list[list[float]] = yield Score(context, lines)
        return prices

    @property
    def bytes_a_token(self) -> int:
        """That a token takes in memory while it is kept."""
        return self._shape.bytes_a_token

    def begin(self, work: Work) -> Progress:
        """Work that the engine has not done yet, to be handed to `step` until it is answered.

        Raises TextTooLong where the model has no room for it.
        """
        if work.reach > self._longest:
            raise TextTooLong(f"{work.reach} tokens are more than the model's {self._longest}.")
        return begin(work, self._shape)

    def step(self, works: Sequence[Progress]) -> None:
        """Do the next piece of every work, all in one forward pass."""
        if not works:
            return
        asked = [each for work in works for each in work.ask()]
        ids = [token for each in asked for token in each.ids]
        pieces, positions, wanted, end = list[Piece](), list[int](), list[int](), 0
        for each in asked:
            pieces.append(each.piece(end))
            positions += each.positions
            wanted += [end + place for place in each.wanted]
            end = pieces[-1].end
        logits = self._forward(ids, positions, wanted, pieces)
        for piece, each in zip(pieces, asked, strict=True):
            piece.own.length += each.tokens
        shares = iter(logits.split_with_sizes([len(each.wanted) for each in asked]))
        for work in works:
            work.take(shares)

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
        if self._device.type == "cuda":
            torch.cuda.synchronize()
        self.meter.tokens += len(ids)
        self.meter.steps += 1
        self.meter.rows = sum(piece.rows for piece in pieces)
        self.meter.seconds += time.perf_counter() - began
        answer: torch.Tensor = logits.float()
        return answer

    def _tensor(self, numbers: Sequence[int]) -> torch.Tensor:
        return torch.tensor(numbers, device=self._device)


def plain_text(token: str) -> str:
    """A token of a byte-level or sentence-piece tokenizer as the text that it stands for."""
    if token == _SENTENCE_PIECE_LINE_END:
        return "\n"
    return token.replace("Ġ", " ").replace("▁", " ").replace("Ċ", "\n")


def _shape_of(model: Any, device: torch.device) -> Shape:
    config = model.config
    heads = config.num_attention_heads
    size = getattr(config, "head_dim", None) or config.hidden_size // heads
    key_heads = getattr(config, "num_key_value_heads", None) or heads
    dtype = model.get_input_embeddings().weight.dtype
    return Shape(config.num_hidden_layers, key_heads, size, dtype, device)
