"""From lyrics as they are found to stanzas of bars: what is no lyric goes, and is counted."""

import html
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from bars.fingerprints import run_words
from training_job import cleaning_rules as rules

_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_BLANK = re.compile(r"\n\s*\n")
_MARK = "\x00"  # before a label on a line of its own; removed from texts beforehand
_LONGEST_LINE = 400  # characters; no bar is as long, and patterns take their time
_ROUNDS = 4  # of a line's rules, as one may uncover what another finds


@dataclass(frozen=True, slots=True)
class Stanza:
    """Lines that belong together; `kind` is verse, chorus and so on, empty if nothing says it."""

    kind: str
    performers: str
    lines: tuple[str, ...]


@dataclass(slots=True)
class CleanSong:
    """What is left of a song, what was found in it by rule, and why nothing is left, if so."""

    stanzas: list[Stanza] = field(default_factory=list)
    found: Counter[str] = field(default_factory=Counter)
    flaw: str = ""


def clean_song(artist: str, title: str, text: str) -> CleanSong:
    """A song's stanzas without what pages add, without what is no bar, each line once."""
    song = CleanSong()
    plain = _plain(text, song.found)
    if rules.UNRELEASED.search(plain) and len(plain) < rules.LONGEST_NOTICE:
        song.flaw = "not released, or instrumental"
        return song
    plain = _without_page(plain, artist, title, song.found)
    sung = _sung(_sections(_marked(plain, song.found), song.found), song.found)
    song.stanzas = list(_once(sung, song.found))
    if not song.stanzas:
        song.flaw = "no line with words"
    return song


def plain_name(name: str) -> str:
    """A title or an artist's name on one line, in plain characters."""
    return " ".join(_plain(name, Counter()).split())


def _plain(text: str, found: Counter[str]) -> str:
    """A text with one kind of line end, of quote and of space, and no markup."""
    text = _LINE_ENDS.sub("\n", text)
    entities = len(rules.ENTITY.findall(text))
    text = _apply((rules.INVISIBLE,), html.unescape(text), found)
    found["HTML entities"] += entities
    text = unicodedata.normalize("NFC", _LINE_ENDS.sub("\n", text))
    return _apply(rules.MARKUP, text, found)


def _apply(all_rules: tuple[rules.Rule, ...], text: str, found: Counter[str]) -> str:
    for rule in all_rules:
        text, count = rule.apply(text)
        found[rule.name] += count
    return text


def _without_page(text: str, artist: str, title: str, found: Counter[str]) -> str:
    """The text without the head, the tail and the advertisements of the page it was on."""
    text, numbers = rules.CONTRIBUTORS.apply(text)
    found[rules.CONTRIBUTORS.name] += numbers
    heads = [rules.TRANSLATIONS, rules.HEAD_OF_LINE]
    if title:
        heads.insert(0, rules.head_with(title))
    if numbers:
        heads.append(rules.HEAD_AFTER_NUMBERS)
    for rule in heads:
        text, count = rule.apply(text)
        if count:
            found[rule.name] += count
            text = _apply((rules.ABOUT,), text, found)
            break
    text = _apply(rules.ADVERTISEMENTS, text, found)
    return _apply((rules.live_with(artist),), text, found) if artist else text


def _marked(text: str, found: Counter[str]) -> str:
    """The text with every section's label on a line of its own, after a mark."""

    def replaced(match: re.Match[str]) -> str:
        label = " ".join(match[1].split())
        if not label.strip("?. "):
            return "(?)"
        before = text[: match.start()].rpartition("\n")[2].strip()
        after = text[match.end() :].partition("\n")[0].strip()
        if rules.CREDIT.match(label):
            found["credits"] += 1
            return "\n\n"
        if rules.LABEL.fullmatch(label) or not (before or after):
            found["section marks"] += 1
            return f"\n{_MARK}{label}\n"
        return f"({label})"

    return rules.BRACKETS.sub(replaced, text)


def _sections(text: str, found: Counter[str]) -> Iterator[tuple[str, str, str]]:
    """Kind, performers and text of each section."""
    kind, performers, lines = "", "", [""]
    for line in text.split("\n"):
        stripped = line.strip()
        bare = rules.BARE_LABEL.fullmatch(stripped)
        if not bare and not stripped.startswith(_MARK):
            lines.append(line)
            continue
        yield kind, performers, "\n".join(lines)
        label = bare or rules.LABEL.fullmatch(stripped[1:])
        found["section marks"] += bool(bare)
        kind = label[1].lower() if label else "verse"
        performers = (label[2] or "" if label else stripped[1:]).strip(" :")
        lines = []
    yield kind, performers, "\n".join(lines)


def _sung(sections: Iterator[tuple[str, str, str]], found: Counter[str]) -> Iterator[Stanza]:
    """Stanzas of clean lines, without what is only said and without choruses that come again."""
    sung: set[str] = set()
    for kind, performers, text in sections:
        again = rules.SUNG_AGAIN.get(kind)
        if not text.strip():
            continue
        if kind in rules.NOT_SUNG:
            found["intros, skits and outros"] += 1
        elif again in sung:
            found["choruses again"] += 1
        else:
            if again:
                sung.add(again)
            for lines in _paragraphs(text):
                yield Stanza(kind, performers, tuple(_clean_lines(lines, found)))


def _paragraphs(text: str) -> Iterator[list[str]]:
    """The lines of each paragraph; a text with a blank line after each line has one."""
    parts = [part.split("\n") for part in _BLANK.split(text.strip("\n"))]
    if len(parts) > 3 and all(len(part) == 1 for part in parts):
        parts = [[line for part in parts for line in part]]
    yield from parts


def _clean_lines(lines: list[str], found: Counter[str]) -> Iterator[str]:
    for line in filter(str.strip, lines):
        if len(line) > _LONGEST_LINE:
            found["lines too long"] += 1
        elif rules.UNHEARD.pattern.search(line):
            found[rules.UNHEARD.name] += 1
        elif cleaned := _clean_line(line, found):
            if flaw := rules.flaw_of_line(cleaned):
                found[flaw] += 1
            else:
                yield cleaned


def _clean_line(line: str, found: Counter[str]) -> str:
    for _ in range(_ROUNDS):
        before = line
        line = rules.without_loose_ends(_apply(rules.LINE_RULES, line, found))
        if line == before:
            break
    return line


def _once(stanzas: Iterator[Stanza], found: Counter[str]) -> Iterator[Stanza]:
    """Each stanza and each line where it comes first."""
    whole: set[tuple[str, ...]] = set()
    seen: set[str] = set()
    for stanza in stanzas:
        keys = tuple(" ".join(run_words(line)) for line in stanza.lines)
        if keys in whole:
            found["stanzas again"] += bool(keys)
            continue
        whole.add(keys)
        fresh = []
        for key, line in zip(keys, stanza.lines, strict=True):
            if key not in seen:
                fresh.append(line)
            seen.add(key)
        found["lines again"] += len(keys) - len(fresh)
        if fresh:
            yield Stanza(stanza.kind, stanza.performers, tuple(fresh))
