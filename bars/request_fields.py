"""The fields of a request for a verse: read one by one, with everything that is wrong with them."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bars.sound_fields import read_sounds
from bars.sounds import Sounds
from bars.text import tidy, words_of

MOST_BARS = 16
MOST_OPENING_BARS = 4
LONGEST_TEXT = 120  # characters of a topic or of one bar
SEED_LIMIT = 2**32
SCHEME = "[A-Za-z]{1,8}"  # a letter for each bar; `free` is such a word as well
LEAST_SYLLABLES, MOST_SYLLABLES = 4, 20
LOWEST_TEMPERATURE, HIGHEST_TEMPERATURE = 0.1, 2.0
RHYMES = ("perfect", "slant", "multi")
LANGUAGES = ("any", "mask", "clean")
MOST_ALTERNATIVES = 8


@dataclass(frozen=True)
class Problem:
    """One thing wrong with one field: the value given, and what would be right."""

    field: str
    value: Any
    message: str

    def to_json(self) -> dict[str, Any]:
        return {"field": self.field, "value": self.value, "message": self.message}


class RequestRefused(ValueError):
    """A verse was asked for in a way that cannot be fulfilled; `problems` names every reason."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(" ".join(f"{p.field}: {p.message}" for p in problems))
        self.problems = problems


@dataclass(frozen=True)
class Alternatives:
    """A wish for other candidates for one bar, by its place in the whole verse."""

    bar: int
    count: int


