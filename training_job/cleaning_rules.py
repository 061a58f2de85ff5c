"""What lyrics as they are found on pages carry besides lyrics: one named rule for each.

`python -m scripts.prepare_data` reports under these names how often a rule found something.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

_Cut = str | Callable[[re.Match[str]], str]


@dataclass(frozen=True)
class Rule:
    """A pattern and what stands in its place."""

    name: str
    pattern: re.Pattern[str]
    cut: _Cut = ""

    def apply(self, text: str) -> tuple[str, int]:
        """The text without what the rule finds, and how often it found it."""
        return self.pattern.subn(self.cut, text)


def _rule(name: str, pattern: str, cut: _Cut = "", flags: int = 0) -> Rule:
    return Rule(name, re.compile(pattern, flags), cut)


# letters that have no width, that turn the writing around, or that are halves of others
INVISIBLE = _rule(
    "invisible characters",
    "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]",
)
_QUOTES = {**dict.fromkeys("‘’‚‛′`´ʼ", "'"), **dict.fromkeys("“”„‟″«»", '"')}
MARKUP = (
    _rule("HTML", r"<\s*br\s*/?\s*>", "\n", re.I),
    _rule("HTML", r"</?[a-zA-Z!][^<>\n]{0,300}>|<\|[^<>\n]{0,60}\|>"),  # also special tokens
    _rule("curly quotes", "[" + "".join(_QUOTES) + "]", lambda match: _QUOTES[match.group()]),
    _rule("symbols", "[\u2190-\u2bff\u3000-\u303f\U0001f000-\U0001faff♩-♯<>|{}~^_\\\\]", " "),
)
ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,30});", re.I)

CONTRIBUTORS = _rule("contributors", r"\A\s*\d[\d,.]*K?\s*Contributors?")
_AFTER_HEAD = r"(?=[\[\n\"(A-Z]|\s*\Z)"
ABOUT = _rule("about the song", r"\A[^\[]{0,3000}?(?:…|\.\.\.)?\s*Read More\s*")
TRANSLATIONS = _rule(
    "translations", rf"\A\s*Translations[^\n\[]{{0,2000}}?(?<=\S)\s?Lyrics{_AFTER_HEAD}"
)
HEAD_AFTER_NUMBERS = _rule("title head", rf"\A\s*[^\n\[]{{0,300}}?\bLyrics{_AFTER_HEAD}")
HEAD_OF_LINE = _rule("title head", r"\A\s*\S[^\n\[]{0,150}? Lyrics(?=\[|[ \t]*\n|\s*\Z)")


def head_with(title: str) -> Rule:
    """The head of a page whose title is known; languages may stand before it."""
    return _rule("title head", rf"\A\s*{re.escape(title)} Lyrics{_AFTER_HEAD}", flags=re.I)


def live_with(artist: str) -> Rule:
    return _rule("tickets", rf"^See {re.escape(artist)} Live[ \t]*(?:\n|\Z)", flags=re.I | re.M)


ADVERTISEMENTS = (
    _rule("tickets", r"See [^\n]{1,80}? Live(?=\s*Get tickets)"),
    _rule(
        "tickets", r"(?m)(?:^[ \t]{0,20})?Get tickets as low as [$£€]\d[\d,.]*(?:(?=You might)|$)"
    ),
    _rule("tickets", r"Get tickets as low as [$£€]\d[\d,.]*", "\n"),
    _rule("you might also like", r"(?m)^You might also like[ \t]*\n"),
    _rule("you might also like", r"(?m)(?:(?<=\S)|^)You might also like(?![ a-z0-9,'])", "\n"),
    _rule("embed", r"(?m)(?:\d[\d,.]*K?|(?<=\S)|^)Embed\s*\Z"),
)
UNRELEASED = re.compile(
    r"lyrics for this song have yet to be released|lyrics will be (?:released|available) (?:once|"
    r"when|after)|check back once the song (?:has been|is) released|^\s*\[?instrumental\]?\s*$",
    re.I,
)
LONGEST_NOTICE = 400  # characters of a text that says that there is none

_SECTIONS = (
    "verse chorus hook refrain bridge intro outro skit interlude pre-chorus prechorus pre-hook "
    "post-chorus strophe"
)
_RARE_SECTIONS = "spoken instrumental dialogue break breakdown part drop sample"
_USUAL = "|".join(_SECTIONS.split())
_ANY = "|".join((*_SECTIONS.split(), *_RARE_SECTIONS.split()))
CREDIT = re.compile(r"\s*(?:produced|prod\b|written|lyrics|directed|mixed)", re.I)
BRACKETS = re.compile(r"\[([^\[\]]{0,200})\]")
LABEL = re.compile(rf"\s*({_ANY})\b[^:\-–—(]{{0,30}}(?:[:\-–—(]\s*(.*?)\)?)?\s*", re.I | re.S)
_NUMBER = r"(?: ?#?(?:\d{1,2}|[ivx]{1,4}|one|two|three|four))?"
BARE_LABEL = re.compile(rf"\(?({_USUAL}){_NUMBER} ?(?:[:–—-] ?((?:[^\s()]+ ?){{0,4}}))?\)?:?", re.I)
NOT_SUNG = {"intro", "outro", "skit", "interlude", "spoken", "instrumental", "dialogue", "sample"}
SUNG_AGAIN = {"chorus": "chorus", "hook": "chorus", "refrain": "refrain", "pre-chorus": "before",
              "prechorus": "before", "pre-hook": "before", "post-chorus": "after"}  # fmt: skip

_TIMES = r"x ?\d{1,2}|\d{1,2} ?[x×]|× ?\d{1,2}"
# a single ? after a space at the end of a line is a question in French spacing
UNHEARD = _rule(
    "unheard words", r"[(]\s*\?+\s*[)]|^\s*\?+\s*$|(?<!\S)\?\?+(?!\S)|(?<!\S)\?(?=\s+\w)"
)
LINE_RULES = (
    _rule("sounds", r"(?<![\w*])\*(?=\S)[^*\n]{1,60}(?<=\S)\*(?![\w*])"),
    _rule("repeats", rf"[\s,]*[(\[]\s*(?:repeat(?:ed)? )?(?:{_TIMES})\s*[)\]]\s*$", flags=re.I),
    _rule("repeats", rf"(?:(?<=[\s,])|^)(?:{_TIMES})\s*$", flags=re.I),
    _rule(
        "repeats",
        r"^\W*repeat (?:chorus|hook|verse|refrain|intro|bridge|till fade|\d|x)\b.*$",
        flags=re.I,
    ),
    _rule("ad-libs", r"[\s,]*\([^()]*\)[\s.,;:!?'\"-]*$"),
)
_UNBALANCED = re.compile(r"[()\[\]]")
_EDGES = re.compile(r"^[\s•·*#>,;:.–—-]+|[\s,;:.…–—*>-]+$")
_MOST_FOREIGN = 0.3  # share of a line's letters


def without_loose_ends(line: str) -> str:
    """A line without brackets that do not match, bullets, and punctuation at its end."""
    if line.count("(") != line.count(")") or "[" in line or "]" in line:
        line = _UNBALANCED.sub("", line)
    line = _EDGES.sub("", line)
    if line.count('"') % 2:
        line = line.strip('"') if line.strip('"').count('"') % 2 == 0 else line
    return " ".join(line.split())


def flaw_of_line(line: str) -> str:
    """Why a line cannot be a bar; empty if it can."""
    letters = [char for char in line if char.isalpha()]
    if not letters and not any(char.isdigit() for char in line):
        return "lines without words"
    foreign = sum(not char.isascii() and not _is_latin(char) for char in letters)
    return "lines not in Latin letters" if foreign > _MOST_FOREIGN * len(letters) else ""


def _is_latin(char: str) -> bool:
    return unicodedata.name(char, "").startswith("LATIN")
