"""The small model's adapter: made step by step, and shipped only if it is good and small."""

import json

import pytest

from bars.run import Run
from scripts.make_adapter import MOST_BYTES, main
from tests.inference.tiny_model import make_model_dir


def figure(good, better=1):
    """A figure over 20 units, of which some are good; `better` as our figures have it."""
    counts = [[int((place < good) == (better > 0)), 1] for place in range(20)]
    return {"value": sum(hit for hit, _ in counts) / 20, "counts": counts}


def evaluation(rhymes, others):
    """An evaluation of 20 bars, of which some rhyme, and of as many other units, some good."""
    figures = {
        "asked": {"perfect": figure(rhymes), "syllables_within_1": figure(others)},
        "g2p": {"phoneme_error": figure(others, -1)},
        "loss": {"rhyme_word_first": figure(others, -1)},
    }
    groups = {
        name: {"units": [str(place) for place in range(20)], "figures": each}
        for name, each in figures.items()
    }
    return {"model": {}, "data": {}, "settings": {}, "verses": [], "groups": groups}


def put_evaluation(folder, rhymes, others=15):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "evaluation.json").write_text(json.dumps(evaluation(rhymes, others)))
    (folder / "evaluation.html").write_text("the page")


@pytest.fixture
def work(tmp_path):
    """A folder where lessons, job and both evaluations are done."""
    work = tmp_path / "work"
    (work / "lessons").mkdir(parents=True)
    (work / "lessons" / "data.json").write_text("{}")
    put_evaluation(work / "bare", rhymes=1, others=1)
    put_evaluation(work / "job", rhymes=15)
    model = work / "job" / "model"
    (model / "adapter").mkdir(parents=True)
    (model / "adapter" / "adapter_model.safetensors").write_bytes(b"weights")
    (model / "fingerprints").write_bytes(b"hashes")
    Run("small", "1", 2).save(model)
    return work


@pytest.fixture
def make(work, tmp_path):
    model = make_model_dir(tmp_path / "small") / "model"
    out = tmp_path / "out" / "small"
    words = ["--work", str(work), "--out", str(out), "--model", str(model)]
    return lambda *more: main([*words, *more]), out


def test_what_is_done_is_not_done_again_and_ships_in_place_of_the_old_one(make, capsys):
    command, out = make
    out.mkdir(parents=True)
    (out / "old").write_text("of the adapter before")

    command()

    assert sorted(path.relative_to(out).as_posix() for path in out.rglob("*.*")) == [
        "adapter/adapter_model.safetensors",
        "bare.json",
        "evaluation.html",
        "evaluation.json",
        "hyperparameters.json",
        "run.json",
    ]
    assert (out / "fingerprints").read_bytes() == b"hashes"
    assert [path.name for path in out.parent.iterdir()] == [out.name]
    assert f"The adapter is in {out}." in capsys.readouterr().out


def test_one_that_is_worse_than_the_bare_model_does_not_ship(make, work):
    command, out = make
    put_evaluation(work / "bare", rhymes=18)
    put_evaluation(work / "job", rhymes=2)

    with pytest.raises(SystemExit, match="Not shipped: worse than the bare model in asked perf"):
        command()

    assert not out.exists()


def test_one_that_is_not_better_in_all_that_counts_does_not_ship(make, work):
    command, out = make
    put_evaluation(work / "job", rhymes=15, others=1)

    with pytest.raises(SystemExit) as ended:
        command()

    assert ended.value.code == (
        "Not shipped: not better than the bare model in asked syllables_within_1, "
        "g2p phoneme_error, loss rhyme_word_first."
    )
    assert not out.exists()


def test_one_that_is_too_large_does_not_ship(make, work):
    command, out = make
    with (work / "job" / "model" / "adapter" / "adapter_model.safetensors").open("ab") as file:
        file.truncate(MOST_BYTES + 1)

    with pytest.raises(SystemExit, match="10,000,001 bytes; at most 10,000,000"):
        command()

    assert not out.exists()


def test_a_job_of_other_hyperparameters_is_not_taken_for_the_one_asked_for(make):
    command, out = make
    command()

    with pytest.raises(SystemExit, match="holds a job with other hyperparameters"):
        command("--set", "rank=4")

    assert '"rank": "8"' in (out / "hyperparameters.json").read_text()


def test_a_wrong_hyperparameter_is_told_by_name_before_any_work(make, capsys):
    command, _ = make
    with pytest.raises(SystemExit) as ended:
        command("--set", "rank=none")

    assert ended.value.code == 2
    assert "rank is 'none'" in capsys.readouterr().err


def test_a_missing_base_is_told_with_the_remedy(tmp_path):
    with pytest.raises(SystemExit, match=r"Fetch it: python -m scripts\.fetch_model"):
        main(["--work", str(tmp_path), "--out", str(tmp_path / "o"), "--model", str(tmp_path)])
