"""Words that no list holds, heard through the words that they are made of.

A word is taken apart at its ending, at its beginning or into two words, until every piece is
listed; spelling variants (British, archaic, rap) are undone on the way.
"""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from bars.dictionary import Pronunciation, commonness, look_up, look_up_slang
from bars.phonemes import syllable_count, weakened, with_ed, with_s

Sounds = tuple[Pronunciation, ...]
_DEEPEST = 3  # endings and beginnings that are taken off one word
_COMMON = 3.0  # Zipf: a shorter or rarer word inside a longer one is chance ("gon", "falon")
_SHORT_WORDS_TEXT = (
    "a an at by go he in it me my no of off on one or out so to up us we big day dew eye far "
    "god hot icy ill man mid new oil old red sea sky sun two war way"
)
_SHORT_WORDS = frozenset(_SHORT_WORDS_TEXT.split())
_POETIC = frozenset("dt")  # turn'd and drest, for turned and dressed
_VOWEL = re.compile(r"[aeiouy]")
_MODAL = frozenset({"would", "could", "should", "might", "must"})  # woulda: would have
_MORE_COMMON = 0.3  # Zipf: last' is last before it is las
_DOUBLED = frozenset({"ss", "zz", "tt", "dd", "yy"})  # these letters are no ending here
_LONG_VOWEL = re.compile(r"(?:^|[^aeiou])[aeiou][^aeiouwxy]$")  # rid-er is from ride

# a consonant that cannot begin a word before the next one is said by its name
_LETTER_FIRST = re.compile(
    r"(?!bl|br|ch|cl|cr|d[rw]|f[lr]|g[hlnr]|k[hlnr]|mc|p[hlnrst]|rh|s[chklmnpqtvw]|t[hrsw]|vl|w[hr])"
    r"[bcdfghjklmnpqrstvwxz][bcdfghjklmnpqrstvwxz]"
)

# ending, what to put in its place (tried in this order), and the sound that it adds
_Sound = Callable[[Pronunciation], Pronunciation]


def _adding(sound: str) -> _Sound:
    added = tuple(sound.split())
    return lambda pronunciation: (*pronunciation, *added)


def _without_g(pronunciation: Pronunciation) -> Pronunciation:
    return (*pronunciation[:-1], "N") if pronunciation[-1] == "NG" else pronunciation


def _with_a(pronunciation: Pronunciation) -> Pronunciation:
    return (*pronunciation[:-1], "AH0") if pronunciation[-1] == "ER0" else pronunciation


def _with_as(pronunciation: Pronunciation) -> Pronunciation:
    return (*_with_a(pronunciation), "Z")


def _with_ily(pronunciation: Pronunciation) -> Pronunciation:
    return (*pronunciation[:-1], "AH0", "L", "IY0")


def _with_ly(pronunciation: Pronunciation) -> Pronunciation:
    return (*pronunciation, "IY0") if pronunciation[-1] == "L" else (*pronunciation, "L", "IY0")


def _with_y(pronunciation: Pronunciation) -> Pronunciation:
    return pronunciation if pronunciation[-1] == "IY0" else (*pronunciation, "IY0")


def _with_to(pronunciation: Pronunciation) -> Pronunciation:
    """With a to that leans on it: outta, boutta."""
    return (*pronunciation, *(("AH0",) if pronunciation[-1] == "T" else ("T", "AH0")))


def _meeting_you(sound: str) -> _Sound:
    """What you leaves behind a t: gotcha, betcha, witchu."""
    added = tuple(sound.split())
    return lambda pronunciation: (*pronunciation[:-1], *added)


def _same(pronunciation: Pronunciation) -> Pronunciation:
    return pronunciation