class Fields:
    """Takes fields out of a request one by one and collects what is wrong with them."""

    def __init__(self, body: Mapping[str, Any]) -> None:
        self._body = {str(name): value for name, value in body.items()}
        self.problems: list[Problem] = []

    def refuse(self, field: str, value: Any, message: str) -> None:
        self.problems.append(Problem(_encodable(field), shown(value), message))

    def refused(self, *fields: str) -> bool:
        return any(problem.field in fields for problem in self.problems)

    def topic(self) -> str:
        value = self._body.pop("topic", "")
        if not isinstance(value, str):
            self.refuse("topic", value, "must be text.")
            return ""
        if len(topic := tidy(value)) > LONGEST_TEXT:
            self.refuse("topic", topic, f"must have at most {LONGEST_TEXT} characters.")
        return topic

    def opening(self) -> tuple[str, ...]:
        value = self._body.pop("opening", [])
        given = value.splitlines() if isinstance(value, str) else value
        if not isinstance(given, list) or not all(isinstance(bar, str) for bar in given):
            self.refuse("opening", value, "must be a list of bars, or text with one bar a line.")
            return ()
        opening = tuple(bar for bar in map(tidy, given) if bar)
        if len(opening) > MOST_OPENING_BARS:
            self.refuse("opening", value, f"must have at most {MOST_OPENING_BARS} bars.")
        for bar in opening:
            self._check_bar("opening", bar)
        return opening

    def _check_bar(self, field: str, bar: str) -> None:
        if len(bar) > LONGEST_TEXT:
            self.refuse(field, bar, f"a bar must have at most {LONGEST_TEXT} characters.")
        elif any(c.isalpha() and not _is_latin(c) for c in bar):
            self.refuse(field, bar, "must be in Latin script.")
        elif not words_of(bar):
            self.refuse(field, bar, "a bar must have at least one word.")

    def keep(self, opening: int, bars: int) -> tuple[tuple[int, str], ...]:
        value = self._body.pop("keep", {})
        if not isinstance(value, Mapping) or not all(isinstance(t, str) for t in value.values()):
            self.refuse("keep", value, "must be an object: a bar's place, from 0, to its text.")
            return ()
        kept: dict[int, str] = {}
        allowed = {str(place) for place in range(opening, bars)}
        for place, text in value.items():
            if str(place) not in allowed:
                said = f"a place must be from {opening} to {bars - 1}, after the opening."
                self.refuse("keep", place, said)
                continue
            kept[int(place)] = tidy(text)
            self._check_bar("keep", kept[int(place)])
        return tuple(sorted(kept.items()))

    def alternatives(
        self, opening: int, bars: int, keep: tuple[tuple[int, str], ...]
    ) -> Alternatives | None:
        value = self._body.pop("alternatives", None)
        places = {place for place, _ in keep}
        left = [place for place in range(opening, bars) if place not in places]
        if value is None:
            if not left and not self.refused("bars", "opening", "keep"):
                self.refuse("keep", len(keep), "every bar is kept: none is left to write.")
            return None
        if not isinstance(value, Mapping) or set(value) != {"bar", "count"}:
            self.refuse("alternatives", value, "must be an object of bar and count.")
            return None
        bar, count = value["bar"], value["count"]
        if not _is_whole(bar) or not opening <= bar < bars:
            said = f"bar must be from {opening} to {bars - 1}, after the opening."
            self.refuse("alternatives", bar, said)
        elif not _is_whole(count) or not 2 <= count <= MOST_ALTERNATIVES:
            self.refuse("alternatives", count, f"count must be from 2 to {MOST_ALTERNATIVES}.")
        elif [place for place in left if place != bar]:
            self.refuse("alternatives", bar, "all other bars must be in keep or in the opening.")
        else:
            return Alternatives(int(bar), int(count))
        return None

    def sounds(self, bars: Sequence[str] | None = None) -> Sounds:
        """How words are said; with `bars`, only of words that stand in one of them."""
        found, problems = read_sounds(self._body.pop("sounds", {}), bars)
        for value, message in problems:
            self.refuse("sounds", value, message)
        return found

    def bars(self, opening: int) -> int:
        bars = self._whole_number("bars", 4, 1, MOST_BARS)
        if bars <= opening and not self.refused("bars"):
            self.refuse("bars", bars, f"must be more than the {opening} bars of the opening.")
        return bars

    def scheme(self) -> str:
        value = self._body.pop("scheme", "AABB")
        if isinstance(value, str) and value.lower() == "free":
            return "free"
        if not isinstance(value, str) or not re.fullmatch(SCHEME, value):
            self.refuse("scheme", value, "must be 1 to 8 letters such as AABB, or free.")
            return "AABB"
        return value.upper()

    def syllables(self, has_bars: bool) -> int | str:
        default = "match" if has_bars else "free"
        value = self._body.get("syllables", default)
        if isinstance(value, str):
            self._body.pop("syllables", None)
            if value not in {"match", "free"}:
                span = f"{LEAST_SYLLABLES} to {MOST_SYLLABLES}"
                self.refuse("syllables", value, f"must be {span}, match or free.")
            elif value == "match" and not has_bars:
                self.refuse("syllables", value, "there is no opening to match.")
            return value
        return self._whole_number("syllables", 10, LEAST_SYLLABLES, MOST_SYLLABLES)

    def seed(self) -> int | None:
        if self._body.get("seed") is None:
            self._body.pop("seed", None)
            return None
        return self._whole_number("seed", 0, 0, SEED_LIMIT - 1)

    def choice(self, name: str, default: str, allowed: tuple[str, ...]) -> str:
        value = self._body.pop(name, default)
        if isinstance(value, str) and value in allowed:
            return value
        self.refuse(name, value, f"must be {' or '.join(allowed)}.")
        return default

    def flag(self, name: str) -> bool:
        value = self._body.pop(name, False)
        if not isinstance(value, bool):
            self.refuse(name, value, "must be true or false.")
        return value is True

    def number(
        self, name: str, default: float, low: float, high: float, above: bool = False
    ) -> float:
        """A number from low (or above it) to high."""
        value = self._body.pop(name, default)
        right = _is_number(value) and low <= value <= high and not (above and value == low)
        if not right:
            span = f"more than {low:g} and at most {high:g}" if above else f"{low:g} to {high:g}"
            self.refuse(name, value, f"must be {span}.")
        return float(value) if right else default

    def _whole_number(self, name: str, default: int, low: int, high: int) -> int:
        value = self._body.pop(name, default)
        if not _is_whole(value) or not low <= value <= high:
            self.refuse(name, value, f"must be a whole number from {low} to {high}.")
            return default
        return int(value)

    def refuse_the_rest(self) -> None:
        for name, value in self._body.items():
            self.refuse(name, value, "is not a field of a verse request.")


def _is_number(value: Any) -> bool:
    return (
        isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < float("inf")
    )


def _is_whole(value: Any) -> bool:
    return _is_number(value) and value == int(value)


def _is_latin(character: str) -> bool:
    return unicodedata.name(character, "").startswith(("LATIN", "MODIFIER LETTER", "FEMININE"))


def shown(value: Any) -> Any:
    """The value as an error may repeat it: plain and short."""
    if value is None or isinstance(value, bool | int) or _is_number(value):
        return value
    text = _encodable(value) if isinstance(value, str) else repr(value)
    return text if len(text) <= 80 else text[:79] + "…"


def _encodable(text: str) -> str:
    """The text without halves of surrogate pairs, which no answer could carry."""
    return text.encode("utf-8", "replace").decode()
