"""Strong language in a text: found, masked, or kept out.

The list is our own (`bars/data/language.txt`). Words are recognised in rap spelling (fuckin,
biatch), in leetspeak (sh1t, @ss), stretched (shiiit), spaced (f u c k) and half masked (f*ck).
Innocents that merely contain such a word (Scunthorpe, cockpit, Dickens) are left alone, because
only whole words and their listed forms count.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from functools import cache, lru_cache
from importlib.resources import files


class Severity(IntEnum):
    """How strong a word is; NONE is for texts without any."""

    NONE = 0
    MILD = 1
    STRONG = 2
    SLUR = 3


@dataclass(frozen=True, slots=True)
class Finding:
    """A strong word: its place in the text, as it is written, and the listed word that it is."""

    start: int
    end: int
    text: str
    word: str
    severity: Severity


_ENDINGS = "(?:s|es|z|ed|ing|in|in'|er|ers|a|as|az|ah|y|ier|able|'s|e|face|head|hole|holes)?"
_LEET = str.maketrans({"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b",
                       "@": "a", "$": "s", "!": "i", "|": "i", "€": "e"})  # fmt: skip
_LOOK_ALIKES = str.maketrans("аеорсухкіѕ", "aeopcyxkis")  # Cyrillic
_CHUNK = re.compile(r"[^\s,.;:?\"()\[\]{}<>/\\–—-]+(?:\.[^\W\d_](?=\.|\s|$))*")
_SPACED = re.compile(r"(?<![^\W_])[^\W\d_](?:[ .\-_]{1,2}[^\W\d_](?![^\W_])){2,11}")
_MASK = re.compile(r"[*#_]+")
_NAME_AFTER = re.compile(r"\s+[A-Z]")


@cache
def _listed() -> tuple[dict[str, Severity], frozenset[str]]:
    """Stems and their severities, and the innocents."""
    text = (files("bars") / "data" / "language.txt").read_text(encoding="utf-8")
    stems, innocents = {}, set()
    for line in text.splitlines():
        word, _, level = line.partition("\t")
        if word and not word.startswith("#"):
            if level == "innocent":
                innocents.add(word)
            else:
                stems[word] = Severity(int(level))
    return stems, frozenset(innocents)


@cache
def _pattern() -> re.Pattern[str]:
    """A listed stem, each letter perhaps stretched, with one of the usual endings."""
    stems = sorted(_listed()[0], key=len, reverse=True)
    spelled = "|".join("".join(f"{re.escape(c)}+" for c in _single(stem)) for stem in stems)
    return re.compile(
        f"(?:mother|mutha|motha|bull|horse|dumb|jack|bad|hard|kick)?({spelled}){_ENDINGS}"
    )


def _single(word: str) -> str:
    """A word with its doubled letters single, as stretched spellings are compared."""
    return re.sub(r"(.)\1+", r"\1", word)


@cache
def _by_single() -> dict[str, str]:
    return {_single(stem): stem for stem in _listed()[0]}


def find_strong(text: str, least: Severity = Severity.MILD) -> tuple[Finding, ...]:
    """Strong words of at least this severity, in order, never overlapping."""
    found = [f for f in _candidates(text) if f.severity >= least]
    found.sort(key=lambda f: (f.start, f.start - f.end))
    kept: list[Finding] = []
    for finding in found:
        if not kept or finding.start >= kept[-1].end:
            kept.append(finding)
    return tuple(kept)


def _candidates(text: str) -> Iterator[Finding]:
    for match in _SPACED.finditer(text):
        letters = re.sub(r"[^\w]|_", "", match.group())
        if word := _recognised(letters):
            yield Finding(match.start(), match.end(), match.group(), *word)
    for match in _CHUNK.finditer(text):
        written = match.group().strip("'’“”‘!*_~")
        start = match.start() + match.group().find(written) if written else match.start()
        whole = match.group().strip("'’“”‘~")
        begin = match.start() + match.group().find(whole)
        for piece, at in ((written, start), (whole, begin)):
            word = _recognised(piece)
            if word and not _is_name(piece, word[0], text, at):
                yield Finding(at, at + len(piece), piece, *word)
                break


def _is_name(written: str, word: str, text: str, start: int) -> bool:
    """Dick in the middle of a sentence, or before a surname, is a man."""
    if word != "dick" or not (written[:1].isupper() and written[1:].islower()):
        return False
    before = text[:start].rstrip()
    follows = _NAME_AFTER.match(text, start + len(written))
    return bool(follows) or (bool(before) and before[-1] not in ".!?\n")


@lru_cache(maxsize=20_000)
def _recognised(written: str) -> tuple[str, Severity] | None:
    """The listed word that a piece of text is, and its severity; None for any other."""
    if not written or len(written) > 40:
        return None
    plain = _folded(written)
    stems, innocents = _listed()
    if plain in innocents or written.lower() in innocents:
        return None
    if _MASK.search(plain):
        return _unmasked(plain)
    for reading in dict.fromkeys((plain, plain.translate(_LEET))):
        letters = re.sub(r"[^a-z']", "", reading)
        if letters != reading or letters in innocents:
            continue
        if match := _pattern().fullmatch(_stretched(letters)):
            word = _by_single()[_single(match[1])]
            return word, stems[word]
    return None


def _stretched(letters: str) -> str:
    return re.sub(r"(.)\1{2,}", r"\1\1", letters)


def _folded(written: str) -> str:
    plain = unicodedata.normalize("NFKD", written.translate(_LOOK_ALIKES)).lower()
    return "".join(c for c in plain if not unicodedata.combining(c)).replace("’", "'")


def _unmasked(plain: str) -> tuple[str, Severity] | None:
    """f*ck, sh**: the listed word that fits what is left of the letters."""
    if plain[0] in "*#_" or sum(c.isalpha() for c in plain) < 2:
        return None
    wild = re.compile("".join("[a-z]" if c in "*#_" else re.escape(c) for c in plain) + _ENDINGS)
    fitting = ((stem, level) for stem, level in _listed()[0].items() if level > Severity.MILD)
    return next((pair for pair in fitting if wild.fullmatch(pair[0])), None)


def mask(text: str, least: Severity = Severity.STRONG) -> str:
    """The text with all but the first letter of each such word as asterisks; equally long."""
    found = list(text)
    for finding in find_strong(text, least):
        first = True
        for i in range(finding.start, finding.end):
            if not found[i].isspace() and not first:
                found[i] = "*"
            first = first and not found[i].isalnum()
    return "".join(found)


def is_clean(text: str, least: Severity = Severity.STRONG) -> bool:
    """Whether a text has no word of at least this severity."""
    return not find_strong(text, least)


def language_level(text: str) -> Severity:
    """The severity of the strongest word of a text."""
    return max((finding.severity for finding in find_strong(text)), default=Severity.NONE)
