"""How likely a model finds bars: those that were served, beside those that it samples freely.

Both are read in the same plain context, which names no end word: a bar after its verse so far,
with letters and syllables where the adapter reads plans. Whoever is told the word would find every
ending likely.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from bars.plan import plan_verse
from bars.prompt import (
    BAR_END,
    LESSON_VERSION,
    next_plan,
    planned_word,
    render_planned,
    render_prompt,
)
from bars.text import words_of
from bars.verse import VerseRequest
from training_job.evaluated_model import ModelFolder
from training_job.figures import Way
from training_job.generation import converse
from training_job.token_rows import Manner
from training_job.verse_prompts import VersePrompt
from training_job.verse_talks import verse_talk

Watch = Callable[[Iterable[Any], str, int], Iterable[Any]]


@dataclass(frozen=True)
class Price:
    """Natural log-probabilities of a bar: of all its tokens with its line end, and of the last
    word with the line end (the fit of its ending)."""

    nats: float
    tokens: int
    end_fit: float


class Reader:
    """One model, read by its own version of the prompt."""

    def __init__(self, model: Path, adapter: Path | None, threads: int = 0) -> None:
        folder = ModelFolder.find(model, adapter, bare=adapter is None)
        self._speaker = folder.load(threads)
        plans = adapter is not None and folder.run.prompt_version == LESSON_VERSION
        self._way = Way.PLAIN if plans else Way.FEW_SHOT

    def sample(self, requests: Sequence[VerseRequest], watch: Watch) -> list[list[str]]:
        """The bars of each request, written freely: no constraint, one candidate."""
        verses: list[list[str]] = [[] for _ in requests]
        manners: dict[Manner, list[int]] = {}
        for place, request in enumerate(requests):
            manners.setdefault(Manner(request.temperature, request.top_p), []).append(place)
        for manner, places in manners.items():
            prompts = [VersePrompt(str(place), requests[place]) for place in places]
            talks = [verse_talk(prompt, self._way, 1, 0) for prompt in prompts]
            written = converse(self._speaker, talks, manner, places)
            for at, verse in watch(written, "Sampling freely", len(places)):
                verses[places[at]] = verse.lines
        return verses

    def price(self, request: VerseRequest, bars: Sequence[str]) -> list[Price]:
        """A price for every written bar that has words; `bars` begin with the opening's."""
        ids: list[int] = []
        spans: list[tuple[int, int, int]] = []  # begin, last word, end
        for told, bar, written in _pieces(request, bars, self._way):
            ids += self._speaker.encode(told)
            tokens = self._speaker.encode(bar + BAR_END)
            if not written or not words_of(bar):  # free samples may be empty
                ids += tokens
                continue
            last = self._last_word([self._speaker.text_of(token) for token in tokens])
            spans.append((len(ids), len(ids) + last, len(ids) + len(tokens)))
            ids += tokens
        nats = self._nats(ids) if spans else []
        return [
            Price(sum(nats[begin:end]), end - begin, sum(nats[last:end]))
            for begin, last, end in spans
        ]

    def fluency(
        self, verses: Iterable[tuple[VerseRequest, Sequence[str]]]
    ) -> dict[str, float | None]:
        """Mean log-probability a token of some verses' written bars, and mean fit of endings."""
        prices = [price for request, bars in verses for price in self.price(request, bars)]
        tokens = sum(price.tokens for price in prices)
        return {
            "nats": sum(price.nats for price in prices) / tokens if prices else None,
            "end_fit": sum(price.end_fit for price in prices) / len(prices) if prices else None,
        }

    @staticmethod
    def _last_word(texts: Sequence[str]) -> int:
        """The token with which the last word of a bar begins."""
        starts = (at for at, text in enumerate(texts) if text.startswith(" "))
        return max(starts, default=0)

    def _nats(self, ids: Sequence[int]) -> list[float]:
        """The log-probability of each token after those before it; 0 for the first."""
        told = torch.tensor([ids], device=self._speaker.device)
        with torch.inference_mode():
            logits = self._speaker.model(input_ids=told).logits[0, :-1].float()
        found = logits.log_softmax(-1).gather(-1, told[0, 1:, None])[:, 0]
        return [0.0, *found.tolist()]


def _pieces(
    request: VerseRequest, bars: Sequence[str], way: Way
) -> Iterator[tuple[str, str, bool]]:
    """What a model is told before each bar after the opening, the bar, and whether it was written:
    not kept by the visitor."""
    plans, begin = plan_verse(request), len(request.opening)
    for place in range(begin, len(bars)):
        written = plans[place].kept is None
        if way is Way.FEW_SHOT:
            told = render_prompt(request, bars[:begin]) if place == begin else ""
        elif place == begin:
            told = render_planned(request, bars[:begin], False) + planned_word("")
        else:
            told = next_plan(plans, bars[:place], False) + planned_word("")
        yield told, bars[place], written