_ENDINGS: tuple[tuple[str, tuple[str, ...], _Sound], ...] = (
    ("'s", ("",), with_s),
    ("s'", ("s",), _same),
    ("e'er", ("", "e"), _adding("EH1 R")),
    ("in'", ("ing",), _without_g),
    ("in", ("ing",), _without_g),
    ("'d", ("", "e"), with_ed),
    ("'", ("",), _same),
    ("ies", ("y", "ie"), with_s),
    ("es", ("e", ""), with_s),
    ("s", ("",), with_s),
    ("z", ("",), with_s),
    ("ied", ("y",), with_ed),
    ("ed", ("", "e"), with_ed),
    ("d", ("", "e"), with_ed),
    ("t", ("", "e"), _adding("T")),
    ("ing", ("", "e"), _adding("IH0 NG")),
    ("ers", ("", "e"), _adding("ER0 Z")),
    ("er", ("", "e"), _adding("ER0")),
    ("ier", ("y",), _adding("ER0")),
    ("or", ("", "e"), _adding("ER0")),
    ("iest", ("y",), _adding("AH0 S T")),
    ("est", ("", "e"), _adding("AH0 S T")),
    ("eth", ("", "e"), _adding("AH0 TH")),
    ("ily", ("y",), _with_ily),
    ("ly", ("", "le"), _with_ly),
    ("iness", ("y",), _adding("N AH0 S")),
    ("ness", ("",), _adding("N AH0 S")),
    ("less", ("",), _adding("L AH0 S")),
    ("ful", ("", "y"), _adding("F AH0 L")),
    ("able", ("", "e"), _adding("AH0 B AH0 L")),
    ("ment", ("", "e"), _adding("M AH0 N T")),
    ("ship", ("",), _adding("SH IH2 P")),
    ("hood", ("",), _adding("HH UH2 D")),
    ("like", ("",), _adding("L AY2 K")),
    ("some", ("",), _adding("S AH0 M")),
    ("ward", ("",), _adding("W ER0 D")),
    ("wise", ("",), _adding("W AY2 Z")),
    ("ish", ("", "e"), _adding("IH0 SH")),
    ("ism", ("", "e"), _adding("IH2 Z AH0 M")),
    ("ist", ("", "e"), _adding("IH0 S T")),
    ("y", ("", "e"), _with_y),
    ("ie", ("", "e", "y"), _with_y),
    ("ta", ("",), _with_to),
    ("cha", ("'t", "t"), _meeting_you("CH AH0")),
    ("chu", ("'t", "t"), _meeting_you("CH UW0")),
    ("a", ("er",), _with_a),
    ("as", ("er",), _with_as),
    ("az", ("er",), _with_as),
)
_BEGINNINGS = {
    "un": "AH0 N", "re": "R IY0", "out": "AW1 T", "over": "OW1 V ER0", "oer": "AO1 R",
    "o'er": "AO1 R", "under": "AH1 N D ER0", "up": "AH1 P", "dis": "D IH0 S", "mis": "M IH0 S",
    "fore": "F AO1 R", "be": "B IH0", "a": "AH0", "en": "EH0 N", "in": "IH0 N", "im": "IH0 M",
    "non": "N AA1 N", "anti": "AE1 N T IY0", "inter": "IH2 N T ER0", "super": "S UW1 P ER0",
    "mega": "M EH1 G AH0", "ultra": "AH1 L T R AH0", "with": "W IH0 TH", "en'": "EH0 N",
}  # fmt: skip
_SPELLINGS = (  # British, archaic and rap spellings, and how the dictionary spells them
    (re.compile(r"our(?=$|s|e|i)"), "or"),
    (re.compile(r"is(?=e[srd]?$|ing$|ation)"), "iz"),
    (re.compile(r"ys(?=e[srd]?$|ing$)"), "yz"),
    (re.compile(r"tre(?=s?$)"), "ter"),
    (re.compile(r"ll(?=ed$|ing$|ers?$|est$)"), "l"),
    (re.compile(r"ence(?=s?$)"), "ense"),
    (re.compile(r"phant"), "fant"),
    (re.compile(r"ae"), "e"),
    (re.compile(r"cc$"), "ck"),
    (re.compile(r"boi(?=s?$)"), "boy"),
    (re.compile(r"^x(?=[aeiou])"), "z"),
    (re.compile(r"^kn?(?=[ao])"), "c"),
    (re.compile(r"(.)\1{2,}"), r"\1\1"),
    (re.compile(r"(.)\1+(?=$|')"), r"\1"),
)


