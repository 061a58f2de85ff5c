"""A heard text as something to look at: a web page, a drawing, or a terminal's colors.

Every rhyme group has a color and, for those who do not see colors, a letter or number.
"""

from collections.abc import Iterator, Sequence
from html import escape

from bars.meter import STEPS
from bars.verse_sound import HeardLine, HeardStanza, HeardWord

# eight hues that stay apart on paper and for most kinds of color blindness (after Okabe and Ito)
_LIGHT = ("#b03a00", "#00618f", "#007a55", "#a3457f", "#7a5c00", "#5b4bb3", "#9c1f2e", "#3d6b1f")
_DARK = ("#ff9d66", "#6cc4f5", "#4fd6a7", "#f0a3d0", "#e6c64d", "#b3a8ff", "#ff8f9b", "#a6d97a")
_TERMINAL = (208, 39, 36, 169, 178, 99, 197, 106)
_CELL, _ROW, _LEFT, _TOP = 9.0, 62, 44, 24  # SVG units: a character, a line, the margins
_STEP = 14


def to_terminal(stanzas: Sequence[HeardStanza], colors: bool = True) -> str:
    """Lines with their letters in front, syllables behind, and rhyming words in color."""
    return "\n\n".join("\n".join(_terminal_stanza(s, colors)) for s in stanzas)


def _terminal_stanza(stanza: HeardStanza, colors: bool) -> Iterator[str]:
    names = group_names(stanza)
    widest = max((len(line.text) for line in stanza.lines), default=0)
    for line in stanza.lines:
        text, at = "", 0
        for word in line.words:
            text += line.text[at : word.start] + _painted(word, names, colors)
            at = word.end
        text += line.text[at:] + " " * (widest - len(line.text))
        yield f"{line.letter or '·':>2}  {text}  {_count(line):>5}  {_terminal_beat(line)}"


def _painted(word: HeardWord, names: dict[int, str], colors: bool) -> str:
    if word.group is None or not colors:
        return word.text
    return f"\x1b[1;38;5;{_TERMINAL[word.group % 8]}m{word.text}\x1b[0m"


def _terminal_beat(line: HeardLine) -> str:
    steps = ["·" if step % 4 else "|" for step in range(STEPS)]
    for slot, stress in zip(line.slots, line.stress, strict=False):
        steps[slot] = "●" if stress == "1" else "○"
    return "".join(steps)


def _count(line: HeardLine) -> str:
    low, high = line.syllables.low, line.syllables.high
    return str(low) if low == high else f"{low}-{high}"


def group_names(stanza: HeardStanza) -> dict[int, str]:
    """What each rhyme group is called: its line ends' letter, or a number of its own."""
    names: dict[int, str] = {}
    for line in stanza.lines:
        group = line.words[-1].group if line.words else None
        if group is not None and line.letter:
            names.setdefault(group, line.letter)
    inner = (chain.group for chain in stanza.chains if chain.group not in names)
    return names | {group: str(number) for number, group in enumerate(inner, 1)}


def _style() -> str:
    light = "".join(f"--g{i}:{color};" for i, color in enumerate(_LIGHT))
    dark = "".join(f"--g{i}:{color};" for i, color in enumerate(_DARK))
    base = "--ink:#1c1a17;--paper:#fdfbf7;--faint:#6b665e;--line:#d9d3c7;"
    night = "--ink:#f3efe6;--paper:#171512;--faint:#a8a194;--line:#3a362f;"
    return f":root{{{base}{light}}}@media (prefers-color-scheme:dark){{:root{{{night}{dark}}}}}" + (
        f"@media print{{:root{{{base}{light}}}}}"
    )


