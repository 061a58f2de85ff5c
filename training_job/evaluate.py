"""An evaluation: how a model reads held-out lessons, how it says words, how its verses rhyme.

The answer is JSON:

    version, seconds (of each part), settings, model, data
    groups: loss, g2p, p2g, rhyme, and a way of writing each: asked, told, plain, few_shot
        units: the prompts or lessons, in order
        figures: by name {value, low, high (95 %), of, chance, counts}
            chance: {value, low, high} when the same bars are dealt again, for near_copies
                that of held-out bars as people wrote them, or null
            counts: [hits, of] for each unit
    verses: {prompt, topic, scheme, way, sample, opening, bars}
        bars: {text, word, told, target, syllables, letter, rhyme, fault, copy}
            word: what the plan said that the bar ends on; rhyme: a figure's name, or null where
            none was asked for; fault, copy: empty, or what is wrong and the bar that is like it
    thresholds: {threshold, value, kept}, where some were given
"""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from hashlib import blake2b
from typing import Any

from bars.prompt import Lesson
from training_job.copies import Copies
from training_job.directories import JobFailed
from training_job.evaluated_model import ModelFolder, ModelRefused
from training_job.evaluation_data import EvaluationData
from training_job.figures import Way, group_json, human_level
from training_job.generation import converse
from training_job.lesson_losses import Watch, lesson_losses
from training_job.lesson_tokens import encode_lessons
from training_job.lessons import RHYME_WORD_FIRST
from training_job.sound_figures import sound_answers, tally_of
from training_job.token_rows import Manner, Speaker
from training_job.verse_figures import near_copies, verse_figures
from training_job.verse_listing import listed
from training_job.verse_prompts import VersePrompt
from training_job.verse_rhymes import chance_levels
from training_job.verse_talks import WITH_WORDS, WrittenVerse, verse_talk

VERSION = 1
Groups = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Wishes:
    """How much is measured; without `ways`, those that the adapter was trained for."""

    seed: int = 1
    verses: int = 24  # prompts from held-out verses, besides the openings
    samples: int = 1  # verses of each prompt and way
    lessons: int = 100  # of each task at most
    ways: tuple[Way, ...] = ()
    threads: int = 0  # of the processor; 0: all
    temperature: float = 0.8
    top_p: float = 0.95


class Timer:
    """Seconds of each part of the work."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        began = time.monotonic()
        yield
        self.seconds[name] = round(time.monotonic() - began, 1)


def evaluate(
    folder: ModelFolder,
    data: EvaluationData,
    openings: Sequence[VersePrompt],
    wishes: Wishes,
    watch: Watch,
) -> dict[str, Any]:
    """Measure everything; the same for the same seed on the same machine, but for `seconds`."""
    timer = Timer()
    with timer.part("load"):
        lessons = data.test_lessons(wishes.lessons, wishes.seed)
        prompts = [*openings, *data.openings(wishes.verses, wishes.seed)]
        copies, speaker = data.copies(), folder.load(wishes.threads)
    with timer.part("loss"):
        groups = _losses(speaker, lessons, watch)
    with timer.part("sounds"):
        groups |= _sounds(sound_answers(speaker, lessons, watch))
    ways = wishes.ways or _ways(folder, lessons)
    with timer.part("verses"):
        verses = write_verses(speaker, prompts, ways, wishes, watch)
    with timer.part("figures"):
        human = human_level([near_copies(bars, copies) for bars in data.verses()])
        chance = {"near_copies": human} if human else {}
        groups |= {way: _way_group(each, copies, chance) for way, each in verses.items()}
    return {
        "version": VERSION,
        "model": folder.to_json(),
        "data": data.to_json(),
        "settings": {**asdict(wishes), "ways": ways},
        "seconds": timer.seconds,
        "groups": groups,
        "verses": [row for each in verses.values() for row in listed(each, copies)],
    }


def _ways(folder: ModelFolder, lessons: Iterable[Lesson]) -> tuple[Way, ...]:
    """What the adapter was trained for; of a base alone, what such lessons would train it for."""
    if folder.adapter:
        return WITH_WORDS if folder.run.plans_end_words else (Way.PLAIN,)
    with_words = any(lesson.task == RHYME_WORD_FIRST for lesson in lessons)
    return (*(WITH_WORDS if with_words else (Way.PLAIN,)), Way.FEW_SHOT)


def _losses(speaker: Speaker, lessons: Sequence[Lesson], watch: Watch) -> Groups:
    try:
        tokens = encode_lessons(iter(lessons), speaker.tokenizer)
    except JobFailed as error:
        raise ModelRefused(str(error)) from error
    losses = list(zip(tokens.tasks, lesson_losses(speaker.model, tokens, watch), strict=True))
    measured = {
        task.replace(" ", "_"): [loss if each == task else (0, 0) for each, loss in losses]
        for task in dict.fromkeys(tokens.tasks)
    }
    return {"loss": group_json("loss", [_id(lesson) for lesson in lessons], measured)}


def _id(lesson: Lesson) -> str:
    return blake2b(lesson.text.encode("utf-8", "replace"), digest_size=6).hexdigest()


def _sounds(answers: Iterable[tuple[Lesson, str]]) -> Groups:
    by_task: dict[str, list[tuple[str, dict[str, tuple[float, float]]]]] = {}
    for lesson, answer in answers:
        by_task.setdefault(lesson.task, []).append((_id(lesson), tally_of(lesson, answer)))
    return {
        task: group_json(
            task,
            [unit for unit, _ in found],
            {name: [tally[name] for _, tally in found] for name in found[0][1]},
        )
        for task, found in by_task.items()
    }


def write_verses(
    speaker: Speaker,
    prompts: Sequence[VersePrompt],
    ways: Sequence[Way],
    wishes: Wishes,
    watch: Watch,
) -> dict[Way, list[WrittenVerse]]:
    """The verses of every way, in the order of their prompts."""
    asked = [
        (prompt, way, sample)
        for way in ways
        for prompt in {prompt.name: prompt for prompt in prompts}.values()
        for sample in range(wishes.samples)
    ]
    talks = [verse_talk(prompt, way, wishes.seed, sample) for prompt, way, sample in asked]
    seeds = [(wishes.seed, prompt.name, str(way), sample) for prompt, way, sample in asked]
    manner = Manner(wishes.temperature, wishes.top_p)
    found = dict(watch(converse(speaker, talks, manner, seeds), "Verses", len(talks)))
    ordered = [found[place] for place in range(len(talks))]
    return {way: [verse for verse in ordered if verse.way is way] for way in ways}


def _way_group(
    verses: Sequence[WrittenVerse], copies: Copies, chance: Mapping[str, Any]
) -> dict[str, Any]:
    units = list(dict.fromkeys(verse.prompt.name for verse in verses))
    chance = {**chance_levels(verses), **chance}
    return group_json(verses[0].way, units, verse_figures(verses, copies), chance)
