"""The figures of an evaluation: what they are called, which way is better, how they are written.

A name is `group.figure`: loss.verse, g2p.word_error, asked.perfect.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from training_job.intervals import Counts, bootstrap_interval, ratio, share_interval
from training_job.settings import TASKS


class Way(StrEnum):
    """How verses are written.

    ASKED and TOLD are for adapters that learned the rhyme word first: the model proposes the end
    word of each plan, or is given one that rhymes. PLAIN is for those that did not, and FEW_SHOT is
    the prompt of version 1, for base models.
    """

    ASKED = "asked"
    TOLD = "told"
    PLAIN = "plain"
    FEW_SHOT = "few_shot"


@dataclass(frozen=True)
class Kind:
    """What a figure is; `better` is 1 or -1 for the better direction, 0 where there is none.

    What is `human` happens in people's own verses, too; as often as there it is no fault, and its
    chance level is theirs.
    """

    label: str
    better: int
    share: bool = True  # of things that are so or not so
    human: bool = False


LOSSES = {name.replace(" ", "_"): Kind(f"loss, {name}", -1, share=False) for name in TASKS}
G2P = {
    "word_error": Kind("words said wrong", -1),
    "word_error_no_stress": Kind("words said wrong, stress aside", -1),
    "phoneme_error": Kind("phonemes wrong", -1, share=False),
    "phoneme_error_no_stress": Kind("phonemes wrong, stress aside", -1, share=False),
}
P2G = {
    "word_error": Kind("words spelled wrong", -1),
    "letter_error": Kind("letters wrong", -1, share=False),
}
RHYMES = {"perfect": Kind("first words of answers that rhyme perfectly", 1)}
RHYME_KINDS = {
    "perfect": Kind("perfect rhymes, mosaic ones too", 1),
    "slant": Kind("slant rhymes", 0),
    "multi": Kind("multisyllabic rhymes", 0),
    "identical": Kind("same word, or same sound from the consonant on", -1),
    "homophone": Kind("homophones", -1),
    "no_rhyme": Kind("neither a rhyme nor the same word", 0),  # repeating a bar lowers it
}
VERSES = {
    **RHYME_KINDS,
    "any_rhyme": Kind("perfect, slant or multisyllabic", 1),
    "syllables_exact": Kind("syllables as planned", 1),
    "syllables_within_1": Kind("syllables within 1 of the plan", 1),
    "word_proposed": Kind("plans for which one word was proposed", 1),
    "word_rhymes": Kind("proposed words that rhyme perfectly", 1),
    "ends_as_planned": Kind("bars that end on the planned word", 1),
    "degenerate": Kind("degenerate bars", -1),
    "repeated_bars": Kind("bars repeated within a verse", -1),
    "repeated_runs": Kind("bars with 4 words repeated within a verse", -1),
    "distinct_1": Kind("distinct words", 1, share=False),
    "distinct_2": Kind("distinct pairs of words", 1, share=False),
    "distinct_3": Kind("distinct runs of 3 words", 1, share=False),
    "known_words": Kind("words that we can hear", 1),
    "copied_runs": Kind("verses with 8 words in a row from training", -1),
    "near_copies": Kind("bars like one from training (0.7)", -1, human=True),
}
WAYS = tuple(map(str, Way))
GROUPS: dict[str, dict[str, Kind]] = {
    "loss": LOSSES,
    "g2p": G2P,
    "p2g": P2G,
    "rhyme": RHYMES,
    **{way: VERSES for way in WAYS},
}
# what run.json keeps
MAIN = {
    "loss": tuple(LOSSES),
    "g2p": ("word_error", "phoneme_error"),
    "p2g": ("word_error",),
    "rhyme": ("perfect",),
    **{
        way: (
            "perfect", "any_rhyme", "identical", "syllables_within_1", "ends_as_planned",
            "degenerate", "near_copies",
        )
        for way in WAYS
    },
}  # fmt: skip
Measured = Mapping[str, Counts]  # by figure, for each unit


def group_json(
    group: str, units: Sequence[str], measured: Measured, chance: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """One group of figures; those that were not measured are left out."""
    kinds, chance = GROUPS[group], chance or {}
    figures = {
        name: {**_figure(kinds[name], measured[name]), "chance": chance.get(name)}
        for name in kinds
        if name in measured and ratio(measured[name]) is not None
    }
    return {"units": list(units), "figures": figures}


def _figure(kind: Kind, counts: Counts) -> dict[str, Any]:
    interval = share_interval(counts) if kind.share else bootstrap_interval(counts)
    low, high = interval or (None, None)
    return {
        "value": rounded(ratio(counts)),
        "low": rounded(low),
        "high": rounded(high),
        "of": round(sum(of for _, of in counts)),
        "counts": [[rounded(hits), of] for hits, of in counts],
    }


def human_level(counts: Counts) -> dict[str, float | None] | None:
    """The share in which people's own verses have something, with its interval."""
    if ratio(counts) is None:
        return None
    low, high = share_interval(counts)
    return {"value": rounded(ratio(counts)), "low": rounded(low), "high": rounded(high)}


def rounded(number: float | None) -> float | None:
    return None if number is None else round(number, 4)


def main_way(groups: Mapping[str, Any]) -> str | None:
    """The way of writing in which the model does most by itself."""
    return next((way for way in ("asked", "plain", "told", "few_shot") if way in groups), None)


def main_figures(groups: Mapping[str, Any]) -> dict[str, float]:
    """The figures that run.json keeps, by full name."""
    return {
        f"{group}.{name}": groups[group]["figures"][name]["value"]
        for group, names in MAIN.items()
        for name in names
        if name in groups.get(group, {}).get("figures", {})
    }