_PAGE_STYLE = """
body{margin:0 auto;max-width:46rem;padding:1.5rem 1rem;background:var(--paper);color:var(--ink);
font:1.05rem/1.5 Georgia,'Times New Roman',serif}
h1{font-size:1.5rem;margin:0 0 1rem}ol{list-style:none;margin:0 0 2rem;padding:0}
li{display:grid;grid-template-columns:2rem 1fr auto;gap:0 .6rem;padding:.35rem 0;
border-bottom:1px solid var(--line);break-inside:avoid}
.letter{font:700 1rem ui-monospace,monospace;padding-top:1.1rem}
.words{display:flex;flex-wrap:wrap;gap:0 .35em}
.word{display:inline-grid}.dots{font:.6rem/1.1rem ui-monospace,monospace;color:var(--faint);
letter-spacing:.25em}
.rhyme{font-weight:700;text-decoration:underline;text-underline-offset:.2em}
sup{font:700 .6em ui-monospace,monospace;margin-left:.1em}
.count{font:.8rem ui-monospace,monospace;color:var(--faint);padding-top:1.2rem}
.beat{grid-column:2;display:grid;grid-template-columns:repeat(16,1fr);max-width:22rem;height:.7rem;
margin-top:.2rem}
.beat i{border-left:1px solid var(--line);
background:radial-gradient(circle,var(--c,transparent) 35%,transparent 38%)}
.beat i:nth-child(4n+1){border-left:2px solid var(--faint)}
.strong{--c:var(--ink)}.weak{--c:var(--faint)}
.note{color:var(--faint);font-size:.85rem}
@media print{body{max-width:none;-webkit-print-color-adjust:exact;print-color-adjust:exact}}
"""


def to_html(stanzas: Sequence[HeardStanza], title: str = "A verse, heard") -> str:
    """A page that needs no script and nothing from elsewhere; light, dark and printable."""
    lists = "".join(_html_stanza(stanza) for stanza in stanzas)
    groups = "".join(f".g{i}{{color:var(--g{i})}}" for i in range(8))
    nothing = "" if lists else "<p>There is no bar here.</p>"
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_style()}{_PAGE_STYLE}{groups}</style></head>"
        f"<body><h1>{escape(title)}</h1>{nothing}{lists}"
        '<p class="note">Words of one color and one sign rhyme; letters mark rhymes at the end of '
        "bars, numbers those inside. ● is a stressed syllable, ○ another; the grid shows where "
        "they fall on the four beats of a bar.</p></body></html>\n"
    )


def _html_stanza(stanza: HeardStanza) -> str:
    names = group_names(stanza)
    return "<ol>" + "".join(_html_line(line, names) for line in stanza.lines) + "</ol>"


def _html_line(line: HeardLine, names: dict[int, str]) -> str:
    starts = [word.start for word in line.words[1:]] + [len(line.text)]
    words = [escape(line.text[: line.words[0].start].strip())] if line.words else []
    for word, following in zip(line.words, starts, strict=False):
        words.append(_html_word(word, names, line.text[word.end : following].strip()))
    mark = _end_class(line)
    return (
        f'<li><span class="letter{mark}">{line.letter or "·"}</span><span class="words">'
        f"{''.join(words) or escape(line.text)}</span>"
        f'<span class="count" title="syllables">{_count(line)}</span>'
        f'<span class="beat" role="img" aria-label="{_beat_words(line)}">{_html_beat(line)}'
        "</span></li>"
    )


def _end_class(line: HeardLine) -> str:
    group = line.words[-1].group if line.words else None
    return "" if group is None or not line.letter else f" g{group % 8}"


def _html_word(word: HeardWord, names: dict[int, str], after: str) -> str:
    dots = "".join("●" if digit == "1" else "○" for digit in word.stress)
    text = escape(word.text)
    if word.group is not None:
        name = escape(names.get(word.group, ""))
        text = f'<b class="rhyme g{word.group % 8}">{text}<sup>{name}</sup></b>'
    return (
        f'<span class="word"><span class="dots" aria-hidden="true">{dots}</span>'
        f"<span>{text}{escape(after)}</span></span>"
    )


def _html_beat(line: HeardLine) -> str:
    marks = [""] * STEPS
    for slot, stress in zip(line.slots, line.stress, strict=False):
        strong = stress == "1" or marks[slot] == ' class="strong"'
        marks[slot] = ' class="strong"' if strong else ' class="weak"'
    return "".join(f"<i{mark}></i>" for mark in marks)


