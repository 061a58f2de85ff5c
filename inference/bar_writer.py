"""Writing one bar: endings that fit, candidates under each, and the one that reads best."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import torch

from bars.fingerprints import RUN, Fingerprints, run_words
from bars.language import Severity, is_clean
from bars.meter import agreement, flexible_stress
from bars.plan import USUAL_SYLLABLES, BarPlan
from bars.prompt import BAR_END, examples
from bars.text import last_word, runs, words_of
from bars.verse import VerseRequest
from bars.verse_sound import equal_vowels
from inference.asking import Asking
from inference.candidates import (
    INTERNAL_RHYME,
    Candidate,
    Price,
    best_banked,
    internal_rhymes,
    price_of,
    quality,
)
from inference.drafting import Drafter, Wish
from inference.endings import Ending, endings_for
from inference.engine import Engine
from inference.rhyme_class import RhymeClasses
from inference.work import Context, Task

LOOKED_AT = 64  # candidates whose stress is heard
RESCORED = 8  # of these are priced exactly
DRAFTS = 3  # of a bar, before one that misses its length is taken
STRESS = 2.0  # what it is worth that all stresses fall as in the verse's first bar
WORDS = 2  # that plans name to guide a bar's candidates
_SLACKS = (1, 3, 6, 20)  # syllables beside the target: the next is tried when none is found
_FREE = 2  # syllables beside the usual count that a free bar may have
# from which severity words are not written
_NEVER = {"any": Severity.SLUR, "mask": Severity.SLUR, "clean": Severity.MILD}


@dataclass(frozen=True)
class Order:
    """A bar to be written.

    `begun` are the bars before it, `partners` those that it must rhyme with, as they are to be
    heard, `shown` all that it should not repeat, `used` the words that it must not end on. `count`
    different bars are wanted.
    """

    request: VerseRequest
    plan: BarPlan
    context: Context
    begun: Sequence[str]
    partners: Sequence[str]
    shown: Sequence[str]
    used: frozenset[str]
    count: int = 1

    def heard(self, bar: str) -> str:
        """The bar as it is to be heard."""
        return self.request.sounds.on(bar)


@dataclass(frozen=True)
class Found:
    """A bar that was written, of how many candidates, and what could not be as asked."""

    text: str
    tried: int
    note: str | None


class BarWriter:
    """Writes bars with one engine."""

    def __init__(
        self,
        engine: Engine,
        asking: Asking,
        drafter: Drafter,
        classes: RhymeClasses,
        rows: int,
        learned: Fingerprints | None,
        stress: bool,
    ) -> None:
        self._engine, self._asking, self._drafter = engine, asking, drafter
        self._classes, self._rows, self._learned = classes, rows, learned
        self._stress = STRESS if stress else 0.0

    def write(
        self, order: Order, random: torch.Generator, preview: Callable[[str], None]
    ) -> Task[list[Found]]:
        """At least one bar, at most as many as are wanted, the best first.

        `preview` hears the words of one candidate of the first draft.
        """
        tried, plan = 0, order.plan
        plain = yield from self._asking.plain(order.context)
        for ending, slack in self._attempts(order):
            bank = list[Candidate]()
            for _ in range(DRAFTS):
                heard = _mute if tried else preview
                bank += yield from self._draft(order, plain, ending, slack, random, heard)
                tried += self._rows
                fitting = self._fitting(bank, order, ending)
                if fitting and (plan.target is None or not fitting[0].miss):
                    break
            if fitting:
                bars = yield from self._best(order, plain, fitting)
                notes = (ending.note, _miss_note(plan, bars[0]), _few_note(order, bars))
                note = " ".join(filter(None, notes)) or None
                return [Found(bar.text, max(tried, len(bank)), note) for bar in bars]
        raise RuntimeError(f"No candidate was found for bar {plan.index}.")

    def _attempts(self, order: Order) -> Iterator[tuple[Ending, int]]:
        """Endings with the syllables beside the target that are allowed, the best first: a rhyme
        before no rhyme, and the right length before the better rhyme."""
        least = _NEVER[order.request.language]
        endings = list(
            endings_for(
                order.plan, order.partners, order.used, order.request.rhyme, self._classes, least
            )
        )
        rhyming = [ending for ending in endings if ending.words is not None]
        free = [ending for ending in endings if ending.words is None]
        for group in (rhyming, free):
            yield from ((ending, slack) for slack in _SLACKS for ending in group)

    def _draft(
        self,
        order: Order,
        plain: Context,
        ending: Ending,
        slack: int,
        random: torch.Generator,
        preview: Callable[[str], None],
    ) -> Task[list[Candidate]]:
        """Candidates on their way to some words of those that the bar may end on."""
        ends, most = ending.words or (), min(WORDS, self._rows)
        guides = yield from self._asking.guides(order.context, ends, most, random)
        wish = _wish(order, ending, slack)
        return (yield from self._drafter.draft(plain, guides, wish, self._rows, random, preview))

    def _fitting(self, bank: Sequence[Candidate], order: Order, ending: Ending) -> list[Candidate]:
        """The best that may stand: of the right length if any is, and saying nothing twice."""
        least = _NEVER[order.request.language]
        before = {run for bar in _all_shown(order.shown) for run in _said_once(bar)}

        def run_of(text: str) -> int:
            return equal_vowels(order.heard(text), ending.like)

        def may_stand(candidate: Candidate) -> bool:
            own = _said_once(candidate.text)
            return (
                last_word(candidate.text) not in order.used
                and before.isdisjoint(own)
                and len(set(own)) == len(own)
                and is_clean(candidate.text, least)
                and (not ending.run or run_of(candidate.text) >= ending.run)
                and not self._is_copied(candidate.text, order)
            )

        most = 3 if order.count == 1 else 1  # lines of one end word
        found = best_banked(bank, LOOKED_AT, most, may_stand)
        free = order.plan.target is None
        return [each for each in found if free or each.miss == found[0].miss]

    def _is_copied(self, text: str, order: Order) -> bool:
        """Whether a bar, with those beside it, has eight words in a row from training lyrics."""
        if self._learned is None:
            return False
        before = [word for bar in order.begun[-2:] for word in run_words(bar)]
        after = run_words(order.request.kept.get(order.plan.index + 1, ""))
        words = [*before[-(RUN - 1) :], *run_words(text), *after[: RUN - 1]]
        return bool(self._learned.copied_at(words))

    def _best(
        self, order: Order, plain: Context, fitting: Sequence[Candidate]
    ) -> Task[list[Candidate]]:
        """The bars that read best, each with an end word of its own."""
        banked = sorted(fitting, key=lambda c: -c.banked - self._sound(order, c))[:RESCORED]
        prices = yield from self._prices(plain, banked)
        rates = [
            quality(candidate, price, order.shown) + self._sound(order, candidate)
            for candidate, price in zip(banked, prices, strict=True)
        ]
        ordered = sorted(range(len(banked)), key=lambda place: -rates[place])
        chosen: dict[str, Candidate] = {}
        for place in ordered:
            chosen.setdefault(last_word(banked[place].text), banked[place])
        return list(chosen.values())[: order.count]

    def _prices(self, plain: Context, banked: Sequence[Candidate]) -> Task[list[Price]]:
        """What the model thinks of lines when no plan has told it how they end, as readers are not
        told: who knows the word finds any ending likely."""
        unread = [candidate for candidate in banked if candidate.price is None]
        lines = self._engine.encode_all([each.text + BAR_END for each in unread])
        scores = (yield from self._engine.score(plain, lines)) if lines else []
        found = iter(
            price_of(score, each.end_tokens) for score, each in zip(scores, unread, strict=True)
        )
        return [each.price or next(found) for each in banked]

    def _sound(self, order: Order, candidate: Candidate) -> float:
        """What it is worth that a bar is stressed as the verse's first one, and rhymes inside."""
        text, worth = order.heard(candidate.text), 0.0
        if self._stress and order.begun:
            worth += self._stress * agreement(text, flexible_stress(order.heard(order.begun[0])))
        if order.request.internal:
            worth += INTERNAL_RHYME * internal_rhymes(text, [*map(order.heard, order.begun[-1:])])
        return worth


