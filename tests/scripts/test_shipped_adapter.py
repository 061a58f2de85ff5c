"""The small model's adapter in models/, as `make adapter` ships it: no model is loaded here."""

import json
import re
from argparse import Namespace
from pathlib import Path

import pytest
from safetensors.torch import load_file

from bars.fingerprints import Fingerprints, run_words
from bars.prompt import LESSON_VERSION
from bars.run import Run
from bars.sample_verses import sample_verses
from scripts import deploy
from scripts.make_adapter import BARE, HYPERPARAMETERS, MOST_BYTES
from scripts.target import SMALL_ADAPTER, SMALL_MODEL, cache_dir
from training_job.comparison import compare, read_evaluation
from training_job.evaluation_files import EVALUATION, PAGE
from training_job.settings import TrainSettings

WEIGHTS = SMALL_ADAPTER / "adapter" / "adapter_model.safetensors"
ABSOLUTE_PATH = re.compile(r"(?<![\w<.:/*])/\w[\w.-]*/\w")  # no end of a tag, no address


@pytest.fixture
def run():
    return Run.load(SMALL_ADAPTER)


def test_it_is_spoken_to_in_the_version_that_is_trained_now_with_end_words(run):
    assert run.prompt_version == LESSON_VERSION
    assert run.plans_end_words


def test_its_weights_are_at_most_10_mb_and_belong_to_its_hyperparameters(run):
    settings = TrainSettings.from_hyperparameters(
        json.loads((SMALL_ADAPTER / HYPERPARAMETERS).read_text())
    )

    assert WEIGHTS.stat().st_size <= MOST_BYTES
    weights = load_file(WEIGHTS)
    ranks = {each.shape[0] for name, each in weights.items() if "lora_A" in name}
    assert ranks == {settings.rank} == {run.lora["rank"]}


def test_it_is_of_the_base_that_is_fetched(run):
    assert run.base_model == Run.load(cache_dir() / SMALL_MODEL).base_model


def test_its_evaluation_says_that_it_is_worse_than_the_bare_model_in_nothing(run):
    bare, ours = (read_evaluation(SMALL_ADAPTER / name) for name in (BARE, EVALUATION))

    verdicts = {(line["group"], line["figure"]): line["verdict"] for line in compare(bare, ours)}

    assert "worse" not in verdicts.values()
    assert [figure for figure, verdict in verdicts.items() if verdict == "better"]
    assert run.scores


def test_its_fingerprints_know_verses_of_ours_and_nothing_that_it_never_saw():
    known = Fingerprints.load(SMALL_ADAPTER / "fingerprints")
    verses = [run_words(" ".join(verse.bars)) for verse in sample_verses()]

    assert sum(bool(known.copied_at(words)) for words in verses) > 0.8 * len(verses)
    assert not known.copied_at(
        run_words("nobody has ever written quite these eight odd words here")
    )


@pytest.mark.parametrize(
    "path", ["run.json", "adapter/adapter_config.json", EVALUATION, PAGE, BARE]
)
def test_it_names_no_path_of_the_machine_that_it_was_made_on(path):
    text = (SMALL_ADAPTER / path).read_text(encoding="utf-8")

    assert not ABSOLUTE_PATH.search(text)


@pytest.mark.parametrize(
    ("options", "adapter"),
    [
        ({}, SMALL_ADAPTER),
        ({"bare": True}, None),
        ({"adapter": Path("mine")}, Path("mine")),
    ],
)
def test_the_small_model_ships_with_it_unless_another_is_named_or_none_is_wanted(options, adapter):
    arguments = Namespace(**{"model": None, "adapter": None, "bare": False, **options})

    assert deploy.folders(arguments) == (cache_dir() / SMALL_MODEL, adapter)


def test_a_model_that_is_named_cannot_be_stripped_of_its_adapter(capsys):
    with pytest.raises(SystemExit):
        deploy.main(["--model", "ours", "--bare"])

    assert "--bare is for the small model" in capsys.readouterr().err


def test_a_model_that_is_named_ships_with_its_own_adapter():
    arguments = Namespace(model=Path("ours"), adapter=None, bare=False)

    assert deploy.folders(arguments) == (Path("ours"), None)
