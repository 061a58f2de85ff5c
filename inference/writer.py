"""Writing a verse: the plan first, then bar by bar the best of many candidates.

The writer tells events as they happen. A verse is a task of the engine, which may have many at
hand; whoever drives it may close it at any step.
"""

import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import torch

from bars.analysis import describe_bar, score_verse
from bars.events import BarWritten, Event, Started, Token, VerseWritten
from bars.plan import USUAL_SYLLABLES, BarPlan, plan_verse
from bars.prompt import BAR_END, examples
from bars.rhyme import RhymeKind
from bars.text import last_word
from bars.verse import SEED_LIMIT, VerseRequest
from inference.asking import Asked, asking_for
from inference.candidates import Candidate, best_banked, quality
from inference.drafting import Drafter, Wish
from inference.engine import Context, Engine, Task, counting
from inference.rhyme_class import EndWord, RhymeClasses
from inference.vocabulary import Vocabulary

RESCORED = 16  # candidates that are read whole before one is chosen
_SLACKS = (1, 3, 6, 20)  # syllables beside the target: the next is tried when none is found
Tell = Callable[[Event], None]


_WARM_UP = Wish(4, 1, None, False, temperature=1.0, top_p=1.0)


class Writer:
    """Writes verses with one engine."""

    def __init__(
        self,
        engine: Engine,
        model: str,
        adapter: str | None,
        rows: int,
        prompt_version: int = 1,
        end_words: bool = False,
    ) -> None:
        self.engine = engine
        self._model, self._adapter, self._rows = model, adapter, rows
        self._classes = RhymeClasses(engine)
        self._asking = asking_for(prompt_version, engine, self._classes, end_words)
        self._drafter = Drafter(engine, Vocabulary(engine.token_texts()), self._classes)

    def warm_up(self) -> None:
        """Read the usual prompt, so that the first visitor does not wait for it."""
        self.engine.run(self._warm_up())

    def _warm_up(self) -> Task[None]:
        context = yield from self._asking.begin(VerseRequest(topic="rain"), ())
        yield from self._drafter.draft(context, _WARM_UP, 1, torch.Generator(), lambda _: None)

    def write(self, request: VerseRequest, request_id: str, tell: Tell) -> Task[VerseWritten]:
        """Tell every event of a verse, in order."""
        began, sizes = time.monotonic(), list[int]()
        seed = secrets.randbelow(SEED_LIMIT) if request.seed is None else request.seed
        tell(Started(request_id, self._model, self._adapter, self._asking.version, seed))
        told = yield from counting(self._write(request, seed, tell), sizes.append)
        seconds = round(time.monotonic() - began, 3)
        end = VerseWritten(score_verse(told), seconds, sum(sizes))
        tell(end)
        return end

    def _write(self, request: VerseRequest, seed: int, tell: Tell) -> Task[list[BarWritten]]:
        """Every bar, the opening's included."""
        random = torch.Generator().manual_seed(seed)
        plans, verse, told = plan_verse(request), list[str](), list[BarWritten]()
        for plan, bar in zip(plans, request.opening, strict=False):
            told.append(describe_bar(bar, plan, verse))
            verse.append(bar)
            tell(told[-1])
        context = yield from self._asking.begin(request, verse)
        for plan in plans[len(verse) :]:
            preview = partial(_preview, tell, plan.index)
            found = yield from self._bar(request, plan, context, verse, random, preview)
            told.append(describe_bar(found.text, plan, verse, found.tried))
            verse.append(found.text)
            tell(told[-1])
            if plan.index < len(plans) - 1:
                context = yield from self._asking.go_on(found.asked, plans, verse)
        return told

    def _bar(
        self,
        request: VerseRequest,
        plan: BarPlan,
        context: Context,
        verse: Sequence[str],
        random: torch.Generator,
        preview: Callable[[str], None],
    ) -> Task["_Found"]:
        """The bar that stands."""
        tried = 0
        for ends in self._endings(request, plan, verse):
            asked = yield from self._asking.plan_word(context, plan, ends, random)
            for slack in _SLACKS:
                wish = _wish(request, plan, ends, slack)
                bank = yield from self._drafter.draft(
                    asked.ready, wish, self._rows, random, preview
                )
                tried += self._rows
                if fresh := [c for c in bank if c.text not in verse]:
                    best = best_banked(fresh, RESCORED)
                    text = yield from self._choose(asked.ready, best, verse)
                    return _Found(asked, text, max(tried, len(bank)))
        raise RuntimeError(f"No candidate was found for bar {plan.index}.")

    def _endings(
        self, request: VerseRequest, plan: BarPlan, verse: Sequence[str]
    ) -> Iterator[list[EndWord] | None]:
        """What the bar may end on: first as asked, then what comes nearest, then anything."""
        if plan.partners:
            words = [last_word(verse[i]) for i in plan.partners]
            kinds = [RhymeKind.PERFECT, RhymeKind.SLANT]
            for kind in kinds if request.rhyme == "perfect" else kinds[::-1]:
                if ends := self._classes.rhyming(words, kind):
                    yield ends
        yield None

    def _choose(
        self, context: Context, candidates: Sequence[Candidate], verse: Sequence[str]
    ) -> Task[str]:
        lines = [self.engine.encode(c.text + BAR_END) for c in candidates]
        shown = [*verse, *(bar for example in examples() for bar in example.bars)]
        scores = yield from self.engine.score(context, lines)
        rated = [quality(c, s, shown) for c, s in zip(candidates, scores, strict=True)]
        return candidates[rated.index(max(rated))].text


@dataclass(frozen=True)
class _Found:
    """A bar that stands: what was read before it, its text, and how many candidates there were."""

    asked: Asked
    text: str
    tried: int


def _preview(tell: Tell, bar: int, word: str) -> None:
    tell(Token(bar, word))


def _wish(request: VerseRequest, plan: BarPlan, ends: list[EndWord] | None, slack: int) -> Wish:
    free = plan.target is None
    return Wish(
        target=plan.target or USUAL_SYLLABLES,
        slack=slack + 2 if free else slack,
        ends=ends,
        rhymed_later=plan.rhymed_later and slack < _SLACKS[-1],
        temperature=request.temperature,
        top_p=request.top_p,
    )
