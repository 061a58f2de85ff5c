"""Writing a verse: the plan first, then bar by bar the best of many candidates.

The writer tells events as they happen. A verse is a task of the engine, which may have many at
hand; whoever drives it may close it at any step.
"""

import secrets
import time
from collections.abc import Callable, Sequence
from functools import partial

import torch

from bars.analysis import describe_bar, score_verse
from bars.events import BarWritten, Event, Started, Token, VerseWritten
from bars.fingerprints import Fingerprints
from bars.language import Severity, mask
from bars.plan import BarPlan, plan_verse
from bars.text import last_word
from bars.verse import SEED_LIMIT, VerseRequest
from inference.asking import asking_for
from inference.bar_writer import BarWriter, Found, Order
from inference.drafting import Drafter, Wish
from inference.engine import Engine, Meter
from inference.rhyme_class import RhymeClasses
from inference.vocabulary import Vocabulary
from inference.work import Context, Task, counting

Tell = Callable[[Event], None]
# from which severity words are shown with asterisks
_MASKED = {"any": None, "mask": Severity.STRONG, "clean": Severity.MILD}
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
        learned: Fingerprints | None = None,
        stress: bool = True,
    ) -> None:
        self.engine = engine
        self._model, self._adapter = model, adapter
        classes = RhymeClasses(engine)
        self._asking = asking_for(prompt_version, engine, end_words)
        self._drafter = Drafter(engine, Vocabulary(engine.token_texts), classes)
        self._bars = BarWriter(engine, self._asking, self._drafter, classes, rows, learned, stress)

    def warm_up(self) -> None:
        """Read the usual prompt, so that the first visitor does not wait for it."""
        self.engine.run(self._warm_up())
        self.engine.meter = Meter()

    def _warm_up(self) -> Task[None]:
        context = yield from self._asking.begin(VerseRequest(topic="rain"), ())
        yield from self._drafter.draft(context, (), _WARM_UP, 1, torch.Generator(), lambda _: None)

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
        """Every bar, those that the visitor gave included."""
        random = torch.Generator().manual_seed(seed)
        verse = _Verse(request, tell)
        context: Context | None = None
        for plan in verse.plans:
            if plan.index not in verse.bars:
                if context is None:
                    context = yield from self._asking.begin(request, verse.begun(plan.index))
                order = verse.order(plan, context)
                preview = partial(verse.preview, plan.index)
                found = yield from self._bars.write(order, random, preview)
                verse.add(plan, found)
            else:
                verse.tell(plan, verse.bars[plan.index])
            if context and verse.unwritten():
                begun = verse.begun(plan.index + 1)
                context = yield from self._asking.go_on(context, verse.plans, begun)
        return verse.told


class _Verse:
    """A verse on its way: the bars that stand, by their places, and what has been told."""

    def __init__(self, request: VerseRequest, tell: Tell) -> None:
        self.request, self._tell = request, tell
        self.plans = plan_verse(request)
        kept = {plan.index: plan.kept for plan in self.plans if plan.kept is not None}
        self.bars = {**dict(enumerate(request.opening)), **kept}
        self.told: list[BarWritten] = []

    def begun(self, bars: int) -> list[str]:
        """The first bars."""
        return [self.bars[place] for place in range(bars)]

    def unwritten(self) -> bool:
        return len(self.bars) < len(self.plans)

    def order(self, plan: BarPlan, context: Context) -> Order:
        """What the next bar must be.

        It does not end on a word that the visitor says in another way than the lists: what rhymes
        with it there need not rhyme here.
        """
        wish, sounds = self.request.alternatives, self.request.sounds
        shown = list(self.bars.values())
        if wish:
            shown += [text for place, text in self.request.keep if place == wish.bar]
        return Order(
            self.request,
            plan,
            context,
            begun=self.begun(plan.index),
            partners=[sounds.on(self.bars[place]) for place in plan.partners],
            shown=shown,
            used=frozenset(last_word(bar) for bar in shown).union(sounds.by_word),
            count=wish.count if wish else 1,
        )

    def preview(self, bar: int, word: str) -> None:
        masked = _MASKED[self.request.language]
        self._tell(Token(bar, word if masked is None else mask(word, masked)))

    def add(self, plan: BarPlan, found: Sequence[Found]) -> None:
        """Tell what was written for a bar; the first of it stands."""
        self.bars[plan.index] = found[0].text
        for each in found:
            self.tell(plan, each.text, each.tried, each.note)

    def tell(self, plan: BarPlan, text: str, tried: int = 0, note: str | None = None) -> None:
        masked = _MASKED[self.request.language]
        sounds = self.request.sounds
        bar = describe_bar(text, plan, self.bars, tried, note, masked, sounds)
        self.told.append(bar)
        self._tell(bar)
