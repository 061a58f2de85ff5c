"""Verses that visitors put together: bars chosen among candidates, or edited by hand."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bars.analysis import describe_bar
from bars.events import BarWritten
from bars.language import Severity, is_clean
from bars.plan import plan_verse
from bars.request_fields import Fields
from bars.sounds import Sounds
from bars.text import tidy
from bars.verse import MOST_BARS, Problem, RequestRefused, VerseRequest

# fields of a wish that say what to write; `sounds` are read apart, for all the bars
_OF_WRITING = ("keep", "alternatives", "opening", "sounds")


def read_composed(body: Any) -> tuple[VerseRequest, list[BarWritten]]:
    """The wish that a verse began with, and its bars as they are now heard; or RequestRefused.

    `bars` are the texts; `written` are the places of those that the model wrote, by the visitor's
    own word, so that a verse that is kept is shown as edited. A corrected word that was edited away
    needs no sound any more.
    """
    if not isinstance(body, Mapping) or not isinstance(body.get("request"), Mapping):
        raise RequestRefused((Problem("request", None, "must be the wish, a JSON object."),))
    texts = _texts(body.get("bars"))
    written = body.get("written", [])
    if not isinstance(written, list) or not all(type(place) is int for place in written):
        raise RequestRefused((Problem("written", None, "must be a list of places, from 0."),))
    if not isinstance(body.get("keep", False), bool):
        raise RequestRefused((Problem("keep", None, "must be true or false."),))
    wish = {name: given for name, given in body["request"].items() if name not in _OF_WRITING}
    request = VerseRequest.from_json({**wish, "opening": texts[:1], "bars": len(texts)})
    request = replace(request, sounds=read_sounds(body["request"]).within(texts))
    told: list[BarWritten] = []
    for plan, text in zip(plan_verse(request), texts, strict=True):
        before, tried = [bar.text for bar in told], int(plan.index in written)
        told.append(describe_bar(text, plan, before, tried, sounds=request.sounds))
    return request, told


def read_sounds(body: Mapping[str, Any]) -> Sounds:
    """The corrections of a body, whatever words they are for; or RequestRefused."""
    reading = Fields({"sounds": body.get("sounds", {})})
    sounds = reading.sounds()
    if reading.problems:
        raise RequestRefused(tuple(reading.problems))
    return sounds


def _texts(bars: Any) -> list[str]:
    """The bars, each as an opening bar would have to be."""
    if not isinstance(bars, list) or not 2 <= len(bars) <= MOST_BARS:
        raise RequestRefused((Problem("bars", None, f"must be a list of 2 to {MOST_BARS} bars."),))
    texts = [tidy(bar) if isinstance(bar, str) else bar for bar in bars]
    for text in texts:
        try:
            VerseRequest.from_json({"opening": [text], "bars": 2})
        except RequestRefused as error:
            problems = [replace(problem, field="bars") for problem in error.problems]
            raise RequestRefused(tuple(problems)) from None
        if not is_clean(text, Severity.SLUR):
            raise RequestRefused((Problem("bars", text, "has a slur; write another word."),))
    return texts