# what a leading apostrophe may stand for ('member), and how many phonemes it is
_CLIPPED = (("a", 1), ("be", 2), ("re", 2), ("ex", 2), ("sup", 2), ("en", 2), ("un", 2))
_AD_LIB = re.compile(
    r"([bcdfghjklmnpqstvwxyz]*)(r*)(?:(uh+|ah+|oh+|eh+|ih+|ayy+|eyy+|oo+h?|aw)|r)([ptk]?)"
)
_AD_LIB_VOWELS = {
    "u": "AH1", "a": "AA1", "o": "OW1", "e": "EH1", "i": "IH1", "ay": "EY1", "ey": "EY1",
    "oo": "UW1", "aw": "AO1",
}  # fmt: skip
_OPEN_O = re.compile(r"([bcdfghjklmnprstvwyz]{1,2})o'")
_ONSET = re.compile(r"[sct]h|qu|.")
_ONSET_SOUNDS = {
    "b": "B", "c": "K", "d": "D", "f": "F", "g": "G", "h": "HH", "j": "JH", "k": "K", "l": "L",
    "m": "M", "n": "N", "p": "P", "q": "K", "r": "R", "s": "S", "t": "T", "v": "V", "w": "W",
    "y": "Y", "z": "Z", "x": "Z", "sh": "SH", "ch": "CH", "th": "TH", "qu": "K W",
}  # fmt: skip


def listed(word: str) -> Sounds:
    """What the dictionary says, then what our lexicon adds."""
    known = look_up(word)
    return (*known, *(p for p in look_up_slang(word) if p not in known))


@lru_cache(maxsize=50_000)
def by_rule(word: str) -> Sounds:
    """Pronunciations of an unlisted lower-case word by its parts; () where no rule fits."""
    return _by_parts(word, _DEEPEST)


def _by_parts(word: str, depth: int) -> Sounds:
    if not depth or len(word) < 3:
        return ()
    for attempt in _ATTEMPTS:
        if found := attempt(word, depth):
            return found
    return ()


def _known(word: str, depth: int) -> Sounds:
    return listed(word) or _by_parts(word, depth)


def _by_clipping(word: str, depth: int) -> Sounds:
    """A word without its beginning: 'gainst, 'member, 'spect."""
    for beginning, phonemes in _CLIPPED if word[0] == "'" else ():
        found = tuple(p[phonemes:] for p in listed(beginning + word[1:]))
        if any(map(syllable_count, found)):
            return tuple(filter(syllable_count, found))
    if word[-1] == "a" and word[:-1] in _MODAL:
        return tuple((*p, "AH0") for p in listed(word[:-1]))
    return listed(word[1:]) if word[0] == "'" else _without_last(word)


def _without_last(word: str) -> Sounds:
    """A word whose last consonant is dropped: jus', min', tol'."""
    stem = word[:-1]
    if match := _OPEN_O.fullmatch(word):  # po', mo', sho', do'
        return ((*(_ONSET_SOUNDS[sound] for sound in _ONSET.findall(match[1])), "OW1"),)
    if word[-1] == "'":
        for letter in "td":
            if commonness(stem + letter) > commonness(stem) + _MORE_COMMON:
                return tuple(p[:-1] for p in listed(stem + letter) if syllable_count(p[:-1]))
    return ()


