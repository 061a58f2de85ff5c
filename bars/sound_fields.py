"""The corrections of a request: read one by one, with everything that is wrong with them."""

from collections.abc import Mapping, Sequence
from typing import Any

from bars.sounds import Sounds
from bars.sounds_like import read_sound
from bars.text import tidy, words_of

MOST_SOUNDS = 8
LONGEST_SOUND = 100  # characters
_SHOWN = 30  # characters of a value that a message repeats


def read_sounds(
    value: Any, bars: Sequence[str] | None = None
) -> tuple[Sounds, list[tuple[Any, str]]]:
    """The corrections, and what is wrong: values with messages.

    With `bars`, a word must stand in one of them.
    """
    if not isinstance(value, Mapping) or not all(isinstance(said, str) for said in value.values()):
        return Sounds(), [(value, "must be an object: a word to what it sounds like.")]
    if len(value) > MOST_SOUNDS:
        return Sounds(), [(len(value), f"At most {MOST_SOUNDS} words may be corrected.")]
    there = None if bars is None else {word for bar in bars for word in words_of(bar)}
    said, problems = {}, []
    for given, text in value.items():
        word = " ".join(words_of(tidy(str(given))[:LONGEST_SOUND]))
        sound = read_sound(tidy(text)) if len(text) <= LONGEST_SOUND else ()
        if wrong := _wrong(str(given), word, there) or ("" if sound else _unclear(word, text)):
            problems.append((given, wrong))
        else:
            said[word] = sound
    return Sounds(tuple(sorted(said.items()))), problems


def _wrong(given: str, word: str, there: set[str] | None) -> str:
    if words_of(word) != [word]:  # none, several, or the name of a letter in some other form
        return f"“{_short(tidy(given))}” must be one word, as it stands in a bar."
    if there is not None and word not in there:
        return f"“{_short(word)}” is no word of your bars; correct only words that stand there."
    return ""


def _unclear(word: str, text: str) -> str:
    if not text.strip():
        return f"Say what “{_short(word)}” sounds like."
    if len(text) > LONGEST_SOUND:
        return f"What “{_short(word)}” sounds like must have at most {LONGEST_SOUND} characters."
    return (
        f"We cannot say “{_short(tidy(text))}”: give words that sound so, or syllables "
        "as in LOO-vee-ah."
    )


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
