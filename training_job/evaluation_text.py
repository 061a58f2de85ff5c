"""Evaluations and comparisons as tables for a terminal."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from training_job.figures import GROUPS

GROUP_NAMES = {
    "loss": "Loss, nats a learned token",
    "g2p": "From spelling to sound",
    "p2g": "From sound to spelling",
    "rhyme": "Rhyming words",
    "asked": "Verses: the model proposes the end words",
    "told": "Verses: end words that rhyme are given",
    "plain": "Verses: no end words",
    "few_shot": "Verses: few-shot prompt of version 1",
}


def number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def span(figure: Mapping[str, Any]) -> str:
    """An interval as text."""
    return "-" if figure["low"] is None else f"{number(figure['low'])}-{number(figure['high'])}"


def data_warning(answer: Mapping[str, Any]) -> str:
    """What there is to know about the data; empty if the adapter was trained on these."""
    trained = answer["model"]["data_hash"]
    if trained is None or trained == answer["data"]["hash"]:
        return ""
    return (
        "The adapter was trained on other data than these: what is held out here may have been "
        "read there."
    )


def evaluation_table(answer: Mapping[str, Any]) -> Iterator[str]:
    """All figures with their intervals and chance levels."""
    for group in GROUPS:
        if group not in answer["groups"]:
            continue
        yield f"{GROUP_NAMES[group]} ({len(answer['groups'][group]['units'])})"
        for name, figure in answer["groups"][group]["figures"].items():
            chance = figure["chance"]
            beside = f"  chance {number(chance['value'])} ({span(chance)})" if chance else ""
            yield (
                f"  {name:24} {number(figure['value']):>6}  {span(figure):>13}"
                f"  of {figure['of']:<6}{beside}".rstrip()
            )
    if warning := data_warning(answer):
        yield warning
    yield f"Seconds: {', '.join(f'{part} {each:g}' for part, each in answer['seconds'].items())}."


def comparison_table(lines: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Every line of a comparison, then how many are better and worse."""
    yield f"{'':34} {'first':>7} {'second':>7} {'difference':>10}  {'95 %':>15}"
    for line in lines:
        name = f"{line['group']}.{line['figure']}"
        between = "-" if line["low"] is None else f"{line['low']:+.3f} {line['high']:+.3f}"
        yield (
            f"{name:34} {number(line['first']):>7} {number(line['second']):>7} "
            f"{line['difference']:>+10.3f}  {between:>15}  {line['verdict']}"
        )
    verdicts = [line["verdict"] for line in lines]
    yield (
        f"The second is better in {verdicts.count('better')} lines and worse in "
        f"{verdicts.count('worse')}; {verdicts.count('open')} are open. One line in twenty would "
        "stand out by chance."
    )
