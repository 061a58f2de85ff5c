import json

import pytest

from bars.run import Run
from scripts.run_ablation import main
from tests.inference.tiny_model import make_model_dir
from training_job.ablation import all_runs


@pytest.fixture
def model(tmp_path):
    return make_model_dir(tmp_path / "small") / "model"


def put_run(folder, perfect):
    """A run that is done: its adapter's run.json and its evaluation."""
    (folder / "model").mkdir(parents=True)
    Run("small", "1", 2).save(folder / "model")
    figure = {"value": perfect, "chance": None}
    evaluation = {"groups": {"asked": {"figures": {"perfect": figure}}}}
    (folder / "evaluation.json").write_text(json.dumps(evaluation))


def test_runs_that_are_there_are_not_done_again(tmp_path, model, capsys):
    for number, name in enumerate(["bare", *(run.folder for run in all_runs(2))]):
        put_run(tmp_path / "out" / name, number / 10)

    main(["--data", str(tmp_path), "--out", str(tmp_path / "out"), "--model", str(model),
          "--seeds", "2", "--json"])  # fmt: skip

    told = json.loads(capsys.readouterr().out)
    assert told["nothing (bare)"] == [{"asked.perfect": 0.0}]
    assert told["all"] == [{"asked.perfect": 0.4}, {"asked.perfect": 0.8}]


def test_a_run_that_fails_names_its_log(tmp_path, model):
    put_run(tmp_path / "out" / "bare", 0.0)

    with pytest.raises(SystemExit, match=r"-m training_job failed\. Its log is .*train\.log"):
        main(["--data", str(tmp_path), "--out", str(tmp_path / "out"), "--model", str(model)])

    log = next((tmp_path / "out").glob("*/train.log")).read_text()
    assert "data.json cannot be read" in log


@pytest.mark.parametrize(
    ("wish", "told"), [(["--tokens", "10"], "1000 or more"), (["--seeds", "0"], "1 or more")]
)
def test_a_bad_wish_is_refused_in_words(tmp_path, model, wish, told):
    with pytest.raises(SystemExit, match=told):
        main(["--data", str(tmp_path), "--out", str(tmp_path), "--model", str(model), *wish])


def test_a_missing_base_is_told_with_the_remedy(tmp_path):
    with pytest.raises(SystemExit, match=r"Fetch it: python -m scripts\.fetch_model"):
        main(["--data", str(tmp_path), "--out", str(tmp_path), "--model", str(tmp_path)])
