"""A training job's folders with a tiny GPT-J and a few lessons, made in a second."""

import json
import os
import subprocess
import sys
from functools import cache

from bars.dictionary import look_up
from bars.meter import syllables
from bars.prompt import LessonBar, g2p_lesson, p2g_lesson, rhyme_lesson, verse_lesson
from bars.sample_verses import sample_verses
from bars.scheme import letters
from bars.text import last_word
from tests.inference.tiny_model import make_model, make_tokenizer
from training_job.directories import Directories
from training_job.fingerprint_file import FingerprintFile
from training_job.interruption import Interruption

WORDS = (
    "night",
    "light",
    "day",
    "way",
    "moon",
    "tune",
    "street",
    "beat",
    "gold",
    "cold",
    "flow",
    "know",
    "rain",
    "train",
    "fire",
    "choir",
)
SMALL = {
    "base_model": "tiny",
    "row_tokens": "128",
    "rows": "1",
    "accumulation": "2",
    "rank": "2",
    "dropout": "0.1",
    "unlikelihood": "0.5",
    "max_tokens": "2500",
    "learning_rate": "0.01",
    "gradient_checkpointing": "false",
    "save_steps": "2",
    "threads": "1",
}


@cache
def lessons():
    verses = []
    for verse in sample_verses()[:12]:
        given = letters(verse.scheme, 16)
        bars = [
            LessonBar(given[i], syllables(bar).low, last_word(bar), bar)
            for i, bar in enumerate(verse.bars[:4])
        ]
        verses.append(verse_lesson(verse.topic, bars, len(verses) % 2))
    sounds = [make(word, [look_up(word)[0]]) for word in WORDS for make in (g2p_lesson, p2g_lesson)]
    return [*verses, *sounds, rhyme_lesson("night", ["light"])]


def write_lessons(folder, **more):
    folder.mkdir(parents=True)
    for name, chosen in (("train", lessons()[2:]), ("valid", lessons()[:2])):
        rows = (
            {"task": each.task, "parts": [[p.text, int(p.learned)] for p in each.parts]}
            for each in chosen
        )
        text = "".join(json.dumps(row) + "\n" for row in rows)
        (folder / f"{name}.jsonl").write_text(text)
    with FingerprintFile(folder / "fingerprints"):
        pass
    (folder / "data.json").write_text(json.dumps({"prompt_version": 2, "hash": "abc", **more}))


def make_job(root, **hyperparameters):
    """The folders of a job on the tiny GPT-J."""
    channels = root / "input" / "data"
    write_lessons(channels / "data")
    tokenizer = make_tokenizer()
    make_model(len(tokenizer)).save_pretrained(channels / "base")
    tokenizer.save_pretrained(channels / "base")
    configure(root, **hyperparameters)
    return Directories(root)


def configure(root, **hyperparameters):
    config = root / "input" / "config"
    config.mkdir(parents=True, exist_ok=True)
    (config / "hyperparameters.json").write_text(json.dumps({**SMALL, **hyperparameters}))


def start_job(directories):
    """The job by its entry point, as a real process."""
    return subprocess.Popen(
        [sys.executable, "-m", "training_job", "train"],
        env={**os.environ, "SAGEMAKER_BASE_DIR": str(directories.root), "HF_HUB_OFFLINE": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


class Asks(Interruption):
    """Asked to end at the n-th look; the job looks once for every batch."""

    def __init__(self, at):
        super().__init__()
        self.left = at

    @property
    def asked(self):
        self.left -= 1
        return self.left < 0


class Killed(BaseException):
    """What stands for a kill inside one process: nothing is cleaned up."""


class Kills(Asks):
    @property
    def asked(self):
        if super().asked:
            raise Killed
        return False
