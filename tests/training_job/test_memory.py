"""The estimate of a job's memory: near what is measured, and made without allocating it."""

import json
import re
import subprocess
import sys

import pytest
from transformers import GPTJConfig, LlamaConfig

from tests.bench_memory import SIZES, memory
from training_job.__main__ import main
from training_job.memory import estimate, largest_row_tokens
from training_job.rehearsal import rehearse
from training_job.settings import TrainSettings

pytestmark = pytest.mark.xdist_group("memory")  # the bench runs once
SMALL = GPTJConfig(
    vocab_size=500, n_embd=256, n_head=1, n_layer=3, bos_token_id=None, eos_token_id=None
)


@pytest.fixture(scope="module", autouse=True)
def bench():
    """Measures while other tests run."""
    command = [sys.executable, "-W", "ignore", "-m", "tests.bench_memory", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        yield process


@pytest.fixture(scope="module")
def compared(bench):
    told, _ = bench.communicate(timeout=120)
    return {row["name"]: row for row in map(json.loads, told.splitlines())}


def answer(capsys, *words):
    """What `python -m training_job estimate` prints, and its exit status."""
    with pytest.raises(SystemExit) as ended:
        main(["estimate", *words])
    told = capsys.readouterr()
    return ended.value.code, told.out or told.err


def test_gptj_6b_in_8_bits_is_estimated_without_its_weights(capsys):
    before = memory("VmRSS")

    status, told = answer(capsys, "--memory-gb", "12", "--json")

    found = json.loads(told)
    assert memory("VmRSS") - before < 500e6
    assert found["weights"] == 6_050_882_784
    assert found["trained"] == 28 * 16 * (4 * 2 * 4096 + 2 * 5 * 4096)
    assert found["parts"]["base_8_bit"] == 28 * (12 * 4096**2 + 4 * 9 * 4096)  # with its scales
    embeddings = 4 * 2 * 50_400 * 4096  # which PEFT lifts to 32 bits
    assert embeddings < found["parts"]["base_other"] < 1.02 * embeddings
    assert found["parts"]["adapter"] == found["parts"]["gradients"] == 4 * found["trained"]
    assert found["total"] == sum(found["parts"].values())
    assert (status, found["fits"]) == (1, False)
    assert 512 < found["largest_row_tokens"] < 1024


@pytest.mark.parametrize("memory_there", [99, 1500, 40_000, 2_000_000, 10**9])
@pytest.mark.parametrize(("square", "each"), [(0, 1), (0.002, 3), (0.05, 0.5)])
@pytest.mark.parametrize("first", [32, 1000, 32_768])
def test_the_longest_rows_that_fit_are_found(memory_there, square, each, first):
    def total(row_tokens):
        return round(max(square * row_tokens**2 + each * row_tokens, 2 * row_tokens) + 70)

    fitting = [length for length in range(32, 32_769, 32) if total(length) <= memory_there]

    assert largest_row_tokens(total, memory_there, first, fixed=70) == max(fitting, default=0)


def test_a_base_models_folder_is_answered_in_words(capsys, tmp_path):
    LlamaConfig(
        vocab_size=500,
        hidden_size=128,
        intermediate_size=384,
        num_attention_heads=4,
        num_key_value_heads=2,
        num_hidden_layers=3,
        tie_word_embeddings=True,
    ).save_pretrained(tmp_path)

    words = ["--base", str(tmp_path), "--device", "cpu", "--memory-gb", "100"]
    status, told = answer(capsys, *words, "--set", "row_tokens=256")

    assert status == 0
    assert "1 x 256 tokens, with gradient checkpointing" in told
    assert "its optimizer state" in told
    assert "It fits into 100.00 GB. row_tokens may be 32768 at most." in told
    assert "Without gradient checkpointing" in told


def test_each_further_layer_adds_what_the_second_does():
    settings = TrainSettings(row_tokens=256)

    whole = rehearse(SMALL, settings, on_cuda=True).moments["backward"]
    parts = estimate(SMALL, settings, "cuda").parts

    assert whole == {name: parts[name] for name in whole}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--set", "rank=0", "--set", "epochs"], "--set 'epochs' must be NAME=VALUE.* rank is '0'"),
        (["--set", "base_model=me/mine"], "me/mine is not known here. Give the folder"),
        (["--base", "/proc/self"], "/proc/self holds no configuration of a model"),
        (["--set", "targets=q_prj"], "targets is 'q_prj'"),
    ],
)
def test_what_cannot_be_estimated_is_refused_with_the_remedy(capsys, words, told):
    status, answered = answer(capsys, *words)

    assert status == 2
    assert re.search(told, answered)


@pytest.mark.parametrize("name", SIZES)
def test_the_estimate_is_within_a_tenth_of_what_is_measured(compared, name):
    assert compared[name]["ratio"] == pytest.approx(1, abs=0.1)
