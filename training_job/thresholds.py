"""Bounds that an evaluation must keep: perfect>=0.3, told.ends_as_planned>=0.9, loss.verse<=3.5.

A name without a group is about the way of writing in which the model does most by itself. With =,
the figure must be at least or at most the bound, as is better for it.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from training_job.figures import GROUPS, VERSES, main_way

_FORM = re.compile(r"\s*(?:(\w+)\.)?(\w+)\s*(>=|<=|=)\s*([0-9.]+)\s*")


class ThresholdsWrong(ValueError):
    """Some thresholds cannot be used; the message names all of them."""


@dataclass(frozen=True)
class Threshold:
    """`least`: the figure must not be below the bound, else not above it."""

    group: str | None
    figure: str
    least: bool
    bound: float

    def __str__(self) -> str:
        name = f"{self.group}.{self.figure}" if self.group else self.figure
        return f"{name}{'>=' if self.least else '<='}{self.bound:g}"

    def judge(self, groups: Mapping[str, Any]) -> dict[str, Any]:
        """The threshold, the figure (none if it was not measured) and whether it is kept."""
        group = groups.get(self.group or main_way(groups) or "", {})
        value = group.get("figures", {}).get(self.figure, {}).get("value")
        kept = value is not None and (value >= self.bound if self.least else value <= self.bound)
        return {"threshold": str(self), "value": value, "kept": kept}


def read_thresholds(given: Sequence[str]) -> list[Threshold]:
    """Thresholds from words, or from files of them, one a line; ThresholdsWrong for the others."""
    found, wrong = [], []
    for text in _lines(given):
        try:
            found.append(_threshold(text))
        except ValueError as error:
            wrong.append(str(error))
    if wrong:
        raise ThresholdsWrong(" ".join(wrong))
    return found


def _lines(given: Iterable[str]) -> Iterable[str]:
    for each in given:
        if "=" in each:
            yield each
            continue
        try:
            lines = Path(each).read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise ThresholdsWrong(
                f"{each!r} is neither a file that can be read ({error}) nor a threshold such as "
                "perfect>=0.3."
            ) from error
        yield from (line for line in lines if line.strip() and not line.startswith("#"))


def _threshold(text: str) -> Threshold:
    match = _FORM.fullmatch(text)
    if not match:
        raise ValueError(f"{text!r} is no threshold such as perfect>=0.3 or loss.verse<=3.5.")
    group, figure, sign, bound = match.groups()
    if group and group not in GROUPS:
        raise ValueError(f"{text!r}: there is no group {group}; there are {', '.join(GROUPS)}.")
    kinds = GROUPS[group] if group else VERSES
    if figure not in kinds:
        where = f"{group} has" if group else "verses have"
        raise ValueError(f"{text!r}: {where} no figure {figure}, but {', '.join(kinds)}.")
    better = kinds[figure].better
    if sign == "=" and not better:
        raise ValueError(f"{text!r}: neither way is better for {figure}; write >= or <=.")
    try:
        return Threshold(group, figure, sign == ">=" or (sign == "=" and better > 0), float(bound))
    except ValueError:
        raise ValueError(f"{text!r}: {bound} is no number.") from None