def _beat_words(line: HeardLine) -> str:
    return f"syllables on steps {', '.join(str(slot + 1) for slot in line.slots)} of 16"


def to_svg(stanzas: Sequence[HeardStanza], title: str = "A verse, heard") -> str:
    """A drawing of the same, in light or dark as its viewer is."""
    lines = [(line, group_names(stanza)) for stanza in stanzas for line in stanza.lines]
    widest = max((len(line.text) for line, _ in lines), default=20)
    width = max(_LEFT + (widest + 8) * _CELL, _LEFT + STEPS * _STEP + 40)
    height = _TOP + len(lines) * _ROW + 12
    rows = "".join(_svg_line(line, names, i, width) for i, (line, names) in enumerate(lines))
    groups = "".join(f".g{i}{{fill:var(--g{i})}}" for i in range(8))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height}" role="img" '
        f'aria-label="{escape(title)}"><style>{_style()}svg{{background:var(--paper)}}'
        "text{font:15px ui-monospace,Menlo,Consolas,monospace;fill:var(--ink)}"
        f".small{{font-size:9px;fill:var(--faint)}}.b{{font-weight:700}}{groups}</style>"
        f'<title>{escape(title)}</title><rect width="100%" height="100%" fill="var(--paper)"/>'
        f"{rows}</svg>\n"
    )


def _svg_line(line: HeardLine, names: dict[int, str], place: int, width: float) -> str:
    y = _TOP + place * _ROW + 18
    found = [f'<text class="b{_end_class(line)}" x="14" y="{y}">{line.letter or "·"}</text>']
    at = 0
    for word in line.words:
        found.append(_svg_text(line.text[at : word.start], at, y, ""))
        mark = "" if word.group is None else f"b g{word.group % 8}"
        found.append(_svg_text(line.text[word.start : word.end], word.start, y, mark))
        found.append(_svg_dots(word, y))
        if word.group is not None:
            x = _LEFT + (word.start + word.end) / 2 * _CELL - 3
            name = escape(names.get(word.group, ""))
            found.append(f'<text class="small" x="{x:g}" y="{y + 12}">{name}</text>')
        at = word.end
    found.append(_svg_text(line.text[at:], at, y, ""))
    found.append(f'<text class="small" x="{width - 34:g}" y="{y}">{_count(line)}</text>')
    return "".join(found) + _svg_beat(line, y + 22)


def _svg_text(text: str, at: int, y: int, mark: str) -> str:
    """A piece of text that is stretched to its cells, whatever font the viewer has."""
    if not text.strip():
        return ""
    lead = len(text) - len(text.lstrip())
    x, length = _LEFT + (at + lead) * _CELL, len(text.strip()) * _CELL
    style = f' class="{mark}"' if mark else ""
    return (
        f'<text{style} x="{x:g}" y="{y}" textLength="{length:g}" lengthAdjust="spacingAndGlyphs">'
        f"{escape(text.strip())}</text>"
    )


def _svg_dots(word: HeardWord, y: int) -> str:
    cell = (word.end - word.start) * _CELL / max(len(word.stress), 1)
    return "".join(
        f'<circle cx="{_LEFT + word.start * _CELL + (i + 0.5) * cell:g}" cy="{y - 17}" '
        f'r="{3 if digit == "1" else 1.6}" fill="var(--faint)"/>'
        for i, digit in enumerate(word.stress)
    )


def _svg_beat(line: HeardLine, y: int) -> str:
    ticks = "".join(
        f'<line x1="{_LEFT + step * _STEP}" x2="{_LEFT + step * _STEP}" y1="{y - 5}" y2="{y + 5}" '
        f'stroke="var(--{"faint" if step % 4 == 0 else "line"})"/>'
        for step in range(STEPS + 1)
    )
    dots = "".join(
        f'<circle cx="{_LEFT + slot * _STEP}" cy="{y}" r="{4 if stress == "1" else 2.4}" '
        f'fill="var(--{"ink" if stress == "1" else "faint"})"/>'
        for slot, stress in zip(line.slots, line.stress, strict=False)
    )
    return ticks + dots
