"""What can be heard in a visitor's own bars, while they are being typed."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from bars.meter import stress, syllables
from bars.pronunciation import hear
from bars.respelling import respell
from bars.rhyme import rhyming_part
from bars.sounded import bare, is_sounded
from bars.sounds import AS_LISTED, Sounds
from bars.spoken import tokens_of
from bars.text import last_word, tidy
from bars.verse import LONGEST_TEXT, MOST_BARS, Problem, RequestRefused
from webapp.api import json_body
from webapp.composed import read_sounds
from webapp.errors import refused

routes = Blueprint("sound_api", __name__, url_prefix="/api")
LONGEST = MOST_BARS * (LONGEST_TEXT + 1)  # characters
_NOT_HEARD = "These bars cannot be heard."


@routes.post("/sound")
def sound() -> ResponseReturnValue:
    """Of each bar of a text its syllables, stresses, rhyme sound, and the words that we guess.

    `sounds` are the visitor's corrections, as in a request for a verse; those of words that are
    not there are left alone, because the text is being typed.
    """
    body = json_body()
    text = body.get("text") if isinstance(body, dict) else None
    if not isinstance(text, str) or len(text) > LONGEST:
        right = f"must be text of at most {LONGEST} characters, a bar a line."
        return refused(_NOT_HEARD, [Problem("text", str(text)[:80], right)])
    try:
        sounds = read_sounds(body)
    except RequestRefused as error:
        return refused(_NOT_HEARD, error.problems)
    bars = [bar for bar in map(tidy, text.splitlines()) if bar][:MOST_BARS]
    return jsonify({"bars": [heard(bar, sounds) for bar in bars]})


def heard(text: str, sounds: Sounds = AS_LISTED) -> dict[str, Any]:
    """`rhyme` is the sound from the last stressed vowel on; `guessed` are words in no list, and
    `told` those that are said as the visitor says; each as it is written and as it is said."""
    bar = sounds.on(text)
    count, end = syllables(bar), last_word(bar)
    return {
        "text": text,
        "syllables": count.low,
        "most_syllables": count.high,
        "stress": stress(bar),
        "end": bare(end),
        "rhyme": respell(rhyming_part(end)) if end else "",
        "guessed": _said(text, sounds, lambda word: not hear(word).known),
        "told": _said(text, sounds, is_sounded),
    }


def _said(text: str, sounds: Sounds, chosen: Callable[[str], bool]) -> list[dict[str, str]]:
    """Words as we would say them; where only their syllables can be told, `said` is empty."""
    spoken = {
        word: (sounds.by_word.get(word, word), token.text)
        for token in tokens_of(text)
        for word in token.words
    }
    return [
        {"word": word, "written": written, "said": _respelled(heard)}
        for word, (heard, written) in spoken.items()
        if chosen(heard)
    ]


def _respelled(word: str) -> str:
    sounds = hear(word).pronunciations
    return respell(sounds[0]) if sounds else ""
