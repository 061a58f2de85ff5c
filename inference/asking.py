"""How the writer speaks to its model: by the version of the prompt that the model was trained on.

Both ways keep one rule: a context that is ready for a bar ends where the bar's first word begins.
"""

from collections.abc import Sequence
from dataclasses import dataclass
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
from inference.engine import Context, Engine, Task
from inference.rhyme_class import EndWord, RhymeClasses, may_open_rhyme

MOST_PRICED = 64  # words of a class among which the planned one is chosen
PROPOSED = 12  # words that the model may propose for a bar that is free to choose


@dataclass(frozen=True)
class Asked:
    """What the model has read: up to a bar's plan, and up to the bar itself."""

    before_plan: Context
    ready: Context


class Asking(Protocol):
    """One version of the prompt."""

    @property
    def version(self) -> int: ...

    def begin(self, request: VerseRequest, verse: Sequence[str]) -> Task[Context]:
        """Read everything before the next bar's end word."""

    def plan_word(
        self, context: Context, plan: BarPlan, ends: list[EndWord] | None, random: torch.Generator
    ) -> Task[Asked]:
        """Read on to where the bar begins, perhaps with the word that it is to end on."""

    def go_on(self, asked: Asked, plans: Sequence[BarPlan], verse: Sequence[str]) -> Task[Context]:
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

    def plan_word(
        self, context: Context, plan: BarPlan, ends: list[EndWord] | None, random: torch.Generator
    ) -> Task[Asked]:
        yield from ()
        return Asked(context, context)

    def go_on(self, asked: Asked, plans: Sequence[BarPlan], verse: Sequence[str]) -> Task[Context]:
        tokens = self._engine.encode(verse[-1] + BAR_END)
        return (yield from self._engine.read(tokens, asked.ready))


class Planned:
    """Version 2: an adapter reads each bar's plan; with `words` the plan names its end word."""

    version = 2

    def __init__(self, engine: Engine, classes: RhymeClasses, words: bool) -> None:
        self._engine = engine
        self._classes = classes
        self._words = words

    def begin(self, request: VerseRequest, verse: Sequence[str]) -> Task[Context]:
        return self._engine.read(self._engine.encode(render_planned(request, verse, self._words)))

    def plan_word(
        self, context: Context, plan: BarPlan, ends: list[EndWord] | None, random: torch.Generator
    ) -> Task[Asked]:
        word = ""
        if self._words:
            choices = [end.text for end in ends] if ends else self._proposed(context, plan)
            if choices:
                word = yield from self._likely(context, choices, random)
        return Asked(context, (yield from self._read(context, planned_word(word))))

    def go_on(self, asked: Asked, plans: Sequence[BarPlan], verse: Sequence[str]) -> Task[Context]:
        word = last_word(verse[-1]) if self._words else ""
        told = planned_word(word) + verse[-1] + BAR_END + next_plan(plans, verse, self._words)
        return self._read(asked.before_plan, told)

    def _read(self, context: Context, text: str) -> Task[Context]:
        return self._engine.read(self._engine.encode(text), context, forget=True)

    def _likely(self, context: Context, choices: list[str], random: torch.Generator) -> Task[str]:
        """One of some words, drawn by the model's own price of it in the plan."""
        words = choices[:MOST_PRICED]
        lines = self._engine.encode_all([planned_word(word) for word in words])
        scores = yield from self._engine.score(context, lines)
        prices = torch.tensor([sum(each) for each in scores])
        drawn = torch.multinomial(prices.softmax(-1), 1, generator=random)
        return words[int(drawn)]

    def _proposed(self, context: Context, plan: BarPlan) -> list[str]:
        """Words of one token that the model finds likely; full ones where they must be rhymed."""
        texts = self._engine.token_texts()
        found: list[str] = []
        for token in context.logits.topk(20 * PROPOSED).indices.tolist():
            word = texts[token].removeprefix(" ")
            rhymable = may_open_rhyme(word) and self._classes.partners_of(word) > 0
            if texts[token].startswith(" ") and rhymable:
                found.append(word)
            if len(found) == PROPOSED:
                break
        return found


def asking_for(version: int, engine: Engine, classes: RhymeClasses, words: bool) -> Asking:
    """The way that a model of this prompt version is spoken to."""
    return FewShot(engine) if version == FewShot.version else Planned(engine, classes, words)
