"""What a verse teaches, in which of the tasks, and how a lesson is written to a file."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass, fields, replace

from bars.prompt import Lesson, verse_lesson
from bars.verse import MOST_OPENING_BARS
from training_job.split import unit_hash
from training_job.verses import Verse

VERSE, RHYME_WORD_FIRST = "verse", "rhyme word first"
FROM_TOPIC, TOPIC_TOO = 0.5, 0.5  # of the verses; of those from an opening


class MixWrong(ValueError):
    """The tasks or their shares cannot be used; the message names every problem."""


@dataclass(frozen=True)
class Mix:
    """The share of each task, 0 (left out) to 1: of all verses, or of the sound lessons wanted."""

    verse: float = 1.0
    rhyme_word_first: float = 1.0
    g2p: float = 1.0
    p2g: float = 1.0
    rhyme: float = 1.0
    plan: float = 1.0

    def __post_init__(self) -> None:
        wrong = [
            f"The share of {_flag(each.name)} is {share:g}; it must be from 0 to 1."
            for each, share in zip(fields(self), astuple(self), strict=True)
            if not 0 <= share <= 1
        ]
        if not wrong and not any(astuple(self)):
            wrong = ["Every task has the share 0; name at least one task."]
        if wrong:
            raise MixWrong(" ".join(wrong))

    @classmethod
    def from_words(cls, words: Sequence[str]) -> "Mix":
        """A mix from words such as verse and g2p=0.5; what is not named is left out."""
        shares = dict.fromkeys((each.name for each in fields(cls)), 0.0)
        wrong = []
        for word in words:
            task, _, share = word.partition("=")
            name = task.replace("-", "_")
            try:
                if name not in shares:
                    raise ValueError
                shares[name] = float(share) if share else 1.0
            except ValueError:
                known = ", ".join(map(_flag, shares))
                wrong.append(f"{word!r} is no task; write one of {known}, perhaps with =0.5.")
        if wrong:
            raise MixWrong(" ".join(wrong))
        return cls(**shares)

    @property
    def wants_verses(self) -> bool:
        return bool(self.verse or self.rhyme_word_first)

    def share(self, task: str) -> float:
        """The share of a task by its name in a lesson."""
        return float(getattr(self, task.replace(" ", "_")))

    def to_json(self) -> dict[str, float]:
        return {each.name.replace("_", " "): self.share(each.name) for each in fields(self)}


def _flag(name: str) -> str:
    return name.replace("_", "-")


def verse_lessons(verse: Verse, mix: Mix, *key: object) -> Iterator[Lesson]:
    """The lessons that a verse is taught in; the same for the same key."""
    for task in (VERSE, RHYME_WORD_FIRST):
        if unit_hash("taught", task, *key) < mix.share(task):
            bars = verse.bars
            if task == VERSE:
                bars = tuple(replace(bar, word="") for bar in bars)
            topic, opening = _told(verse, "told", task, *key)
            yield verse_lesson(topic, bars, opening)


def _told(verse: Verse, *key: object) -> tuple[str, int]:
    """The topic that is named, if any, and the number of bars that are given."""
    chance = unit_hash(*key)
    if verse.topic and chance < FROM_TOPIC:
        return verse.topic, 0
    topic = verse.topic if unit_hash("topic", *key) < TOPIC_TOO else ""
    most = min(MOST_OPENING_BARS, len(verse.bars) - 1)
    return topic, 1 + int(unit_hash("opening", *key) * most)


def lesson_row(lesson: Lesson, artist: str = "", title: str = "") -> str:
    """A lesson as a line of a file; artist and title of the song that it comes from."""
    parts = [[part.text, int(part.learned)] for part in lesson.parts]
    row = {"task": lesson.task, "parts": parts, "artist": artist, "title": title}
    return json.dumps(row, ensure_ascii=False) + "\n"


def held_out_row(verse: Verse, artist: str, title: str) -> str:
    """A test verse as a line of a file."""
    row = {
        "artist": artist,
        "title": title,
        "topic": verse.topic,
        "scheme": verse.scheme,
        "letters": verse.letters,
        "bars": [bar.text for bar in verse.bars],
    }
    return json.dumps(row, ensure_ascii=False) + "\n"
