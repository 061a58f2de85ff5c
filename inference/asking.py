"""How the writer speaks to its model: by the version of the prompt that the model was trained on.

Both ways keep one rule: a context that is ready for a bar ends where the bar's first word begins.
"""

from collections.abc import Sequence
from typing import Protocol

import torch

from bars.plan import BarPlan
from bars.prompt import (
    BAR_END,
    next_plan,
    planned_word,
    render_planned,
    render_request,
    render_shared,
)
from bars.text import last_word
from bars.verse import VerseRequest
from inference.engine import Engine
from inference.rhyme_class import LONGER_WORD, EndWord
from inference.work import Context, Task, together


class Asking(Protocol):
    """One version of the prompt."""

    @property
    def version(self) -> int: ...

    def begin(self, request: VerseRequest, verse: Sequence[str]) -> Task[Context]:
        """Read everything before the next bar's end word."""

    def plain(self, context: Context) -> Task[Context]:
        """Read on to where the bar begins, under a plan that names no end word."""

    def guides(
        self, context: Context, ends: Sequence[EndWord], most: int, random: torch.Generator
    ) -> Task[list[Context]]:
        """The same under plans that each name one of the words: at most so many, drawn by the
        model's own price of each; none where the model reads no plans."""

    def go_on(
        self, context: Context, plans: Sequence[BarPlan], verse: Sequence[str]
    ) -> Task[Context]:
        """Read the last bar of the verse so far, and on to the next one's plan."""


class FewShot:
    """Version 1: a base model sees verses of ours and goes on."""

    version = 1

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._shared: dict[str, Context] = {}

    def begin(self, request: VerseRequest, verse: Sequence[str]) -> Task[Context]:
        shared = render_shared(request.scheme)
        if shared not in self._shared:
            self._shared[shared] = yield from self._engine.read(self._engine.encode(shared))
        rest = self._engine.encode(render_request(request, verse))
        return (yield from self._engine.read(rest, self._shared[shared]))

    def plain(self, context: Context) -> Task[Context]:
        yield from ()
        return context

    def guides(
        self, context: Context, ends: Sequence[EndWord], most: int, random: torch.Generator
    ) -> Task[list[Context]]:
        yield from ()
        return []

    def go_on(
        self, context: Context, plans: Sequence[BarPlan], verse: Sequence[str]
    ) -> Task[Context]:
        tokens = self._engine.encode(verse[-1] + BAR_END)
        return self._engine.read(tokens, context, forget=True)


class Planned:
    """Version 2: an adapter reads each bar's plan; with `words` the plan names its end word."""

    version = 2

    def __init__(self, engine: Engine, words: bool) -> None:
        self._engine = engine
        self._words = words

    def begin(self, request: VerseRequest, verse: Sequence[str]) -> Task[Context]:
        return self._engine.read(self._engine.encode(render_planned(request, verse, self._words)))

    def plain(self, context: Context) -> Task[Context]:
        return self._engine.read(self._engine.encode(planned_word("")), context)

    def guides(
        self, context: Context, ends: Sequence[EndWord], most: int, random: torch.Generator
    ) -> Task[list[Context]]:
        named = _drawn(context, ends, most, random) if self._words and ends else []
        texts = [planned_word(word) for word in named]
        return together([self._engine.read(self._engine.encode(text), context) for text in texts])

    def go_on(
        self, context: Context, plans: Sequence[BarPlan], verse: Sequence[str]
    ) -> Task[Context]:
        told = planned_word(last_word(verse[-1]) if self._words else "") + verse[-1] + BAR_END
        told += next_plan(plans, verse, self._words)
        return self._engine.read(self._engine.encode(told), context, forget=True)


def _drawn(
    context: Context, ends: Sequence[EndWord], count: int, random: torch.Generator
) -> list[str]:
    """Some of the words, each at most once."""
    firsts = torch.tensor([end.tokens[0] for end in ends], device=context.logits.device)
    longer = torch.tensor([(len(end.tokens) - 1) * LONGER_WORD for end in ends])
    prices = context.logits[firsts].double().cpu() - longer
    noise = torch.rand(len(ends), generator=random, dtype=torch.float64).clamp_min(1e-12)
    order = (prices - noise.log().neg().log()).argsort(descending=True)  # Gumbel's top k
    return [ends[place].text for place in order[:count].tolist()]


def asking_for(version: int, engine: Engine, words: bool) -> Asking:
    """The way that a model of this prompt version is spoken to."""
    return FewShot(engine) if version == FewShot.version else Planned(engine, words)
