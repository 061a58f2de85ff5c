"""A tiny model directory, a few held-out lessons and verses, made in a second."""

import json
from functools import cache

import torch

from bars.dictionary import look_up
from bars.prompt import g2p_lesson, p2g_lesson, rhyme_lesson
from bars.sample_verses import sample_verses
from bars.verse import VerseRequest
from tests.inference.tiny_model import make_model, make_model_dir, make_tokenizer
from tests.training_job.world import lessons
from training_job.figures import Way
from training_job.fingerprint_file import FingerprintFile
from training_job.token_rows import Speaker
from training_job.verse_prompts import VersePrompt
from training_job.verse_talks import WrittenBar, WrittenVerse

OPENING = "I wrote this on the bus at night"


@cache
def tiny_speaker(line_ends=1.7):
    """A random GPT-J that is surer of its tokens than most, and ends some of its lines."""
    torch.set_num_threads(1)
    tokenizer = make_tokenizer()
    model = make_model(len(tokenizer))
    model.lm_head.weight.data *= 10
    model.lm_head.bias.data[tokenizer.encode("\n")[0]] += line_ends
    return Speaker(model, tokenizer)


def prompt(opening=OPENING, scheme="AABB", topic="rain", bars=4):
    request = VerseRequest(topic, (opening,), bars, scheme, "match")
    return VersePrompt(f"{topic} | {scheme} | {opening}", request)


def written(*bars, opening=OPENING, scheme="AABB", way=Way.PLAIN, sample=0):
    """A verse; a bar is its text, or its text, its planned word and whether that was given."""
    made = tuple(WrittenBar(*([bar] if isinstance(bar, str) else bar)) for bar in bars)
    return WrittenVerse(prompt(opening, scheme, bars=1 + len(bars)), way, sample, made)


def make_data(folder, words=True):
    """A prepared folder; without `words`, for adapters that learned no end words."""
    folder.mkdir(parents=True)
    verses = [each for each in lessons() if each.task == "rhyme word first"]
    sounds = [
        make(w, [look_up(w)[0]]) for w in ("night", "flow") for make in (g2p_lesson, p2g_lesson)
    ]
    test = [*(verses[:2] if words else []), *sounds, rhyme_lesson("night", ["light"])]
    for name, chosen in (("train", verses[2:6]), ("test", test)):
        rows = (
            {"task": e.task, "parts": [[p.text, int(p.learned)] for p in e.parts]} for e in chosen
        )
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    held_out = [
        {"artist": "we", "title": v.topic, "topic": v.topic, "bars": list(v.bars[:4])}
        for v in sample_verses()[:2]
    ]
    (folder / "held_out.jsonl").write_text("".join(json.dumps(row) + "\n" for row in held_out))
    with FingerprintFile(folder / "fingerprints") as runs:
        runs.add("\n".join(sample_verses()[2].bars))
    (folder / "data.json").write_text(json.dumps({"prompt_version": 2, "hash": "abc"}))
    return folder


def make_model_folder(folder, adapter=True, task="rhyme word first"):
    """A model directory whose model writes short bars; the adapter was trained for one task."""
    model = make_model_dir(folder, adapter, prompt_version=2, tasks={task: 1.0}) / "model"
    tiny_speaker(line_ends=4.5).model.save_pretrained(model / "base")
    return model
