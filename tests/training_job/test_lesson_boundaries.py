"""Parts of lessons meet where tokens meet, for the small model and for a GPT-2-style tokenizer.

If a tokenizer joined the end of what is told with the beginning of what is learned, the model
would be asked in use for tokens that it never saw in training.
"""

import json
from collections import defaultdict

import pytest
from tokenizers import ByteLevelBPETokenizer
from transformers import AutoTokenizer

from scripts.target import SMALL_MODEL, cache_dir
from tests.training_job.songs_of_ours import our_songs, song
from training_job.prepare import prepare
from training_job.prepare_settings import PrepareSettings

ODD = [
    "'Cause I'm ridin' to the river on the hill",
    '"Hold me," said the baker, "standing very still!"',
    "24/7 in the U.S.A., I'm counting what she sleeps",
    "¿Señor, are you a café? That is what he keeps",
    "(Honey) $5 bills are lying on the ground",
    "O.K., y'all, I hear it -- listen to the sound?",
    "The #1 is what they call him, 9/10 agree",
    "Naïve as any señorita, that is me",
]


@pytest.fixture(scope="module")
def lessons(tmp_path_factory):
    """The parts of every lesson of our verses and of odd bars, by task."""
    out = tmp_path_factory.mktemp("prepared") / "data"
    songs = [*our_songs(), song("Odd", "#1: “What's” <up>?", ODD)]
    prepare(songs, out, PrepareSettings(sounds=300, valid=0, test=0))
    found = defaultdict(list)
    for line in (out / "train.jsonl").read_text().splitlines():
        row = json.loads(line)
        found[row["task"]].append([text for text, _ in row["parts"]])
    return found


@pytest.fixture(scope="module")
def small_model():
    base = cache_dir() / SMALL_MODEL / "base"
    if not (base / "tokenizer.json").is_file():
        pytest.skip("python -m scripts.fetch_model fetches the small model")
    tokenizer = AutoTokenizer.from_pretrained(base)
    return lambda texts: tokenizer(texts, add_special_tokens=False)["input_ids"]


@pytest.fixture(scope="module")
def gpt2_like(lessons):
    """GPT-2's way of cutting, with words of the lessons themselves."""
    tokenizer = ByteLevelBPETokenizer()
    texts = ("".join(parts) for each in lessons.values() for parts in each)
    tokenizer.train_from_iterator(texts, vocab_size=3000, show_progress=False)
    return lambda texts: [encoding.ids for encoding in tokenizer.encode_batch(texts)]


@pytest.mark.parametrize("cut", ["small_model", "gpt2_like"])
@pytest.mark.parametrize("task", ["verse", "rhyme word first", "g2p", "p2g", "rhyme", "plan"])
def test_the_tokens_of_a_lesson_are_those_of_its_parts(lessons, task, cut, request):
    cut = request.getfixturevalue(cut)
    pieces = iter(cut([text for parts in lessons[task] for text in parts]))

    for parts, whole in zip(lessons[task], cut(list(map("".join, lessons[task]))), strict=True):
        assert [token for _ in parts for token in next(pieces)] == whole, parts


def test_the_odd_bars_are_among_the_lessons(lessons):
    texts = "".join(text for each in lessons.values() for parts in each for text in parts)

    assert all(bar in texts for bar in ODD)
