"""What became of each song of a collecting run, counted by artist."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

_NAMED = 3  # titles that the table names for each reason


class Fate(StrEnum):
    """LATER: a next run tries again. REFUSED: nothing of the artist was asked for."""

    TAKEN = "taken"
    THERE = "already there"
    SKIPPED = "skipped"
    LATER = "left for the next run"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one song, or of an artist as a whole (without title)."""

    artist: str
    title: str
    fate: Fate
    why: str = ""


@dataclass
class Tally:
    """Outcomes of one run; `stopped` is why it ended early, if it did."""

    counts: dict[str, Counter[Fate]] = field(default_factory=dict)
    passed_over: dict[str, list[Outcome]] = field(default_factory=dict)  # all with a reason
    stopped: str = ""

    def add(self, outcome: Outcome) -> None:
        self.counts.setdefault(outcome.artist, Counter())[outcome.fate] += 1
        if outcome.why:
            self.passed_over.setdefault(outcome.artist, []).append(outcome)

    def total(self, fate: Fate) -> int:
        return sum(counts[fate] for counts in self.counts.values())

    def to_json(self) -> dict[str, Any]:
        return {
            "totals": {str(fate): self.total(fate) for fate in Fate},
            "artists": {
                artist: {str(fate): counts[fate] for fate in Fate if counts[fate]}
                for artist, counts in self.counts.items()
            },
            "reasons": [
                {"artist": o.artist, "title": o.title, "fate": o.fate, "why": o.why}
                for outcomes in self.passed_over.values()
                for o in outcomes
            ],
            "stopped": self.stopped,
        }

    def lines(self) -> Iterator[str]:
        """The tally for people: a line an artist, and below it what was passed over and why."""
        yield f"{'artist':30} {'taken':>6} {'there':>6} {'skipped':>8} {'later':>6}"
        for artist, counts in self.counts.items():
            yield (
                f"{artist[:30]:30} {counts[Fate.TAKEN]:6} {counts[Fate.THERE]:6} "
                f"{counts[Fate.SKIPPED]:8} {counts[Fate.LATER]:6}"
            )
            yield from self._reasons(artist)
        yield (
            f"Taken {self.total(Fate.TAKEN)}, already there {self.total(Fate.THERE)}, skipped "
            f"{self.total(Fate.SKIPPED)}, left for the next run {self.total(Fate.LATER)}."
        )

    def _reasons(self, artist: str) -> Iterator[str]:
        titles: dict[tuple[Fate, str], list[str]] = {}
        for each in self.passed_over.get(artist, []):
            titles.setdefault((each.fate, each.why), []).append(each.title)
        for (fate, why), named in titles.items():
            if fate is Fate.REFUSED:
                yield f"  {fate}: {why}"
                continue
            more = f" and {len(named) - _NAMED} more" if len(named) > _NAMED else ""
            yield f"  {len(named)} {fate}, {why}: {', '.join(named[:_NAMED])}{more}"
