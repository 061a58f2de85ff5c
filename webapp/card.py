"""A verse as a picture: an SVG in the look of the site, made on the server."""

import textwrap
from html import escape

from webapp.shown import ending, mark
from webapp.verse_store import StoredVerse

_COLORS = (
    "#ff8a80", "#8ab4f8", "#ffc15e", "#d7a3e6", "#4dd0c0", "#f7b2cf", "#c3d0d8", "#a5d66b",
)  # fmt: skip
_PAPER, _INK, _SOFT = "#1b1713", "#f5efe4", "#b9ae9d"
_WIDTH, _LEFT, _TOP, _ROW, _LINE = 1080, 150, 190, 26, 50
_LONGEST = 40  # characters of a line
_FONT = "Avenir Next Condensed, Arial Narrow, Helvetica Neue, Arial, sans-serif"


def to_svg(verse: StoredVerse) -> str:
    """Letters and underlines tell rhymes apart where colors do not."""
    rows, y = [], _TOP
    for bar in verse.bars:
        drawn, y = _bar(bar["text"], bar["letter"], y)
        rows.append(drawn)
    title = escape(verse.request["topic"] or "Freestyle")
    height = y + 70
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" '
        f'width="{_WIDTH}" height="{height}" role="img" font-family="{_FONT}">'
        f"<title>{title}: {escape(verse.text)}</title>"
        f'<rect width="100%" height="100%" fill="{_PAPER}"/>'
        f'<text x="60" y="105" fill="{_INK}" font-size="58" font-weight="900">{title}</text>'
        f"{''.join(rows)}"
        f'<text x="60" y="{height - 30}" fill="{_SOFT}" font-size="24">DEEP HOP</text></svg>'
    )


def _bar(text: str, letter: str | None, y: int) -> tuple[str, int]:
    """A bar from this height on, and the height below it."""
    color = _COLORS[mark(letter)] if letter else _INK
    lines = textwrap.wrap(text, _LONGEST) or [text]
    drawn = []
    if letter:
        drawn.append(
            f'<circle cx="90" cy="{y - 13}" r="26" fill="{color}"/>'
            f'<text x="90" y="{y - 3}" fill="{_PAPER}" font-size="28" font-weight="800" '
            f'text-anchor="middle">{letter}</text>'
        )
    for number, line in enumerate(lines, 1):
        before, last = ending(line) if number == len(lines) else (line, "")
        decoration = ' text-decoration="underline"' if letter else ""
        drawn.append(
            f'<text x="{_LEFT}" y="{y}" fill="{_INK}" font-size="36" font-weight="650" '
            f'xml:space="preserve">{escape(before)}<tspan fill="{color}"{decoration}>'
            f"{escape(last)}</tspan></text>"
        )
        y += _LINE
    return "".join(drawn), y + _ROW
