import math

import pytest
import torch

from bars.prompt import plan_lesson, rhyme_lesson
from tests.inference.tiny_model import make_tokenizer
from training_job.lesson_tokens import encode_lessons
from training_job.packing import PackedRows
from training_job.said_words import unlikelihood_loss

NAMED, SAID, WANTED, OTHER = 3, 4, 5, 6
VOCABULARY = 8


def row(ids, labels, proposed, positions=None):
    made = {
        "input_ids": ids,
        "labels": labels,
        "proposed": proposed,
        "position_ids": positions or list(range(len(ids))),
    }
    return {name: torch.tensor([values]) for name, values in made.items()}


def loss(inputs, **likely):
    """The loss where every place gives these likelihoods, and the rest to token 0."""
    chances = torch.full((VOCABULARY,), 1e-9)
    for token, chance in likely.items():
        chances[{"named": NAMED, "said": SAID, "wanted": WANTED, "other": OTHER}[token]] = chance
    chances[0] = 1 - chances[1:].sum()
    kept = torch.arange(inputs["labels"].shape[1])
    return float(unlikelihood_loss(chances.log().expand(1, len(kept), -1), kept, inputs))


def test_the_word_to_rhyme_with_costs_what_its_likelihood_says():
    inputs = row([1, NAMED, WANTED], [-100, WANTED, -100], [False, True, False])

    assert loss(inputs, named=0.5) == pytest.approx(math.log(2), abs=1e-4)
    assert loss(inputs, named=0.9) == pytest.approx(math.log(10), abs=1e-3)


def test_neither_the_wanted_word_nor_one_that_was_not_said_costs_anything():
    inputs = row([1, NAMED, WANTED], [-100, WANTED, -100], [False, True, False])

    assert loss(inputs, wanted=0.9, other=0.05) == pytest.approx(0, abs=1e-4)


def test_a_word_proposed_before_costs_in_its_own_lesson_alone():
    ids, labels = [NAMED, SAID, NAMED, WANTED], [SAID, -100, WANTED, -100]
    proposed = [True, False, True, False]

    assert loss(row(ids, labels, proposed), said=0.5) == pytest.approx(math.log(2), abs=1e-4)
    apart = row(ids, labels, proposed, positions=[0, 1, 0, 1])
    assert loss(apart, said=0.5) == pytest.approx(0, abs=1e-4)


def test_a_model_that_is_sure_to_repeat_has_a_finite_loss_with_a_gradient():
    inputs = row([1, NAMED, WANTED], [-100, WANTED, -100], [False, True, False])
    logits = torch.zeros(1, 3, VOCABULARY)
    logits[..., NAMED] = 8
    logits.requires_grad_()

    found = unlikelihood_loss(logits, torch.arange(3), inputs)
    found.backward()

    assert math.isfinite(float(found.detach()))
    assert logits.grad[0, 1, NAMED] > 0
    assert not logits.grad[0, [0, 2]].any()


def test_end_words_are_marked_where_plans_and_lists_propose_them():
    tokenizer = make_tokenizer()
    plan = plan_lesson("AABB", [10] * 4, ["hill", "still", "night", "light"])
    lessons = encode_lessons(iter([plan, rhyme_lesson("hill", ["still"])]), tokenizer)

    made = PackedRows(lessons, [(0, 1)], 128)[0]

    places = made["proposed"].nonzero()[:, 0].tolist()
    named = [tokenizer.decode([int(made["input_ids"][at])]).strip() for at in places]
    said = [tokenizer.decode([int(made["labels"][at])]).strip() for at in places]
    assert list(zip(named, said, strict=True))[1::2] == [("hill", "still"), ("night", "light")]
    assert (named[-1], said[-1]) == ("hill", "still")


def test_lessons_without_a_plan_propose_nothing():
    lessons = encode_lessons(iter([]), make_tokenizer())

    assert not PackedRows(lessons, [()], 16)[0]["proposed"].any()
