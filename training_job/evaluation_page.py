"""An evaluation as a page that needs no script and nothing from elsewhere; light and dark."""

import random
from collections.abc import Mapping, Sequence
from html import escape
from importlib.resources import files
from typing import Any

from training_job.evaluation_drawings import loss_plot, rhyme_bars
from training_job.evaluation_text import GROUP_NAMES, data_warning, number, span
from training_job.figures import GROUPS, WAYS, main_way
from training_job.verse_markup import verse_markup

SHOWN = 20  # verses
_HEADS = {
    "perfect": "perfect rhymes",
    "any_rhyme": "rhymes of any kind",
    "identical": "same word again",
    "syllables_within_1": "syllables within 1",
    "ends_as_planned": "end on the planned word",
    "degenerate": "degenerate bars",
    "near_copies": "bars like one from training",
}
_BARS_NOTE = (
    "Of the bars that should rhyme. The thin line is the 95 % interval, the dashed mark what the "
    "same bars give when they are dealt again."
)
_VERSES_NOTE = (
    "The opening bar is slanted. Words of one color rhyme. Behind each bar are its syllables and "
    "those that its plan had."
)
_LOSS_NOTE = (
    "Nats a learned token: each step and the running mean, with dots for lessons that were held "
    "out. The steps include what unlikelihood adds, where it is used; the dots do not."
)


def evaluation_page(answer: Mapping[str, Any], history: Sequence[Mapping[str, Any]] = ()) -> str:
    """The page; `history` is what the training wrote to metrics.jsonl."""
    style = (files("training_job") / "data" / "evaluation.css").read_text(encoding="utf-8")
    groups = answer["groups"]
    tables = "".join(_table(group, groups[group]) for group in GROUPS if group in groups)
    verses = "".join(map(verse_markup, shown_verses(answer["verses"])))
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>Evaluation</title><style>{style}</style></head><body>{_head(answer)}"
        f"{_headlines(groups)}{_thresholds(answer.get('thresholds', ()))}"
        f"{_drawings(groups, history)}{tables}<h2>Verses</h2>"
        f'<p class="note">{_VERSES_NOTE}</p>{verses}</body></html>\n'
    )


def shown_verses(verses: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Some verses of the whole run, drawn by chance, always the same ones, in their order."""
    places = random.Random(0).sample(range(len(verses)), min(SHOWN, len(verses)))  # nosec B311  # a sample
    return [verses[place] for place in sorted(places)]


def _head(answer: Mapping[str, Any]) -> str:
    model, data, settings = answer["model"], answer["data"], answer["settings"]
    told = [
        f"base {model['base_model']}",
        f"adapter {model['adapter']}" if model["adapter"] else "no adapter",
        f"data {data['hash'][:12]}",
        f"seed {settings['seed']}",
        f"temperature {settings['temperature']:g}, top-p {settings['top_p']:g}",
        f"{len(answer['verses'])} verses",
    ]
    warning = data_warning(answer)
    noted = f'<p class="note bad">{warning}</p>' if warning else ""
    return f'<h1>Evaluation</h1><p class="note">{escape(" · ".join(told))}</p>{noted}'


def _headlines(groups: Mapping[str, Any]) -> str:
    """The main figures of the way of writing in which the model does most by itself."""
    way = main_way(groups)
    if way is None:
        return ""
    figures = groups[way]["figures"]
    items = "".join(
        f"<li><b>{figures[name]['value']:.1%}</b>{label}"
        f'<span class="note">{_percents(figures[name])}</span></li>'
        for name, label in _HEADS.items()
        if name in figures
    )
    return f'<p>{GROUP_NAMES[way]}.</p><ul class="heads">{items}</ul>'


def _percents(figure: Mapping[str, Any]) -> str:
    between = f"{figure['low']:.0%} to {figure['high']:.0%}"
    return between + (f", chance {figure['chance']['value']:.1%}" if figure["chance"] else "")


def _thresholds(judged: Sequence[Mapping[str, Any]]) -> str:
    if not judged:
        return ""
    rows = "".join(
        f'<tr><td>{escape(each["threshold"])}</td><td class="n">{number(each["value"])}</td>'
        f'<td><span class="tag{"" if each["kept"] else " bad"}">'
        f"{'kept' if each['kept'] else 'missed'}</span></td></tr>"
        for each in judged
    )
    return f"<h2>Thresholds</h2><table>{rows}</table>"


def _drawings(groups: Mapping[str, Any], history: Sequence[Mapping[str, Any]]) -> str:
    bars = "".join(
        _figure(rhyme_bars(groups[way]["figures"], GROUP_NAMES[way]), GROUP_NAMES[way])
        for way in WAYS
        if way in groups
    )
    plot = loss_plot(history)
    training = f'<h2>Training</h2><p class="note">{_LOSS_NOTE}</p>{_figure(plot, "Loss")}'
    return (
        f'<h2>How bars rhyme</h2><p class="note">{_BARS_NOTE}</p><div class="grid">{bars}</div>'
        f"{training if plot else ''}"
    )


def _figure(drawing: str, caption: str) -> str:
    return f"<figure><figcaption>{escape(caption)}</figcaption>{drawing}</figure>"


def _table(group: str, told: Mapping[str, Any]) -> str:
    rows = "".join(
        f'<tr><td>{GROUPS[group][name].label}</td><td class="n">{number(figure["value"])}</td>'
        f'<td class="n">{span(figure)}</td><td class="n">{_chance(figure)}</td>'
        f'<td class="n wide">{figure["of"]}</td></tr>'
        for name, figure in told["figures"].items()
    )
    units = "prompts" if group in WAYS else "lessons"
    return (
        f'<h2>{GROUP_NAMES[group]}</h2><p class="note">{len(told["units"])} {units}</p><table>'
        '<thead><tr><th></th><th class="n">figure</th><th class="n">95 %</th>'
        f'<th class="n">chance</th><th class="n wide">of</th></tr></thead><tbody>{rows}</tbody>'
        "</table>"
    )


def _chance(figure: Mapping[str, Any]) -> str:
    chance = figure["chance"]
    if not chance:
        return ""
    return f'{number(chance["value"])}<span class="wide"> ({span(chance)})</span>'
