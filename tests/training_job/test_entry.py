"""The image's entry point as a real process."""

import signal
import time

import pytest

from tests.training_job.world import configure, make_job, start_job
from training_job.__main__ import main


def test_all_wrong_hyperparameters_are_the_reason_that_the_platform_shows(tmp_path, monkeypatch):
    monkeypatch.setenv("SAGEMAKER_BASE_DIR", str(tmp_path))
    configure(tmp_path, rank="none", colour="red")

    with pytest.raises(SystemExit) as ended:
        main(["train"])

    reason = (tmp_path / "output" / "failure").read_text()
    assert ended.value.code == 1
    assert reason.startswith("rank is 'none'; it must be a whole number from 1 to 256.")
    assert "colour is no hyperparameter" in reason


def test_a_config_file_that_is_no_json_is_told_by_its_path(tmp_path, monkeypatch):
    monkeypatch.setenv("SAGEMAKER_BASE_DIR", str(tmp_path))
    configure(tmp_path)
    path = tmp_path / "input" / "config" / "hyperparameters.json"
    path.write_text("{")

    with pytest.raises(SystemExit):
        main(["train"])

    assert f"{path} cannot be read" in (tmp_path / "output" / "failure").read_text()


def test_sigterm_ends_a_running_job_in_order_and_the_next_start_goes_on(tmp_path):
    directories = make_job(tmp_path, max_tokens="60000", save_steps="0")
    process = start_job(directories)
    told = ""
    while "step=2/" not in told:
        told += process.stdout.readline()
        assert process.poll() is None, told

    process.send_signal(signal.SIGTERM)
    began = time.monotonic()
    told += process.communicate(timeout=60)[0]

    assert process.returncode == 0, told
    assert time.monotonic() - began < 20
    assert "The job can go on from there." in told
    assert not directories.failure.exists()
    (saved,) = directories.checkpoints.iterdir()
    second = start_job(directories)
    line = ""
    while "Going on" not in line:
        line = second.stdout.readline()
        assert second.poll() is None
    second.kill()
    second.communicate()
    assert line == f"Going on from step {saved.name.removeprefix('checkpoint-')}.\n"


def test_the_log_has_no_line_but_ours(tmp_path):
    process = start_job(make_job(tmp_path, max_tokens="300"))
    told = process.communicate(timeout=100)[0]

    assert process.returncode == 0, told
    ours = ("step=", "Saved", "Starting", "valid_loss=")
    strange = [line for line in told.splitlines() if not line.startswith(ours)]
    assert [line for line in strange if "weights are trained" not in line] == []
