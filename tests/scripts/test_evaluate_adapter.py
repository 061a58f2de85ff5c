"""The command on a tiny model: what it answers, writes and records, and what it refuses."""

import hashlib
import json
import shutil

import pytest

from bars.run import Run
from scripts.evaluate_adapter import main
from tests.training_job.evaluation_world import make_data, make_model_folder, tiny_speaker

FEW = ["--verses", "0", "--lessons", "1", "--threads", "1"]


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    tiny_speaker()
    root = tmp_path_factory.mktemp("evaluated")
    make_model_folder(root)
    make_data(root / "data")
    (root / "openings.txt").write_text("Rain | I wrote this on the bus at night\n")
    return root


@pytest.fixture
def command(root, capsys):
    """Runs the command on the tiny model; gives its exit status, answer and complaints."""

    def command(*more, model="model", data="data"):
        given = ["--model", str(root / model), "--data", str(root / data), *FEW]
        with pytest.raises(SystemExit) as end:
            main([*given, "--openings", str(root / "openings.txt"), *map(str, more)])
        told = capsys.readouterr()
        return end.value.code, told.out, told.err

    return command


def test_the_answer_is_a_table_or_json(command):
    status, table, _ = command()
    _, told, _ = command("--json")

    assert status == 0
    assert "Verses: the model proposes the end words (1)" in table
    assert set(json.loads(told)["groups"]) == {"loss", "g2p", "p2g", "rhyme", "asked", "told"}


def test_json_and_page_are_written(command, tmp_path):
    (tmp_path / "metrics.jsonl").write_text('{"step": 1, "loss": 4.5}\n{"step": 2, "loss": 4.0}\n')

    status, _, told = command("--out", tmp_path)

    written = json.loads((tmp_path / "evaluation.json").read_text())
    assert (status, written["version"]) == (0, 1)
    assert "Loss in training, from 4.50" in (tmp_path / "evaluation.html").read_text()
    assert f"Wrote {tmp_path / 'evaluation.html'}." in told
    assert not list(tmp_path.glob("*.unfinished"))


def test_the_main_figures_are_recorded_beside_the_adapter(command, root):
    model = root / "model"
    before = Run.load(model)

    command("--record")

    after = Run.load(model)
    assert {"loss.g2p", "asked.perfect", "told.ends_as_planned"} <= set(after.scores)
    assert (after.base_model, after.data_hash) == (before.base_model, before.data_hash)
    assert sorted(path.name for path in model.iterdir()) == ["adapter", "base", "run.json"]


def test_an_adapter_may_lie_elsewhere(command, root, tmp_path):
    shutil.copytree(root / "model" / "adapter", tmp_path / "adapter")
    Run("tiny", "1", 2, data_hash="other").save(tmp_path)

    _, told, _ = command("--adapter", tmp_path, "--json")

    model = json.loads(told)["model"]
    weights = (tmp_path / "adapter" / "adapter_model.safetensors").read_bytes()
    assert model["adapter"] == f"sha256:{hashlib.sha256(weights).hexdigest()[:16]}"
    assert model["data_hash"] == "other"
    assert str(tmp_path) not in told


@pytest.mark.parametrize(
    ("bounds", "status", "words"),
    [
        (["identical<=1", "loss.g2p<=99"], 0, ""),
        (["identical<=1", "perfect>=1.01"], 1, "Missed perfect>=1.01: it is "),
        (["few_shot.perfect>=0.1"], 1, "Missed few_shot.perfect>=0.1: it was not measured."),
    ],
)
def test_a_missed_threshold_is_named_and_ends_with_1(command, bounds, status, words):
    found, _, told = command("--thresholds", *bounds)

    assert (found, words in told) == (status, True)


def test_two_evaluations_are_compared(command, tmp_path, capsys):
    for name, more in (("bare", ["--bare"]), ("adapted", [])):
        command("--out", tmp_path / name, *more)
    files = [str(tmp_path / name / "evaluation.json") for name in ("bare", "adapted")]

    for more in ([], ["--json"]):
        with pytest.raises(SystemExit) as end:
            main(["--compare", *files, *more])
        assert end.value.code == 0
    table, _, told = capsys.readouterr().out.partition("by chance.\n")

    assert "loss.g2p" in table and "few_shot, asked.perfect" in table
    assert {line["verdict"] for line in json.loads(told)} <= {"better", "worse", "open", "differs"}


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (["--bare", "--adapter", "x"], "not allowed with"),
        (["--bare", "--record"], "--record is for an adapter"),
        (["--samples", "0"], "--samples is 0; it must be 1 or more"),
        (["--adapter", "no/such"], "holds no adapter"),
        (["--openings", "no/such"], "no/such cannot be read"),
        (["--thresholds", "rhymes>=1"], "no figure rhymes"),
        (["--ways", "sung"], "invalid choice"),
        (["--out", __file__], "is no folder"),
        (["--out", f"{__file__}/x"], "cannot be used"),
        (["--compare", __file__, __file__], "is no evaluation"),
        (["--compare", "no/such", __file__], "no/such cannot be read"),
    ],
)
def test_wrong_input_is_a_sentence_and_ends_with_2(command, more, words):
    status, _, told = command(*more)

    assert status == 2
    assert words in told and "Traceback" not in told


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda r: shutil.rmtree(r / "base"), "holds no model"),
        (lambda r: (r / "run.json").unlink(), "run.json is missing"),
        (lambda r: Run("tiny", "1", 1).save(r), "was trained with prompt version 1"),
        (lambda r: cut(r / "base" / "model.safetensors"), "cannot be used"),
        (lambda r: cut(r / "adapter" / "adapter_model.safetensors"), "does not fit"),
        (lambda r: (r / "base" / "tokenizer.json").write_text("{"), "cannot be used"),
    ],
)
def test_a_model_that_cannot_be_used_is_a_sentence(command, root, tmp_path, spoil, words):
    shutil.copytree(root / "model", tmp_path / "model")
    spoil(tmp_path / "model")

    status, _, told = command(model=tmp_path / "model")

    assert status == 2
    assert words in told and "Traceback" not in told


def cut(path):
    path.write_bytes(path.read_bytes()[:-50])


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("data.json", "{", "data.json cannot be read"),
        ("test.jsonl", "", "has no lesson"),
        ("test.jsonl", "{}\n", "is no lesson"),
        ("test.jsonl", "\udcff\n", "test.jsonl"),
        ("held_out.jsonl", "[]\n", "is no file of held-out verses"),
        ("fingerprints", "hello", "is no list of fingerprints"),
    ],
)
def test_data_that_cannot_be_used_are_a_sentence(command, root, tmp_path, name, text, words):
    shutil.copytree(root / "data", tmp_path / "data")
    (tmp_path / "data" / name).write_text(text, errors="surrogateescape")

    status, _, told = command(data=tmp_path / "data")

    assert status == 2
    assert words in told and "Traceback" not in told


def test_data_and_model_must_be_named(capsys):
    with pytest.raises(SystemExit) as end:
        main([])

    assert end.value.code == 2
    assert "Name the folder of the model with --model." in capsys.readouterr().err