def _ad_lib(word: str, depth: int) -> Sounds:
    """A sound rather than a word: skrrt, brr, yuh, ayy."""
    match = _AD_LIB.fullmatch(word)
    if not match:
        return ()
    onset, roll, vowel, coda = match.groups()
    letters = onset + (roll[:1] if vowel else "")
    heard = " ".join(_ONSET_SOUNDS[sound] for sound in _ONSET.findall(letters))
    nucleus = _AD_LIB_VOWELS[re.sub(r"h+$|(?<=y)y+|(?<=oo)o+", "", vowel)] if vowel else "ER1"
    return (tuple(f"{heard} {nucleus} {coda.upper()}".split()),)


def _by_ending(word: str, depth: int) -> Sounds:
    for only_listed in (True, False):
        for ending, replacements, sound in _ENDINGS:
            if word.endswith(ending) and not (len(ending) == 1 and word[-2:] in _DOUBLED):
                stem = word[: -len(ending)]
                for base in _bases(stem, ending, replacements):
                    found = listed(base) if only_listed else _by_parts(base, depth - 1)
                    if found:
                        return tuple(sound(p) for p in found)
    return ()


def _bases(stem: str, ending: str, replacements: tuple[str, ...]) -> Iterator[str]:
    sounds = _VOWEL.search(stem) or look_up_slang(stem)
    if len(stem) < 2 or not sounds or (ending == "t" and stem[-1] in "aeiou"):
        return
    if ending[0] in "aeiouy" and _LONG_VOWEL.search(stem):
        replacements = tuple(sorted(replacements, key=lambda replacement: replacement != "e"))
    for replacement in replacements:
        rare = ending in _POETIC and commonness(stem + replacement) < _COMMON + 0.5
        short = len(stem + replacement) < 3 and stem + replacement not in _SHORT_WORDS
        if not rare and not short and not (replacement == "e" and stem.endswith("e")):
            yield stem + replacement
    begins_with_vowel = "" in replacements and (ending[0] in "aeiouy'" or ending in _POETIC)
    if ending in _POETIC and stem[-1] == "s":
        yield stem + "s"
    if begins_with_vowel and len(stem) > 3 and stem[-1] == stem[-2]:
        yield stem[:-1]


def _by_compound(word: str, depth: int) -> Sounds:
    if _LETTER_FIRST.match(word) and _may_join(word[1:]):  # bboy, htown
        letter = look_up(f"{word[0]}.")[0]
        return tuple((*letter, *weakened(second)) for second in listed(word[1:]))
    for cut in range(2, len(word) - 1):
        head, tail = word[:cut], word[cut:]
        if _may_join(head) and _may_join(tail):
            return tuple(
                (*first, *weakened(second)) for first in listed(head)[:1] for second in listed(tail)
            )
    return ()


def _may_join(word: str) -> bool:
    if len(word) > 3 and look_up_slang(word):
        return True
    if len(word) <= 3 and word not in _SHORT_WORDS:
        return len(word) == 3 and commonness(word) >= 4.2
    return commonness(word) >= _COMMON and bool(listed(word))


def _by_beginning(word: str, depth: int) -> Sounds:
    for beginning, sound in _BEGINNINGS.items():
        rest = word[len(beginning) :]
        if word.startswith(beginning) and len(rest) > 3:
            found = _known(rest, depth - 1)
            if found:
                return tuple((*sound.split(), *p) for p in found)
    return ()


def _by_spelling(word: str, depth: int) -> Sounds:
    for pattern, spelling in _SPELLINGS:
        variant = pattern.sub(spelling, word)
        if variant != word and (found := _known(variant, depth - 1)):
            return found
    return ()


_ATTEMPTS = (_by_clipping, _ad_lib, _by_ending, _by_compound, _by_beginning, _by_spelling)


def longest_tail(word: str) -> tuple[str, Sounds]:
    """The longest common word that an unheard word ends in, and its sound: ("", ()) if none."""
    for cut in range(1, len(word) - 3):
        tail = word[cut:]
        if commonness(tail) >= _COMMON and (found := listed(tail)):
            return tail, found
    return "", ()
