"""Rhymes inside the bars that a page shows, when its reader asks for them."""

from dataclasses import asdict
from typing import Any

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from bars.text import tidy
from bars.verse import LONGEST_TEXT, MOST_BARS, Problem
from webapp.api import json_body
from webapp.errors import refused
from webapp.inner_rhymes import inner_rhymes

routes = Blueprint("inner_api", __name__, url_prefix="/api")


@routes.post("/sound/inner")
def inner() -> ResponseReturnValue:
    """`bars`: {text, letter}; answers their pieces and a sentence that tells of them."""
    body = json_body()
    bars = body.get("bars") if isinstance(body, dict) else None
    if not isinstance(bars, list) or len(bars) > MOST_BARS or not all(map(_is_bar, bars)):
        right = f"must be a list of at most {MOST_BARS} bars, each with text and letter."
        return refused("These bars cannot be heard.", [Problem("bars", None, right)])
    found = inner_rhymes([tidy(bar["text"]) for bar in bars], [bar.get("letter") for bar in bars])
    return jsonify(asdict(found))


def _is_bar(bar: Any) -> bool:
    """Text that a verse could have; its letter is one of A to Z, or there is none."""
    if not isinstance(bar, dict) or not isinstance(bar.get("text"), str):
        return False
    letter = bar.get("letter")
    one = isinstance(letter, str) and len(letter) == 1 and "A" <= letter <= "Z"
    return len(bar["text"]) <= LONGEST_TEXT and (letter is None or one)
