import json

import pytest

from scripts.check_resume import main
from scripts.disturbed_job import Blow, lost_steps, plan_blows
from tests.inference.tiny_model import make_model, make_tokenizer


@pytest.mark.timeout(400)
def test_after_kills_in_the_local_cloud_the_adapter_is_that_of_an_undisturbed_run(tmp_path, capsys):
    tokenizer = make_tokenizer()
    make_model(len(tokenizer)).save_pretrained(tmp_path / "base")
    tokenizer.save_pretrained(tmp_path / "base")

    with pytest.raises(SystemExit) as ended:
        main(["--kills", "2", "--terms", "1", "--base", str(tmp_path / "base"), "--json",
              "--steps-a-blow", "60"])  # fmt: skip

    told = json.loads(capsys.readouterr().out)
    assert ended.value.code == 0
    assert told["identical"] is True
    assert (told["kills"], told["terms"]) == (2, 1)
    assert told["kills_while_saving"] >= 1


def test_a_third_of_the_kills_falls_into_a_save_and_some_into_loading():
    blows = plan_blows(20, 3, seed=1)

    assert blows.count(Blow(False, "saving")) == 7
    assert blows.count(Blow(False, "loading")) == 2
    assert blows.count(Blow(False, "training")) == 11
    assert blows.count(Blow(True, "training")) == 3
    assert blows == plan_blows(20, 3, seed=1) != plan_blows(20, 3, seed=2)


def test_lost_steps_are_those_done_again():
    log = (
        "Starting at step 0.\nstep=1/9 loss=2\nstep=2/9 loss=2\nstep=3/9 loss=2\n"
        "Going on from step 2.\nstep=3/9 loss=2\nGoing on from step 3.\nstep=4/9 loss=1\n"
    )

    assert lost_steps(log) == 1


@pytest.mark.parametrize(
    ("wish", "told"),
    [(["--kills", "-1"], "0 or more"), (["--steps-a-blow", "3"], "4 or more")],
)
def test_a_bad_wish_is_refused_in_words(wish, told):
    with pytest.raises(SystemExit, match=told):
        main(wish)
