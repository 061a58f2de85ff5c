"""Scores of verses as a table, with what is asked of them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Aim:
    """What a figure should be: at least `low`, at most `high`."""

    low: float = float("-inf")
    high: float = float("inf")

    def __str__(self) -> str:
        if self.low == self.high:
            return f"{self.low:g}"
        return f"at least {self.low:g}" if self.high == float("inf") else f"at most {self.high:g}"


AIMS = {
    "perfect": Aim(low=0.995),
    "identical": Aim(0, 0),
    "syllables_exact": Aim(low=0.99),
    "syllables_within_1": Aim(low=0.999),
    "bars_given": Aim(1, 1),
    "degenerate": Aim(0, 0),
    "repeated_bars": Aim(0, 0),
    "repeated_rhyme_words": Aim(0, 0),
    "shared_runs": Aim(0, 0),
    "distinct_2": Aim(low=0.97),
    "distinct_2_over_all": Aim(low=0.95),
    "top_rhyme_words": Aim(high=0.10),
    "constraint_share": Aim(high=0.15),
}
_BELOW_FREE = {"nats": 0.3, "end_fit": 1.5}  # how far a figure may lie below that of free samples


def score_table(scores: Mapping[str, float | None]) -> Iterator[str]:
    """A line for each figure: its value, its aim, and whether it is met."""
    aims = AIMS | {
        f"{name}{suffix}": Aim(low=round(free - most, 4))
        for name, most in _BELOW_FREE.items()
        for suffix in ("", "_bare")
        if (free := scores.get(f"{name}_free{suffix}")) is not None
    }
    for name, value in scores.items():
        shown = "not asked for" if value is None else f"{value:.4f}"
        yield f"{name:24}{shown:>14}  {_judged(value, aims.get(name))}".rstrip()


def _judged(value: float | None, aim: Aim | None) -> str:
    if value is None or aim is None:
        return ""
    return f"{'met' if aim.low <= value <= aim.high else 'MISSED'}: {aim}"
