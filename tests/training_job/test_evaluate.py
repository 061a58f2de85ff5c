import json
from dataclasses import replace
from functools import cache

import pytest
import torch

from bars.text import last_word
from tests.training_job.evaluation_world import make_data, make_model_folder, tiny_speaker
from tests.training_job.world import lessons
from training_job.comparison import compare
from training_job.evaluate import Wishes, evaluate
from training_job.evaluated_model import ModelFolder
from training_job.evaluation_data import EvaluationData
from training_job.lesson_losses import lesson_losses
from training_job.lesson_tokens import encode_lessons
from training_job.verse_prompts import our_openings


def unwatched(items, what, count):
    return items


def test_a_lesson_has_the_loss_that_it_has_alone():
    speaker = tiny_speaker()
    tokens = encode_lessons(iter(lessons()), speaker.tokenizer)

    losses = lesson_losses(speaker.model, tokens, unwatched)

    assert len(losses) == len(lessons())
    for place in (0, 3, len(losses) - 1):
        ids, learned = tokens.lesson(place)
        with torch.inference_mode():
            logits = speaker.model(input_ids=torch.tensor(ids[None], dtype=torch.long)).logits[0]
        chances = logits.log_softmax(-1)[range(len(ids) - 1), ids[1:]]
        nats, count = losses[place]
        assert count == learned.sum()
        assert nats == pytest.approx(-float(chances[learned[1:]].sum()), rel=1e-4)


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """Evaluates the tiny model with two openings of our own and one held out; keeps answers."""
    tiny_speaker()
    root = tmp_path_factory.mktemp("small")
    model, data = make_model_folder(root), make_data(root / "data")

    @cache
    def small(bare=False, model=model, data=data, again=0, **wishes):
        folder = ModelFolder.find(model, None, bare)
        wishes = replace(Wishes(verses=1, lessons=2, threads=1), **wishes)
        openings = list(our_openings())[:2]
        return evaluate(folder, EvaluationData.find(data), openings, wishes, unwatched)

    return small


def without_seconds(answer):
    return {name: each for name, each in answer.items() if name != "seconds"}


def test_the_same_seed_gives_the_same_answer(small):
    one, other = small(), small(again=1)

    assert without_seconds(one) == without_seconds(other)


def test_another_seed_gives_other_verses(small):
    assert small()["verses"] != small(seed=2, lessons=1)["verses"]


def test_an_answer_is_json_with_every_figure(small):
    answer = json.loads(json.dumps(small(samples=2)))

    assert set(answer["groups"]) == {"loss", "g2p", "p2g", "rhyme", "asked", "told"}
    assert set(answer["groups"]["loss"]["figures"]) == {"rhyme_word_first", "g2p", "p2g", "rhyme"}
    assert len(answer["groups"]["asked"]["units"]) == 3
    assert len(answer["verses"]) == 3 * 2 * 2
    perfect = answer["groups"]["asked"]["figures"]["perfect"]
    assert set(perfect) == {"value", "low", "high", "of", "counts", "chance"}
    assert answer["groups"]["asked"]["figures"]["copied_runs"]["of"] == 6


def test_an_adapter_that_learned_no_end_words_is_asked_for_none(small, tmp_path):
    answer = small(model=make_model_folder(tmp_path, task="verse"))

    assert answer["settings"]["ways"] == ("plain",)
    assert not any(bar["word"] for verse in answer["verses"] for bar in verse["bars"])


def test_the_base_alone_is_asked_in_the_way_of_version_1_too(small):
    answer = small(bare=True)

    assert answer["settings"]["ways"] == ("asked", "told", "few_shot")
    assert answer["model"]["adapter"] is None


def test_the_base_alone_is_asked_for_no_end_words_where_lessons_have_none(small, tmp_path):
    answer = small(bare=True, data=make_data(tmp_path / "plain", words=False))

    assert answer["settings"]["ways"] == ("plain", "few_shot")


def test_an_adapter_makes_a_difference(small):
    lines = compare(small(bare=True), small())

    assert {line["group"] for line in lines} >= {"loss", "asked", "told", "few_shot, asked"}
    assert any(line["difference"] for line in lines if line["group"] == "loss")


def test_every_bar_of_a_listed_verse_has_its_plan(small):
    verse = small()["verses"][0]

    assert [bar["letter"] for bar in verse["bars"]] == ["A", "B", "B"]
    assert all(bar["target"] == 10 for bar in verse["bars"])
    assert last_word(verse["opening"][0]) == "clean"