def _said_once(bar: str) -> list[tuple[str, ...]]:
    """What no other bar may say: every three words in a row."""
    return runs(words_of(bar), 3)


def _all_shown(shown: Sequence[str]) -> list[str]:
    return [*shown, *(bar for example in examples() for bar in example.bars)]


def _mute(word: str) -> None:
    """Candidates beside the one that is previewed."""


def _wish(order: Order, ending: Ending, slack: int) -> Wish:
    free = order.plan.target is None
    return Wish(
        target=order.plan.target or USUAL_SYLLABLES,
        slack=slack + _FREE if free else slack,
        ends=ending.words,
        rhymed_later=order.plan.rhymed_later and slack < _SLACKS[-1],
        temperature=order.request.temperature,
        top_p=order.request.top_p,
        least=_NEVER[order.request.language],
        used=order.used,
        said=order.request.sounds.by_word,
    )


def _few_note(order: Order, bars: Sequence[Candidate]) -> str | None:
    if len(bars) == order.count:
        return None
    return f"{len(bars)} different bars were found, not {order.count}."


def _miss_note(plan: BarPlan, bar: Candidate) -> str | None:
    if plan.target is None or not bar.miss:
        return None
    return f"No bar of {plan.target} syllables was found: this one is beside it by {bar.miss}."
