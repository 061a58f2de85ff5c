"""A verse that a model wrote as HTML: rhymes in color, syllables, what is amiss."""

from collections.abc import Mapping
from html import escape
from typing import Any

from bars.meter import syllables
from bars.prompt import NO_TOPIC
from bars.scheme import letters
from bars.verse_sound import HeardLine, hear_stanza

_HUES = 8
_RHYMES = {"no_rhyme": "no rhyme", "identical": "same again", "multi": "multisyllabic"}
_NO_GAIN = frozenset({"no_rhyme", "identical", "homophone"})


def verse_markup(verse: Mapping[str, Any]) -> str:
    """One verse as it is listed in an evaluation."""
    texts = [*verse["opening"], *(bar["text"] for bar in verse["bars"])]
    given = letters(verse["scheme"], len(texts))
    heard = iter(hear_stanza([text for text in texts if text]).lines)
    painted = [_painted(next(heard)) if text else "<i>(nothing)</i>" for text in texts]
    told = [(str(syllables(text).low), "", ' class="told"') for text in verse["opening"]]
    beside = [*told, *map(_beside, verse["bars"])]
    rows = "".join(
        f'<li><span class="letter">{letter or "·"}</span><span{style}>{text}</span>'
        f'<span class="count">{count}</span>{tags}</li>'
        for letter, text, (count, tags, style) in zip(given, painted, beside, strict=True)
    )
    heading = f"{escape(verse['topic'] or NO_TOPIC)} · {escape(verse['scheme'])}"
    way = _tag(verse["way"].replace("_", "-"))
    return f'<section class="verse"><h3>{heading} {way}</h3><ol>{rows}</ol></section>'


def _beside(bar: Mapping[str, Any]) -> tuple[str, str, str]:
    """The syllables of a bar that was written, its tags, and no style."""
    tags = []
    if bar["word"]:
        tags.append(_tag(f"{'given' if bar['told'] else 'proposed'}: {bar['word']}"))
    if bar["rhyme"]:
        tags.append(_tag(_RHYMES.get(bar["rhyme"], bar["rhyme"]), bar["rhyme"] in _NO_GAIN))
    if bar["fault"]:
        tags.append(_tag(bar["fault"], bad=True))
    if bar["copy"]:
        tags.append(_tag(f"like: {bar['copy']}", bad=True))
    count = str(bar["syllables"]) + (f" / {bar['target']}" if bar["target"] else "")
    return count, f'<span class="tags">{"".join(tags)}</span>' if tags else "", ""


def _tag(text: str, bad: bool = False) -> str:
    return f'<span class="tag{" bad" if bad else ""}">{escape(text)}</span>'


def _painted(line: HeardLine) -> str:
    """A line whose rhyming words are in the color of their group."""
    painted, at = "", 0
    for word in line.words:
        painted += escape(line.text[at : word.start])
        inner = escape(line.text[word.start : word.end])
        hue = None if word.group is None else word.group % _HUES
        painted += inner if hue is None else f'<b class="rhyme g{hue}">{inner}</b>'
        at = word.end
    return painted + escape(line.text[at:])
