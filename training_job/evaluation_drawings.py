"""The drawings of the evaluation page: inline SVG whose colors are those of the page."""

from collections.abc import Mapping, Sequence
from html import escape
from math import ceil, floor
from typing import Any

from training_job.figures import RHYME_KINDS
from training_job.metrics import running_mean

_ROW, _LEFT, _WIDTH, _BAR = 26, 88, 360, 200  # SVG units: a row, where bars begin, all, a whole bar
_SHORT = {"no_rhyme": "none"}
_PLOT = (360, 200)
_MARGIN = (34, 8, 14, 26)  # left, right, top, bottom
Points = Sequence[tuple[int, float]]


def rhyme_bars(figures: Mapping[str, Any], title: str) -> str:
    """A bar for each kind of rhyme, with its interval, its chance level and its figure."""
    kinds = [kind for kind in RHYME_KINDS if kind in figures]
    rows = "".join(_bar(kind, figures[kind], place) for place, kind in enumerate(kinds))
    height = len(kinds) * _ROW + 22
    told = ", ".join(f"{_SHORT.get(k, k)} {figures[k]['value']:.0%}" for k in kinds)
    scale = "".join(
        f'<text class="s" x="{_LEFT + share * _BAR:g}" y="{height - 4}" text-anchor="middle">'
        f"{share:.0%}</text>"
        for share in (0, 0.5, 1)
    )
    return (
        f'<svg viewBox="0 0 {_WIDTH} {height}" role="img" aria-label="{escape(title)}: {told}">'
        f"{rows}{scale}</svg>"
    )


def _bar(kind: str, figure: Mapping[str, Any], place: int) -> str:
    y = place * _ROW + 4
    middle = y + 8
    low, high = (_LEFT + figure[end] * _BAR for end in ("low", "high"))
    chance = figure["chance"]
    mark = ""
    if chance:
        x = _LEFT + chance["value"] * _BAR
        mark = f'<path class="chance" d="M{x:.1f} {y - 2}v20"/>'
    return (
        f'<text x="{_LEFT - 6}" y="{middle + 4}" text-anchor="end">{_SHORT.get(kind, kind)}</text>'
        f'<rect class="rail" x="{_LEFT}" y="{y}" width="{_BAR}" height="16"/>'
        f'<rect class="bar" x="{_LEFT}" y="{y}" width="{figure["value"] * _BAR:.1f}" height="16"/>'
        f'<path class="span" d="M{low:.1f} {middle}H{high:.1f}M{low:.1f} {middle - 4}v8'
        f'M{high:.1f} {middle - 4}v8"/>{mark}'
        f'<text x="{_LEFT + _BAR + 8}" y="{middle + 4}">{figure["value"]:.1%}</text>'
    )


def loss_plot(history: Sequence[Mapping[str, Any]]) -> str:
    """The loss over the steps of training and on held-out lessons; empty without any."""
    steps = [(row["step"], row["loss"]) for row in history if "loss" in row and "step" in row]
    held = [(row["step"], row["valid_loss"]) for row in history if "valid_loss" in row]
    if not steps:
        return ""
    values = [value for _, value in (*steps, *held)]
    frame = _Frame(max(step for step, _ in (*steps, *held)), floor(min(values)), ceil(max(values)))
    dots = "".join(
        f'<circle class="held" cx="{x:.1f}" cy="{y:.1f}" r="3"/>' for x, y in map(frame.place, held)
    )
    return (
        f'<svg viewBox="0 0 {_PLOT[0]} {_PLOT[1]}" role="img" aria-label="Loss in training, from '
        f'{steps[0][1]:.2f} to {steps[-1][1]:.2f}">{frame.grid()}'
        f'<path class="faint" d="{frame.path(steps)}"/>'
        f'<path class="line" d="{frame.path(running_mean(steps))}"/>{dots}</svg>'
    )


class _Frame:
    """Where steps and losses lie in the plot."""

    def __init__(self, steps: int, low: float, high: float) -> None:
        self._steps, self._low, self._high = max(1, steps), low, max(high, low + 1)
        left, right, top, bottom = _MARGIN
        self._width, self._height = _PLOT[0] - left - right, _PLOT[1] - top - bottom

    def place(self, point: tuple[int, float]) -> tuple[float, float]:
        step, value = point
        below = (self._high - value) / (self._high - self._low)
        return _MARGIN[0] + step / self._steps * self._width, _MARGIN[2] + below * self._height

    def path(self, points: Points) -> str:
        return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in map(self.place, points))

    def grid(self) -> str:
        every = max(1, round((self._high - self._low) / 5))
        losses = range(round(self._low), round(self._high) + 1, every)
        levels = [(value, self.place((0, value))[1]) for value in losses]
        lines = "".join(
            f'<path class="rule" d="M{_MARGIN[0]} {y:.1f}h{self._width}"/>'
            f'<text class="s" x="{_MARGIN[0] - 6}" y="{y + 4:.1f}" text-anchor="end">{value}</text>'
            for value, y in levels
        )
        end = _PLOT[0] - _MARGIN[1]
        return lines + (
            f'<text class="s" x="{_MARGIN[0]}" y="{_PLOT[1] - 8}">step 0</text>'
            f'<text class="s" x="{end}" y="{_PLOT[1] - 8}" text-anchor="end">{self._steps}</text>'
        )
