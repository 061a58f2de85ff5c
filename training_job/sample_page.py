"""A page with lessons as the model reads them: what is told, what is learned, what rhymes.

It needs no script and nothing from elsewhere, and is light or dark as its reader is.
"""

import json
from collections.abc import Sequence
from html import escape
from typing import Any

from bars.pronunciation import hear
from bars.text import last_word
from training_job.sound_lessons import PLAN

# hues of bars.picture, which stay apart for most kinds of color blindness
_LIGHT = ("#b03a00", "#00618f", "#007a55", "#a3457f", "#7a5c00", "#5b4bb3", "#9c1f2e", "#3d6b1f")
_DARK = ("#ff9d66", "#6cc4f5", "#4fd6a7", "#f0a3d0", "#e6c64d", "#b3a8ff", "#ff8f9b", "#a6d97a")
_STYLE = """
:root{color-scheme:light dark;--paper:#fdfbf7;--ink:#1c1a17;--faint:#6b665e;--line:#d9d3c7}
@media(prefers-color-scheme:dark){:root{--paper:#171512;--ink:#f3efe6;--faint:#a8a194;
--line:#3a362f}}
body{margin:0 auto;max-width:58rem;padding:1.5rem 1rem;background:var(--paper);color:var(--ink);
font:1.05rem/1.5 Georgia,'Times New Roman',serif}
h1{font-size:1.5rem}section{border-top:1px solid var(--line);padding:.8rem 0}
h2{font:700 1rem Georgia,serif;margin:0}.task,.from,.plan,.sound{font:.8rem ui-monospace,monospace;
color:var(--faint)}.task{border:1px solid var(--line);border-radius:.3rem;padding:0 .4rem;
font-weight:400}h2 .task{margin-left:.5rem}
table{border-collapse:collapse;width:100%}td{padding:.1rem .5rem .1rem 0;vertical-align:baseline}
.plan{white-space:nowrap;width:1%}.sound{white-space:nowrap;width:1%}
.told{color:var(--faint);font-style:italic}
p.lesson{margin:.3rem 0;font:.95rem ui-monospace,monospace;overflow-wrap:anywhere}
.note{color:var(--faint);font-size:.9rem}
@media(max-width:40rem){.sound{display:none}}
"""
_NOTE = (
    "Lessons drawn by chance from train.jsonl. What is told is grey and slanted, what is learned "
    "is not. Each bar of a verse stands beside its plan: its letter, its syllables and, where the "
    "rhyme word comes first, the word to rhyme with, if there is one, and that word; bars of one "
    "letter and color rhyme. On a wide page, at the right is how the last word is spoken."
)


def sample_page(rows: Sequence[str]) -> str:
    """The page for some lines of a file of lessons."""
    sections = "".join(map(_section, map(json.loads, rows)))
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>Lessons</title><style>{_STYLE}{_colors()}</style></head>"
        f'<body><h1>{len(rows)} lessons</h1><p class="note">{_NOTE}</p>{sections}</body></html>\n'
    )


def _colors() -> str:
    light, dark = (
        "".join(f".g{i}{{color:{color}}}" for i, color in enumerate(colors))
        for colors in (_LIGHT, _DARK)
    )
    return f"{light}@media(prefers-color-scheme:dark){{{dark}}}"


def _section(row: dict[str, Any]) -> str:
    marked = [(line, learned) for text, learned in row["parts"] for line in text.splitlines()]
    task = f'<span class="task">{escape(row["task"])}</span>'
    if marked[0][0].startswith("# "):
        names = " · ".join(escape(row[name]) for name in ("title", "artist") if row[name])
        source = f'<div class="from">{names}</div>'
        head = escape(marked[0][0].removeprefix("# "))
        bars = _ends(marked) if row["task"] == PLAN else _bars(marked)
        return f"<section><h2>{head}{task}</h2>{source}<table>{bars}</table></section>"
    told, answer = ("".join(t for t, learned in row["parts"] if learned == i) for i in (0, 1))
    return (
        f'<section>{task}<p class="lesson"><span class="told">{escape(told.strip())}</span><br>'
        f"{escape(answer.strip())}</p></section>"
    )


def _bars(marked: Sequence[tuple[str, int]]) -> str:
    """Plans and bars take turns after the heading; a learned end word is a piece of its own."""
    lines: list[tuple[str, int]] = []
    for text, learned in marked[1:]:
        if text.startswith(" "):
            lines[-1] = (lines[-1][0] + text, lines[-1][1])
        else:
            lines.append((text, learned))
    pairs = zip(lines[::2], lines[1::2], strict=True)
    return "".join(_bar(plan, bar, learned) for (plan, _), (bar, learned) in pairs)


def _ends(marked: Sequence[tuple[str, int]]) -> str:
    """Plans without bars: each plan is told, its end word is learned."""
    pairs = zip(marked[1::2], marked[2::2], strict=True)
    return "".join(_bar(plan, end.strip(), learned) for (plan, _), (end, learned) in pairs)


def _bar(plan: str, bar: str, learned: int) -> str:
    sounds = hear(last_word(bar)).pronunciations
    return (
        f'<tr><td class="plan">{escape(plan)}</td><td class="{"" if learned else "told"}">'
        f"{_painted(bar, plan.split(' ')[0])}</td>"
        f'<td class="sound">{escape(" ".join(sounds[0]) if sounds else "")}</td></tr>'
    )


def _painted(bar: str, letter: str) -> str:
    """A bar whose last word has the color of its letter."""
    if letter == "-":
        return escape(bar)
    before, space, word = bar.rpartition(" ")
    group = (ord(letter[0]) - ord("A")) % len(_LIGHT)
    return f'{escape(before + space)}<b class="g{group}">{escape(word)}</b>'
