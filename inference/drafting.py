"""Drafting one bar: rows of candidates grow word by word, and endings are banked on the way.

At every word boundary the logits that are there already price every end word that fits what is
left of the bar, so that a rhyme costs no search of its own. How well a bar ends is decided by its
last few words: rows of a bar that must rhyme are copied shortly before, and go different ways.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

import torch

from bars.language import Severity
from bars.pronunciation import hear
from inference.candidates import Candidate, Price, worth
from inference.engine import Engine
from inference.guided_rows import GuidedRows
from inference.rhyme_class import LONGER_WORD, EndWord, RhymeClasses, is_weak, may_open_rhyme
from inference.vocabulary import Vocabulary, is_allowed
from inference.work import Context, Task

FEWEST_PARTNERS = 8  # of a word that opens a rhyme
_CHOICES = 48  # likeliest tokens that a row chooses among
_MISS = 2.0  # log-probability that a syllable beside the target costs
_MOST_STEPS = 40
_ENDINGS_A_ROW = 4
NEAR = 4  # syllables before its end, a row of a bar that must rhyme is copied
COPIES = 4  # that it goes on as
_LINE_END = -0.5  # log-probability, roughly, after a word that fits


@dataclass(frozen=True)
class Wish:
    """What a bar must be: its length, and the words it may end on (None: any that we can hear)."""

    target: int
    slack: int
    ends: Sequence[EndWord] | None
    rhymed_later: bool
    temperature: float
    top_p: float
    least: Severity = Severity.SLUR  # of words that may not stand in it
    used: frozenset[str] = frozenset()  # words that it may not end on
    said: Mapping[str, str] = field(default_factory=dict)  # corrected words, with their sounds


@dataclass
class Row:
    """One candidate as far as it is written."""

    text: str = ""
    price: float = 0.0  # log-probability of its tokens
    last: float = 0.0  # of those of its last word
    tokens: int = 0
    earlier: int = 0  # syllables before its last word
    copied: bool = False
    way: int = 0  # the number of a new copy among its like, which all take different tokens
    dead: bool = False
    said: Mapping[str, str] = field(default_factory=dict)

    @property
    def word(self) -> str:
        """The last word, lower case, as far as it is written."""
        return self.text[self.text.rfind(" ") + 1 :].rstrip(",").lower()

    @property
    def count(self) -> int:
        """Syllables, at the fewest."""
        word = self.word
        return self.earlier + _syllables(self.said.get(word, word))

    def grow(self, text: str, price: float) -> None:
        """Take one more token."""
        begins = text.startswith(" ")
        if begins:
            self.earlier = self.count
        self.text += text
        self.price += price
        self.last = price if begins else self.last + price
        self.tokens += 1


class Drafter:
    """Writes the candidates of one bar."""

    def __init__(self, engine: Engine, vocabulary: Vocabulary, classes: RhymeClasses) -> None:
        self._engine = engine
        self._vocabulary = vocabulary
        self._first = torch.tensor(vocabulary.first)
        self._later = torch.tensor(vocabulary.later)
        self._classes = classes

    def draft(
        self,
        plain: Context,
        guides: Sequence[Context],
        wish: Wish,
        rows: int,
        random: torch.Generator,
        preview: Callable[[str], None],
    ) -> Task[list[Candidate]]:
        """The banked candidates; `preview` hears each word of one row.

        They go on from the plain context, steered by guides as GuidedRows has it.
        """
        live = [Row(said=wish.said) for _ in range(rows)]
        states = GuidedRows(self._engine, plain, guides, rows)
        bank: list[Candidate] = []
        priced = _Priced(wish.ends, states.logits.device) if wish.ends is not None else None
        leader = _Leader(preview)
        for step in range(_MOST_STEPS):
            prices = states.logits.log_softmax(-1)
            if step and priced:
                self._bank_rhymes(bank, live, prices, wish, priced)
                live, spread = _copy_those_near_their_end(live, states, wish)
                prices = prices[spread]
            elif step:
                self._bank_natural_ends(bank, live, prices, wish)
            steered = states.steered(prices)
            chosen = self._choose(live, prices, steered, wish, random, first=step == 0)
            keep = [i for i, row in enumerate(live) if not row.dead]
            self._engine.meter.rejected += len(live) - len(keep)
            if not keep:
                break
            if len(keep) < len(live):
                states.keep(keep)
                live, chosen = [live[i] for i in keep], [chosen[i] for i in keep]
            yield from states.append(chosen)
            leader.tell(live)
        return bank

    def _choose(
        self,
        live: Sequence[Row],
        prices: torch.Tensor,
        steered: torch.Tensor,
        wish: Wish,
        random: torch.Generator,
        first: bool,
    ) -> list[int]:
        """The next token of each row; a row without one, or too long, is dead."""
        index = (self._first if first else self._later).to(prices.device)
        likely = (steered[:, index] / wish.temperature).log_softmax(-1)
        top, where = likely.topk(min(_CHOICES, len(index)), dim=-1)
        outside = top.exp().cumsum(-1) - top.exp() > wish.top_p
        noise = torch.rand(top.shape, generator=random).clamp_min(1e-9).log().neg().log().neg()
        noise = noise[[place - row.way for place, row in enumerate(live)]]  # one for all copies
        order = (top.cpu() + noise).masked_fill(outside.cpu(), -torch.inf).argsort(-1, True)
        drawn = index[where].cpu().gather(-1, order).tolist()
        inside = (~outside).sum(-1).tolist()
        chosen = []
        for i, row in enumerate(live):
            tokens = drawn[i][: inside[i]] if row.way else drawn[i]
            token = self._drawn(row, tokens, wish.least)
            self._grow(row, token, float(prices[i, token]) if token is not None else 0.0, wish)
            chosen.append(token or 0)
        return chosen

    def _drawn(self, row: Row, tokens: Sequence[int], least: Severity) -> int | None:
        """The first drawn token that keeps a hearable word; for a copy, the one of its number."""
        if not row.text:
            return tokens[0]
        fitting = (t for t in tokens if self._vocabulary.may_follow(row.text, t, least))
        token = next(islice(fitting, row.way, None), None)
        row.way = 0
        return token

    def _grow(self, row: Row, token: int | None, price: float, wish: Wish) -> None:
        if token is None:
            row.dead = True
            return
        text = self._vocabulary.texts[token]
        row.dead = text.startswith(" ") and row.count >= wish.target + wish.slack
        row.grow(text, price)

    def _bank_natural_ends(
        self, bank: list[Candidate], live: list[Row], prices: torch.Tensor, wish: Wish
    ) -> None:
        ends = prices[:, self._vocabulary.line_ends].logsumexp(-1).tolist()
        for row, end in zip(live, ends, strict=True):
            word, miss = row.word, abs(row.count - wish.target)
            if row.text.endswith(",") or miss > wish.slack or word in wish.used:
                continue
            opens = self._opens_rhyme(word) if wish.rhymed_later else not is_weak(word)
            if not opens or not is_allowed(word, wish.least):
                continue
            price = Price((row.price + end) / (row.tokens + 1), row.last + end)
            bank.append(Candidate(row.text, worth(price) - miss, miss, price=price))

    def _opens_rhyme(self, word: str) -> bool:
        return may_open_rhyme(word) and self._classes.partners_of(word) >= FEWEST_PARTNERS

    def _bank_rhymes(
        self,
        bank: list[Candidate],
        live: list[Row],
        prices: torch.Tensor,
        wish: Wish,
        ends: "_Priced",
    ) -> None:
        words = prices[:, ends.firsts].cpu() - ends.longer
        counts = torch.tensor([row.count for row in live])
        misses = (counts[:, None] + ends.lengths - wish.target).abs()
        total = words - _MISS * misses
        best, places = total.topk(min(_ENDINGS_A_ROW, len(ends.words)))
        for i, row in enumerate(live):
            if not is_allowed(row.word, wish.least):
                continue
            for price, place in zip(best[i].tolist(), places[i].tolist(), strict=True):
                end, miss = ends.words[place], int(misses[i, place])
                if miss <= wish.slack and end.text != row.word:
                    tokens, ending = len(end.tokens), price + _LINE_END
                    rough = Price((row.price + ending) / (row.tokens + tokens + 1), ending)
                    bank.append(Candidate(f"{row.text} {end.text}", worth(rough), miss, tokens))


class _Priced:
    """End words as tensors: first tokens, what further tokens cost, syllables."""

    def __init__(self, words: Sequence[EndWord], device: torch.device) -> None:
        self.words = words
        self.firsts = torch.tensor([end.tokens[0] for end in words], device=device)
        self.longer = torch.tensor([(len(end.tokens) - 1) * LONGER_WORD for end in words])
        self.lengths = torch.tensor([end.syllables for end in words])


def _syllables(word: str) -> int:
    return hear(word).syllables[0] if word else 0


def _copy_those_near_their_end(
    live: list[Row], states: GuidedRows, wish: Wish
) -> tuple[list[Row], Sequence[int] | slice]:
    """The rows and copies of those near their end, and which each was; a guide has told its word
    by then."""
    near = [not row.copied and row.count >= wish.target - NEAR for row in live]
    if not any(near):
        return live, slice(None)
    ways = [(at, way) for at in range(len(live)) for way in range(COPIES if near[at] else 1)]
    spread = [at for at, _ in ways]
    states.keep(spread, {new for new, at in enumerate(spread) if near[at]})
    for row, is_near in zip(live, near, strict=True):
        row.copied = row.copied or is_near
    return [replace(live[at], way=way) if way else live[at] for at, way in ways], spread


class _Leader:
    """The row that is previewed: the likeliest once each has two tokens."""

    def __init__(self, preview: Callable[[str], None]) -> None:
        self._preview, self._told = preview, 0
        self._row: Row | None = None

    def tell(self, live: Sequence[Row]) -> None:
        """Preview its finished words that were not told yet."""
        if self._row is None and live[0].tokens > 1:
            self._row = max(live, key=lambda row: row.price)
        words = self._row.text.split(" ")[:-1] if self._row else []
        for word in words[self._told :]:
            self._preview(word + " ")
        self._told = len(words)
