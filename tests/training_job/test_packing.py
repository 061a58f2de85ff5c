import numpy as np
import pytest
import torch
from transformers import LlamaConfig, LlamaForCausalLM

from tests.inference.tiny_model import make_model, make_tokenizer
from tests.training_job.world import lessons
from training_job.lesson_tokens import IGNORED, LessonTokens, encode_lessons
from training_job.packing import PackedRows, even, pack, plan_lessons


@pytest.fixture(scope="module")
def encoded():
    return encode_lessons(iter(lessons()), make_tokenizer())


def lengths_of(encoded):
    return [encoded.length(i) for i in range(len(encoded))]


def made_up(lengths, tasks=None):
    starts = np.concatenate([[0], np.cumsum(lengths)])
    size = int(starts[-1])
    tasks = tasks or ["verse"] * len(lengths)
    return LessonTokens(np.arange(size, dtype=np.int32), np.ones(size, bool), starts, tasks)


def test_every_planned_lesson_is_packed_once():
    random = np.random.default_rng(1)
    lengths = random.integers(5, 300, 5000).tolist()

    rows = pack(range(5000), lengths, 512, seed=1)

    assert sorted(lesson for row in rows for lesson in row) == list(range(5000))
    assert all(sum(lengths[lesson] for lesson in row) <= 512 for row in rows)


@pytest.mark.parametrize("longest", [40, 150, 300])
def test_at_least_95_percent_of_a_row_are_lessons(longest):
    random = np.random.default_rng(2)
    lengths = random.integers(8, longest, 6000).tolist()
    rows = PackedRows(made_up(lengths), pack(range(6000), lengths, 512, seed=1), 512)

    assert rows.filled() >= 0.95


def test_a_plan_keeps_the_shares_of_the_tasks_by_tokens():
    tasks = ["verse", "g2p"] * 500
    lengths = [100, 10] * 500
    lessons = made_up(lengths, tasks)

    planned = plan_lessons(lessons, {"verse": 0.7, "g2p": 0.3}, 40_000, 1.0, seed=1)

    tokens = {task: sum(lengths[i] for i in planned if tasks[i] == task) for task in set(tasks)}
    assert tokens["verse"] == pytest.approx(28_000, abs=100)
    assert tokens["g2p"] == pytest.approx(12_000, abs=10)


def test_a_plan_of_two_epochs_has_every_lesson_twice():
    planned = plan_lessons(made_up([7] * 30), {}, 0, 2.0, seed=1)

    assert sorted(planned) == sorted([*range(30), *range(30)])


def test_a_share_without_lessons_is_refused():
    with pytest.raises(ValueError, match="shares asks for p2g"):
        plan_lessons(made_up([5]), {"p2g": 1.0}, 100, 1.0, seed=1)


def test_the_same_seed_plans_and_packs_the_same(encoded):
    def made(seed):
        planned = plan_lessons(encoded, {}, 4000, 1.0, seed)
        return pack(planned, lengths_of(encoded), 128, seed)

    assert made(3) == made(3)
    assert made(3) != made(4)


def test_labels_are_the_next_tokens_of_the_answers_alone(encoded):
    row = PackedRows(encoded, [(0, 20)], 256)[0]

    at = 0
    for lesson in (0, 20):
        tokens, learned = encoded.lesson(lesson)
        for i in range(len(tokens) - 1):
            wanted = int(tokens[i + 1]) if learned[i + 1] else IGNORED
            assert int(row["labels"][at + i]) == wanted
        assert int(row["labels"][at + len(tokens) - 1]) == IGNORED
        at += len(tokens)
    assert set(row["labels"][at:].tolist()) == {IGNORED}


def test_a_lesson_longer_than_a_row_is_cut():
    row = PackedRows(made_up([50]), [(0,)], 32)[0]

    assert row["input_ids"].tolist() == list(range(32))


def test_rows_are_made_even_with_empty_ones():
    assert even([(1,), (2,), (3,)], 4) == [(1,), (2,), (3,), ()]
    assert even([(1,)], 1) == [(1,)]


def gptj():
    return make_model(1200)


def llama():
    torch.manual_seed(1)
    return LlamaForCausalLM(
        LlamaConfig(
            vocab_size=1200, hidden_size=32, intermediate_size=64, num_hidden_layers=2,
            num_attention_heads=2, num_key_value_heads=1,
        )
    )  # fmt: skip


@pytest.mark.parametrize("make", [gptj, llama])
def test_attention_does_not_cross_from_lesson_to_lesson(encoded, make):
    model = make().eval()
    chosen = (0, 20, 5)
    row = PackedRows(encoded, [chosen], 400)[0]
    with torch.inference_mode():
        packed = model(
            input_ids=row["input_ids"][None], position_ids=row["position_ids"][None],
            use_cache=False,
        ).logits[0]  # fmt: skip

    at = 0
    for lesson in chosen:
        tokens = torch.from_numpy(encoded.lesson(lesson)[0].astype(np.int64))
        with torch.inference_mode():
            alone = model(input_ids=tokens[None], use_cache=False).logits[0]
        torch.testing.assert_close(packed[at : at + len(tokens)], alone, atol=1e-5, rtol=1e-4)
        at += len(tokens)
