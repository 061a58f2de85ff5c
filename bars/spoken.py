"""From the text of a bar to the words it is spoken as: '24/7' is twenty four seven."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from bars.numerals import Words, numeral
from bars.sounded import SOUNDED, bare, is_sounded, sound_of, sounded


@dataclass(frozen=True)
class Token:
    """A piece of a bar as it is written, and the words it is spoken as."""

    text: str
    start: int
    end: int
    words: Words


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# by letter in any case, and no English words
_INITIALS = _set(
    "aka api atm bmw ceo cia cnn dea diy dj dna dui ep epa fbi hiv icu imo ipo irl irs mc mtv nba "
    "nfl nyc og omg phd pov suv tv ufo uk ucla usa vip wtf ymca"
)
# by letter in capitals, even where a bar shouts
_CAPITALS = _set("aa aaa ac ai ak ar dc eu ga ii iii iou la lax lp ny ovo pc pd pr uae")
# by letter in capitals, but words where a bar shouts
_WORDS_TOO = _set("bet er id ira ko mia od rip un us va")
# without vowels or clumsy, and yet said as words
_ACRONYMS = _set(
    "brr brrr grr gza hmm hmmm mhm mm mmm mr mrs ms pfft psst rza shh shhh skrrt skrt sza tsk wrld "
    "xbox zzz"
)
_SAID: dict[str, Words] = {
    "&": ("and",), "@": ("at",), "+": ("plus",), "=": ("equals",), "%": ("percent",),
    "$": ("dollar",), "£": ("pound",), "€": ("euro",), "$$": ("money",), "$$$": ("money",),
    "w/": ("with",), "w/o": ("without",),
    "b/c": ("because",), "n": ("and",), "'n'": ("and",), "'n": ("and",), "n'": ("and",),
    "th'": ("the",), "dr": ("doctor",), "vs": ("versus",),
    "a$ap": ("a.", "sap"), "a$ap's": ("a.", "sap's"),
}  # fmt: skip
_HAD = _set(  # mama'd and John'd are heard as poetic pasts: they cannot be told apart
    "i you he she it we they who that there this these those what how where why when which "
    "everybody nobody somebody anybody everyone someone anyone y'all"
)
_VOWELS, _DIGITS = frozenset("aeiou"), frozenset("0123456789")
_MONEY_LETTERS = str.maketrans("$£€", "sle")
_FOLDS = {
    **dict.fromkeys("`´‘’‛ʻʼʹ′＇", "'"),
    **dict.fromkeys("‐‑", "-"),
    **dict.fromkeys("\u200b\ufeff", " "),
    "Æ": "Ae", "æ": "ae", "Œ": "Oe", "œ": "oe", "ß": "ss", "ẞ": "SS", "Þ": "Th", "þ": "th",
    "Ð": "D", "ð": "th", "ı": "i", "×": "x", "\u2044": "/", "°": "°",
}  # fmt: skip
_WITH_STROKE = re.compile(r"LATIN (SMALL|CAPITAL) LETTER ([A-Z]) ")
_KEYCAP = re.compile("[0-9#*]\ufe0f?\u20e3")
_FOREIGN = re.compile(r"[^\W_a-zA-Z0-9]")
_TOKEN = re.compile(
    SOUNDED
    + r"""
      | (?<![^\W_])(?:[A-Za-z]\.)+[A-Za-z](?![^\W_])\.?(?:'s(?![^\W_]))?  # U.S.A.'s
      | (?<![^\W_])[wW]/(?:[oO](?![^\W_]))?                               # w/ and w/o
      | '?\#?(?:[^\W_]|[$£€])+
        (?:(?:'?[-/]'?|'|(?<=[0-9]),(?=[0-9]{3}(?![0-9]))|(?<=[0-9$£€])[.:](?=[0-9]))
           (?:[^\W_]|[$£€])+)*
        (?:'|(?<=[0-9])[%°¢])?
      | [&@+=%]""",
    re.VERBOSE,
)
_JOINT = re.compile("'?[-/]'?|'(?=n')|(?<='n)'")  # also of rock'n'roll
_PIECE = re.compile(r"[0-9]+(?:[.,][0-9]+)*(?:'?s(?![a-z0-9]))?|[a-z$]+(?:'[a-z$]+)*'?", re.I)
_INITIALISM = re.compile("([BCDFGJKLPRTVXZ](?=s)|[A-Za-z](?=')|[A-Za-z]{2,5}?)(s|'s|'S)?")
_ONSET = "[bcdfgkpstw]r|[bcfgps]l|s[chkmnpqtw]|[cgptw]h|kn|[dt]w|sch|s[cpt]r|[cst]hr|[^aeiou]"
_CODA = (
    "[lr][^aeioujqrvwhy]|r?[cst]h|nch|tch|lth|nth|rst|rld|m[bp]|n[cdgkst]|c[kt]|s[kpt]|g?ht?|gn"
    "|[fpx]t|w[ln]|([bcdfglnrstz])\\1|[^aeioujqv]"
)
_READABLE = re.compile(  # as two or three syllables at most: a pattern, no list of words
    rf"(?:{_ONSET})?(?:[aeiou]{{1,2}}|(?<=[^y])y)(?:[^aeiou]{{1,3}}[aeiou]{{1,2}})*"
    rf"(?:(?:{_CODA})?s?|[^aeiou]{{1,2}}y)"
)


@lru_cache(maxsize=4096)
def _fold(char: str) -> str:
    """One character in ASCII as far as it is Latin; marks vanish, other symbols part words."""
    if char in _FOLDS:
        return _FOLDS[char]
    if unicodedata.category(char) == "So":
        return " "
    plain = unicodedata.normalize("NFKD", char)
    kept = "".join(c for c in plain if unicodedata.category(c) not in ("Mn", "Mc", "Me", "Cf"))
    if "\u2044" in kept[1:]:  # in 1½ the half is a number of its own
        return " " + kept.replace("\u2044", "/")
    kept = kept.replace("\u02bc", "'")
    stroke = _WITH_STROKE.match(unicodedata.name(kept, "")) if len(kept) == 1 else None
    if not stroke or kept.isascii():
        return kept
    return stroke[2] if stroke[1] == "CAPITAL" else stroke[2].lower()


def _folded(bar: str) -> tuple[str, Sequence[int]]:
    """The bar in plain characters, and where in the bar each of them comes from."""
    if bar.isascii():
        return bar.replace("`", "'"), range(len(bar) + 1)
    bar = _KEYCAP.sub(lambda match: " " * len(match.group()), bar)
    pieces = [_fold(char) for char in bar]
    origins = [index for index, piece in enumerate(pieces) for _ in piece]
    return "".join(pieces), [*origins, len(bar)]


@lru_cache(maxsize=4096)
def tokens_of(bar: str) -> tuple[Token, ...]:
    """All spoken tokens of a bar, in order; punctuation and letters that are not Latin have none.

    A bar in capitals is shouting: only well-known initials are spelled out there.
    """
    folded, origins = _folded(bar)
    found = list(_TOKEN.finditer(folded))
    shouting = folded.isupper() and any(_is_word(match.group()) for match in found)
    tokens = []
    for match in found:
        if words := _said(match.group(), shouting):
            start = origins[match.start()]
            end = max(origins[match.end()], origins[match.end() - 1] + 1)
            tokens.append(Token(bar[start:end], start, end, words))
    return tuple(tokens)


@lru_cache(maxsize=65_536)
def spoken(token: str) -> Words:
    """The words of one token, lower case; a letter said by its name is as in CMUdict: "n."."""
    if _is_plain(token):
        return (token,)
    matches = _TOKEN.finditer(_folded(token)[0])
    return tuple(word for match in matches for word in _said(match.group(), False))


def _is_word(written: str) -> bool:
    return len(written) > 1 and written.isalpha() and _said(written, False) == (written.lower(),)


def _is_plain(token: str) -> bool:
    lower = token.isascii() and token.isalpha() and token.islower()
    return lower and len(token) > 1 and token not in _INITIALS and token not in _SAID


@lru_cache(maxsize=65_536)
def _said(written: str, shouting: bool) -> Words:
    if _is_plain(written):
        return (written,)
    if is_sounded(written):
        return (sounded(bare(written).lower(), sound_of(written)),)
    if not written.isascii() and _FOREIGN.search(written):
        return ()
    if written.lower() in _SAID:
        return _SAID[written.lower()]
    if len(written) > 2 and written[0] == "'" == written[-1]:
        return _said(written[1:-1], shouting)
    if _has_digit(written) and (whole := numeral(written.lower())):
        return whole
    if written.startswith(("#", "'#")):
        return ("hashtag", *_said(written.lstrip("'#"), shouting))
    if "." in written and not _has_digit(written):
        letters, plural, _ = written.partition("'")
        return _by_letter(letters.replace(".", ""), bool(plural))
    parts = _JOINT.split(written)
    joined = len(parts) > 1 and not shouting
    return tuple(word for part in parts for word in _part(part, shouting, joined))


def _has_digit(written: str) -> bool:
    return not _DIGITS.isdisjoint(written)


def _part(part: str, shouting: bool, joined: bool) -> Words:
    """What stands between hyphens and slashes: a numeral, a word, or letters beside digits."""
    if not _has_digit(part):
        return _word(part, shouting, joined) if part else ()
    if whole := numeral(part.lower()):
        return whole
    pieces = _PIECE.findall(part)
    return tuple(w for p in pieces for w in numeral(p.lower()) or _beside_digits(p, shouting))


def _beside_digits(letters: str, shouting: bool) -> Words:
    lower = letters.lower()
    if len(lower) == 1 or (letters.isupper() and len(lower) == 2) or not _VOWELS & set(lower):
        return _by_letter(lower)
    return _word(letters, shouting, False)


def _word(written: str, shouting: bool, joined: bool) -> Words:
    word = written.lower().translate(_MONEY_LETTERS)
    if word in _SAID:
        return _SAID[word]
    if len(word) == 1:  # "a" and "I" are words; the A of A-list is a letter
        named = word not in "aio" or (joined and written == "A")
        return _by_letter(word) if named else (word,)
    match = _INITIALISM.fullmatch(written)
    if match and (len(match[1]) == 1 or _is_initials(match[1], shouting)):
        return _by_letter(match[1], bool(match[2]))
    if word.startswith("th'") and len(word) > 4:
        return ("the", word[3:])
    if word.endswith("'d") and word[:-2] not in _HAD and (shouting or not written[:-2].isupper()):
        return (_past(word[:-2]),)
    return (word,)


def _by_letter(letters: str, plural: bool = False) -> Words:
    names = [f"{letter}." for letter in letters.lower()]
    return (*names[:-1], names[-1] + "'s") if plural else tuple(names)


def _is_initials(letters: str, shouting: bool) -> bool:
    word = letters.lower()
    if word in _INITIALS:
        return True
    if not letters.isupper() or word in _ACRONYMS:
        return False
    if word in _CAPITALS or shouting:
        return word in _CAPITALS
    return word in _WORDS_TOO or not _READABLE.fullmatch(word)


def _past(stem: str) -> str:
    """The modern spelling of a poetic past: look'd, lov'd, cry'd."""
    if stem.endswith("e"):
        return stem + "d"
    if stem.endswith("y") and stem[-2:-1] not in _VOWELS:
        return stem[:-1] + "ied"
    return stem + "ed"
