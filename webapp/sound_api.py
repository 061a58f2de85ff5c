"""What can be heard in a visitor's own bars, while they are being typed."""

from typing import Any

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from bars.meter import stress, syllables
from bars.pronunciation import hear
from bars.respelling import respell
from bars.rhyme import rhyming_part
from bars.text import tidy, words_of
from bars.verse import LONGEST_TEXT, MOST_BARS, Problem
from webapp.api import json_body
from webapp.errors import refused

routes = Blueprint("sound_api", __name__, url_prefix="/api")
LONGEST = MOST_BARS * (LONGEST_TEXT + 1)  # characters


@routes.post("/sound")
def sound() -> ResponseReturnValue:
    """Of each bar of a text its syllables, stresses, rhyme sound, and the words that we guess."""
    body = json_body()
    text = body.get("text") if isinstance(body, dict) else None
    if not isinstance(text, str) or len(text) > LONGEST:
        right = f"must be text of at most {LONGEST} characters, a bar a line."
        return refused("These bars cannot be heard.", [Problem("text", str(text)[:80], right)])
    bars = [bar for bar in map(tidy, text.splitlines()) if bar][:MOST_BARS]
    return jsonify({"bars": [heard(bar) for bar in bars]})


def heard(bar: str) -> dict[str, Any]:
    """`rhyme` is the sound from the last stressed vowel on; `guessed` are words in no list."""
    words = words_of(bar)
    count = syllables(bar)
    guessed = [word for word in dict.fromkeys(words) if not hear(word).known]
    return {
        "text": bar,
        "syllables": count.low,
        "most_syllables": count.high,
        "stress": stress(bar),
        "end": words[-1] if words else "",
        "rhyme": respell(rhyming_part(words[-1])) if words else "",
        "guessed": [{"word": word, "said": _said(word)} for word in guessed],
    }


def _said(word: str) -> str:
    """As we would say it; empty where only its syllables can be told."""
    sounds = hear(word).pronunciations
    return respell(sounds[0]) if sounds else ""
