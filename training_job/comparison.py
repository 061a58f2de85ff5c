"""Two evaluations side by side: which figures are better, worse or open.

The interval of a difference is a paired bootstrap over the prompts or lessons that both have, or
Newcombe's where a share is nothing or all. What people's own verses have as often is not called
worse: bars that are like one from training.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from training_job.figures import GROUPS, Kind, main_way, rounded
from training_job.intervals import Counts, difference_interval, ratio

_VERDICTS = {1: "better", -1: "worse", 0: "differs"}


class ComparisonRefused(ValueError):
    """Two evaluations cannot be compared; the message says why and what to do."""


def read_evaluation(path: Path) -> dict[str, Any]:
    """An evaluation that was written as JSON."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        if found["groups"] and {"model", "data", "settings", "verses"} <= set(found):
            return dict(found)
    except OSError as error:
        raise ComparisonRefused(f"{path} cannot be read: {error.strerror}.") from error
    except (ValueError, KeyError, TypeError):
        pass
    raise ComparisonRefused(f"{path} is no evaluation. Give what evaluate_adapter --json prints.")


def compare(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[dict[str, Any]]:
    """A line for each figure that both have; differences are of the second from the first."""
    lines = [
        line
        for group, partner in _pairs(one["groups"], other["groups"])
        for line in _lines(group, partner, one["groups"][group], other["groups"][partner])
    ]
    if not lines:
        raise ComparisonRefused(
            "The evaluations have no prompt and no lesson in common. Evaluate both with the same "
            "data, openings and seed."
        )
    return lines


def _pairs(one: Mapping[str, Any], other: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The groups that both have, and the ways of writing that stand for one another."""
    yield from ((group, group) for group in GROUPS if group in one and group in other)
    main, others = main_way(one), main_way(other)
    if main and others and main != others:
        yield main, others
    if others and "few_shot" in one and "few_shot" not in other:
        yield "few_shot", others
    if main and "few_shot" in other and "few_shot" not in one:
        yield main, "few_shot"


def _lines(
    group: str, partner: str, one: Mapping[str, Any], other: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    places = {unit: place for place, unit in enumerate(other["units"])}
    common = [(i, places[unit]) for i, unit in enumerate(one["units"]) if unit in places]
    for name, kind in GROUPS[group].items():
        if common and name in one["figures"] and name in other["figures"]:
            counts = [one["figures"][name]["counts"][i] for i, _ in common]
            others = [other["figures"][name]["counts"][j] for _, j in common]
            found = _difference(counts, others, kind)
            if found:
                if (
                    found["verdict"] == "worse"
                    and kind.human
                    and _as_people(other["figures"][name])
                ):
                    found["verdict"] = "open"
                groups = group if group == partner else f"{group}, {partner}"
                yield {"group": groups, "figure": name, "units": len(common), **found}


def _as_people(figure: Mapping[str, Any]) -> bool:
    """Whether a figure may be no higher than in people's own verses: both intervals meet."""
    chance: Mapping[str, float] = figure.get("chance") or {}
    return bool(chance) and figure["low"] <= chance["high"]


def _difference(counts: Counts, others: Counts, kind: Kind) -> dict[str, Any] | None:
    """Both figures over common units, their difference, and what it means."""
    one, other = ratio(counts), ratio(others)
    if one is None or other is None:
        return None
    interval = difference_interval(others, counts, kind.share)
    low, high = interval or (None, None)
    verdict = "open"
    if interval and (interval[0] > 0 or interval[1] < 0):
        verdict = _VERDICTS[kind.better if interval[0] > 0 else -kind.better]
    return {
        "first": rounded(one),
        "second": rounded(other),
        "difference": rounded(other - one),
        "low": rounded(low),
        "high": rounded(high),
        "verdict": verdict,
    }
