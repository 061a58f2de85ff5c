"""The ablation: what each kind of lesson brings, at the same number of tokens.

Four mixes, several seeds each; every run is a folder with a training job and an evaluation, and a
run that is there already is not done again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import mean, stdev
from typing import Any

from training_job.hyperparameters import PRESETS

# each task's part of the tokens; verses are taught with end words or without, never both
MIXES: dict[str, dict[str, float]] = {
    "lyrics": {"verse": 1.0},
    "lyrics, g2p, p2g": {"verse": 0.6, "g2p": 0.2, "p2g": 0.2},
    "rhyme word first": {"rhyme word first": 1.0},
    "all": {"rhyme word first": 0.4, "rhyme": 0.15, "plan": 0.15, "g2p": 0.15, "p2g": 0.15},
}
# what the table shows, by the figure's full name, in the way of writing that a mix was trained for
COLUMNS = {
    "loss, bars": ("loss.verse",),
    "loss, words and bars": ("loss.rhyme_word_first",),
    "perfect": ("asked.perfect", "plain.perfect"),
    "chance": ("asked.perfect chance", "plain.perfect chance"),
    "perfect, told": ("told.perfect",),
    "identical": ("asked.identical", "plain.identical"),
    "count within 1": ("asked.syllables_within_1", "plain.syllables_within_1"),
    "degenerate": ("asked.degenerate", "plain.degenerate"),
    "phonemes wrong": ("g2p.phoneme_error",),
    "words spelled wrong": ("p2g.word_error",),
}
# shorter steps than the laptop's, since runs are short
SHORT = {
    **PRESETS["laptop"],
    "precision": "bfloat16",
    "row_tokens": "384",
    "accumulation": "1",
    "dropout": "0",
    "learning_rate": "0.002",
}


@dataclass(frozen=True)
class AblationRun:
    """One cell of the table: a mix and a seed; the base alone has neither."""

    mix: str
    seed: int

    @property
    def folder(self) -> str:
        return f"{self.mix.replace(', ', '+').replace(' ', '-')}-{self.seed}"

    def hyperparameters(self, base_model: str, tokens: int) -> dict[str, Any]:
        """As hyperparameters.json holds them, shares as an object."""
        return {
            **SHORT,
            "base_model": base_model,
            "max_tokens": str(tokens),
            "seed": str(self.seed),
            "shares": MIXES[self.mix],
        }


def all_runs(seeds: int) -> list[AblationRun]:
    """Seed by seed, so that what is done after some runs is a whole comparison."""
    return [AblationRun(mix, seed) for seed in range(1, seeds + 1) for mix in MIXES]


def flat_figures(evaluation: Mapping[str, Any]) -> dict[str, float]:
    """Every figure of an evaluation by its full name, chance levels too."""
    flat: dict[str, float] = {}
    for group, body in evaluation["groups"].items():
        for name, figure in body["figures"].items():
            flat[f"{group}.{name}"] = figure["value"]
            if figure["chance"]:
                flat[f"{group}.{name} chance"] = figure["chance"]["value"]
    return flat


def table(rows: Mapping[str, Sequence[Mapping[str, float]]]) -> list[str]:
    """Markdown: for each row the mean over its runs and their standard deviation."""
    lines = [
        "| trained on | runs | " + " | ".join(COLUMNS) + " |",
        "|---" * (len(COLUMNS) + 2) + "|",
    ]
    for name, runs in rows.items():
        cells = [_cell([_first(run, names) for run in runs]) for names in COLUMNS.values()]
        lines.append(f"| {name} | {len(runs)} | " + " | ".join(cells) + " |")
    return lines


def _first(figures: Mapping[str, float], names: Iterable[str]) -> float | None:
    return next((figures[name] for name in names if name in figures), None)


def _cell(values: Sequence[float | None]) -> str:
    known = [value for value in values if value is not None]
    if not known:
        return "-"
    spread = f" ± {stdev(known):.3f}" if len(known) > 1 else ""
    return f"{mean(known):.3f}{spread}"
