"""A verse as a picture: an SVG in the look of the site, made on the server."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from webapp.lettering import wrap
from webapp.shown import ending, mark
from webapp.verse_store import StoredVerse

_COLORS = (
    "#ff8a80", "#8ab4f8", "#ffc15e", "#d7a3e6", "#4dd0c0", "#f7b2cf", "#c3d0d8", "#a5d66b",
)  # fmt: skip
_PAPER, _INK, _SOFT, _LINE, _ACCENT = "#1b1713", "#f5efe4", "#b9ae9d", "#3d362d", "#ff5a36"
WIDTH, LEAST_HEIGHT = 1200, 630  # as shared links show pictures
_SIDE, _LEFT = 70, 158  # where letters and where words begin
_WORDS, _TITLE = 880, 800  # pixels that lines may have, by our estimate
FAMILY = "Noto Sans Condensed"  # of the PNG; who looks at the SVG may have other fonts
_FONT = f"{FAMILY}, Avenir Next Condensed, Arial Narrow, Helvetica Neue, Arial, sans-serif"
_DISC = (
    '<g transform="translate(962 -148) scale(5.6)"><circle cx="32" cy="32" r="31" fill="#0f0d0a" '
    'stroke="#5a5247"/><g fill="none" stroke="#4a443a" stroke-width="0.8">'
    '<circle cx="32" cy="32" r="27"/><circle cx="32" cy="32" r="23.5"/>'
    '<circle cx="32" cy="32" r="20"/><circle cx="32" cy="32" r="16.5"/></g>'
    f'<circle cx="32" cy="32" r="13" fill="{_ACCENT}"/>'
    '<path d="M27 24v16M32 27v10M37 22v20" stroke="#0f0d0a" stroke-width="3" '
    'stroke-linecap="round"/></g>'
)


@dataclass(frozen=True)
class _Drawn:
    """A part of the picture, and the height at which it ends."""

    svg: str
    bottom: int


def to_svg(verse: StoredVerse) -> str:
    """Letters and underlines tell rhymes apart where colors do not."""
    topic = verse.request["topic"] or "Freestyle"
    title = _title(topic)
    count = f"{len(verse.bars)} bars"
    scheme = "" if verse.request["scheme"] == "free" else f", {escape(verse.request['scheme'])}"
    hint = _text(_SIDE, title.bottom, 28, _SOFT, count + scheme)
    bars = _bars(verse.bars, title.bottom + 40)
    height = max(LEAST_HEIGHT, bars.bottom + 110)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        f'width="{WIDTH}" height="{height}" role="img" font-family="{_FONT}" font-weight="650">'
        f"<title>{escape(topic)}: {escape(verse.text)}</title>"
        f'<rect width="100%" height="100%" fill="{_PAPER}"/>{_DISC}'
        f"{title.svg}{hint}{bars.svg}{_foot(height)}</svg>"
    )


def _title(topic: str) -> _Drawn:
    size = 76 if len(wrap(topic, _TITLE / 76)) < 3 else 50
    drawn, y = "", 54
    for line in wrap(topic, _TITLE / size):
        y += round(1.12 * size)
        drawn += _text(_SIDE, y, size, _INK, escape(line), ' font-weight="900"')
    return _Drawn(drawn, y + 52)


def _bars(bars: Sequence[dict[str, Any]], y: int) -> _Drawn:
    size = 40 if len(bars) <= 8 else 36
    drawn = ""
    for bar in bars:
        one = _bar(bar, size, y)
        drawn, y = drawn + one.svg, one.bottom
    return _Drawn(drawn, y)


def _bar(bar: dict[str, Any], size: int, top: int) -> _Drawn:
    letter = bar["letter"]
    color = _COLORS[mark(letter)] if letter else _INK
    line = f'<path d="M{_SIDE} {top}H{WIDTH - _SIDE}" stroke="{_LINE}" stroke-width="2"/>'
    y, lines = top + round(1.45 * size), wrap(bar["text"], _WORDS / size)
    drawn = line + _letter(letter, color, y - round(0.36 * size))
    drawn += _text(WIDTH - _SIDE, y, 26, _SOFT, str(bar["syllables"]), ' text-anchor="end"')
    for number, words in enumerate(lines, 1):
        before, last = ending(words) if number == len(lines) else (words, "")
        decoration = ' text-decoration="underline"' if letter else ""
        end = f'<tspan fill="{color}"{decoration}>{escape(last)}</tspan>'
        drawn += _text(_LEFT, y, size, _INK, escape(before) + end, ' xml:space="preserve"')
        y += round(1.3 * size)
    return _Drawn(drawn, y - round(0.65 * size))


def _letter(letter: str | None, color: str, middle: int) -> str:
    if not letter:
        return ""
    name = _text(_SIDE + 27, middle + 10, 29, _PAPER, letter, ' text-anchor="middle"')
    return f'<circle cx="{_SIDE + 27}" cy="{middle}" r="27" fill="{color}"/>{name}'


def _foot(height: int) -> str:
    y = height - 46
    said = "Written by a machine; every bar is heard for its rhyme and its syllables."
    return (
        f'<rect y="{height - 8}" width="100%" height="8" fill="{_ACCENT}"/>'
        + _text(_SIDE, y, 30, _INK, "DEEP HOP", ' font-weight="900"')
        + _text(WIDTH - _SIDE, y, 24, _SOFT, said, ' text-anchor="end"')
    )


def _text(x: int, y: int, size: int, color: str, markup: str, more: str = "") -> str:
    return f'<text x="{x}" y="{y}" fill="{color}" font-size="{size}"{more}>{markup}</text>'
