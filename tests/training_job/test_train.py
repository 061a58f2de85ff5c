import json
import os
from contextlib import suppress

import pytest
from safetensors.torch import load_file

from bars.run import Run
from tests.training_job.volumes import mounted
from tests.training_job.world import Asks, Killed, Kills, configure, make_job
from training_job.checkpoint import file_hash
from training_job.directories import Directories, JobFailed
from training_job.interruption import Interruption
from training_job.metrics import running_mean
from training_job.settings import TrainSettings
from training_job.train import train


def run(directories, interruption=None):
    settings = TrainSettings.from_hyperparameters(directories.hyperparameters())
    return train(directories, settings, interruption or Interruption())


def adapter_hash(directories):
    return file_hash(directories.model / "adapter" / "adapter_model.safetensors")


def losses(directories):
    rows = (directories.output / "metrics.jsonl").read_text().splitlines()
    return {row["step"]: row["loss"] for row in map(json.loads, rows) if "loss" in row}


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    directories = make_job(tmp_path_factory.mktemp("undisturbed"))
    assert run(directories)
    return directories


def test_a_job_leaves_an_adapter_a_run_file_fingerprints_and_its_figures(undisturbed):
    told = Run.load(undisturbed.model)

    assert (undisturbed.model / "adapter" / "adapter_config.json").is_file()
    assert (undisturbed.model / "fingerprints").is_file()
    assert (undisturbed.output / "loss.svg").read_text().startswith("<?xml")
    assert (told.base_model, told.prompt_version, told.data_hash) == ("tiny", 2, "abc")
    assert told.lora == {"rank": 2, "alpha": 32, "dropout": 0.1, "targets": "all-linear"}
    assert told.scores["valid_loss"] > 0


def test_the_loss_falls(undisturbed):
    means = running_mean(sorted(losses(undisturbed).items()))

    assert means[-1][1] < means[0][1] - 0.1


def test_no_weight_of_the_base_is_in_the_adapter(undisturbed):
    names = load_file(undisturbed.model / "adapter" / "adapter_model.safetensors")

    assert names and all("lora_" in name for name in names)


@pytest.mark.parametrize("kills", [(3,), (1, 6, 2), (9, 1)])
def test_after_kills_the_adapter_is_bit_for_bit_that_of_an_undisturbed_run(
    undisturbed, tmp_path, kills
):
    directories = make_job(tmp_path)

    for at in kills:
        with pytest.raises(Killed):
            run(directories, Kills(at))
    assert run(directories)

    assert adapter_hash(directories) == adapter_hash(undisturbed)
    assert losses(directories) == losses(undisturbed)


@pytest.mark.parametrize(
    ("looks", "saved"),
    [(0, []), (1, ["checkpoint-1"]), (4, ["checkpoint-2"]), (5, ["checkpoint-3"])],
)
def test_asked_to_end_it_saves_its_last_whole_step_and_goes_on_exactly(
    undisturbed, tmp_path, looks, saved
):
    """Two batches make a step here: with 0 and 4 it is asked inside an accumulation."""
    directories = make_job(tmp_path, save_steps="0")

    assert run(directories, Asks(looks)) is False
    assert [path.name for path in directories.checkpoints.iterdir()] == saved
    assert not (directories.model / "run.json").exists()
    assert run(directories)

    assert adapter_hash(directories) == adapter_hash(undisturbed)


def test_asked_to_end_before_its_next_step_a_job_keeps_the_checkpoint_that_it_began_with(
    undisturbed, tmp_path
):
    directories = make_job(tmp_path, save_steps="0")

    assert run(directories, Asks(4)) is False
    assert run(directories, Asks(0)) is False
    assert [path.name for path in directories.checkpoints.iterdir()] == ["checkpoint-2"]
    assert run(directories)

    assert adapter_hash(directories) == adapter_hash(undisturbed)


def test_a_job_that_was_killed_after_its_last_step_only_writes_its_model(undisturbed, tmp_path):
    directories = make_job(tmp_path, save_steps="1")
    assert run(directories)
    (directories.model / "run.json").unlink()

    assert run(directories)

    assert adapter_hash(directories) == adapter_hash(undisturbed)


def test_other_settings_do_not_go_on_with_a_run_of_others(tmp_path):
    directories = make_job(tmp_path)
    run(directories, Asks(6))
    configure(tmp_path, learning_rate="0.02", save_seconds="7")

    with pytest.raises(
        JobFailed, match=r"another run: learning_rate was 0.01 and is now 0.02\. Go"
    ):
        run(directories)


def test_how_often_is_saved_may_change_between_two_starts(undisturbed, tmp_path):
    directories = make_job(tmp_path)
    run(directories, Asks(6))
    configure(tmp_path, save_steps="1", keep_checkpoints="9")

    assert run(directories)

    assert adapter_hash(directories) == adapter_hash(undisturbed)


@pytest.mark.parametrize(
    ("left", "told"),
    [
        (0, "No space left on device.*with room for some checkpoints"),
        (16, "3 checkpoints in a row could not be saved"),
    ],
)
def test_a_disk_that_is_full_ends_the_job_in_words_and_keeps_the_last_checkpoint(
    tmp_path, left, told
):
    directories = make_job(tmp_path, save_steps="1")
    with mounted(directories.checkpoints, "size=1m") as folder:
        run(directories, Asks(4))
        kept = sorted(path.name for path in folder.iterdir())
        ballast = fill(folder, left)

        with pytest.raises(JobFailed, match=told):
            run(directories)

        assert sorted(path.name for path in folder.iterdir() if path != ballast) == kept
        ballast.unlink()
        assert run(directories)


def test_a_disk_that_is_full_for_a_moment_does_not_end_the_training(undisturbed, tmp_path, caplog):
    directories = make_job(tmp_path, save_steps="1")
    with mounted(directories.checkpoints, "size=1m") as folder:
        run(directories, Asks(4))
        ballast = fill(folder, 16)

        assert run(directories, Frees(ballast, after=4))

    assert "Training goes on." in caplog.text
    assert adapter_hash(directories) == adapter_hash(undisturbed)


def test_a_disk_without_room_for_figures_does_not_end_the_training(undisturbed, tmp_path, caplog):
    directories = make_job(tmp_path)
    with mounted(directories.output, "size=64k") as folder:
        fill(folder, 0)

        assert run(directories)

    assert "metrics.jsonl cannot be written (No space left on device)" in caplog.text
    assert adapter_hash(directories) == adapter_hash(undisturbed)


class Frees(Interruption):
    """Makes room after some looks."""

    def __init__(self, ballast, after):
        super().__init__()
        self.ballast, self.left = ballast, after

    @property
    def asked(self):
        self.left -= 1
        if self.left == 0:
            self.ballast.unlink()
        return False


def fill(folder, left):
    """Leave so many KiB of room on a volume."""
    path = folder / "ballast"
    with path.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(4096))
    os.truncate(path, path.stat().st_size - 1024 * left)
    return path


@pytest.mark.parametrize(
    ("break_it", "told"),
    [
        (lambda d: (d / "data.json").unlink(), "data.json cannot be read"),
        (lambda d: (d / "data.json").write_text('{"prompt_version": 1, "hash": ""}'), "version 1"),
        (lambda d: (d / "train.jsonl").unlink(), "train.jsonl is missing"),
        (lambda d: (d / "train.jsonl").write_text("{}\n"), "Line 1 of .* is no lesson"),
        (lambda d: (d / "train.jsonl").write_text(""), "The data has no lesson"),
    ],
)
def test_unusable_data_is_refused_with_the_remedy(tmp_path, break_it, told):
    directories = make_job(tmp_path)
    break_it(tmp_path / "input" / "data" / "data")

    with pytest.raises(JobFailed, match=told):
        run(directories)


def test_a_job_without_data_says_which_channel_it_needs(tmp_path):
    with pytest.raises(JobFailed, match="no channel 'data'"):
        train(Directories(tmp_path), TrainSettings(), Interruption())


def test_a_base_that_cannot_be_loaded_is_told_by_name(tmp_path):
    directories = make_job(tmp_path)
    (tmp_path / "input" / "data" / "base" / "config.json").write_text("{}")

    with pytest.raises(JobFailed, match="cannot be loaded"):
        run(directories)


def test_layers_that_do_not_exist_are_told_by_name(tmp_path):
    directories = make_job(tmp_path, targets="q_prj")

    with pytest.raises(JobFailed, match="targets is 'q_prj'"):
        run(directories)


def test_gradient_checkpointing_changes_nothing_but_memory(undisturbed, tmp_path):
    directories = make_job(tmp_path, gradient_checkpointing="true")

    assert run(directories)

    assert losses(directories) == pytest.approx(losses(undisturbed), abs=1e-4)


def test_in_16_bits_it_learns_the_same_and_the_adapter_keeps_32(undisturbed, tmp_path):
    directories = make_job(tmp_path, precision="bfloat16")

    assert run(directories)

    weights = load_file(directories.model / "adapter" / "adapter_model.safetensors")
    assert {str(weight.dtype) for weight in weights.values()} == {"torch.float32"}
    assert losses(directories) == pytest.approx(losses(undisturbed), rel=0.05)


def test_the_adapter_names_its_base_and_no_folder_of_this_machine(undisturbed):
    told = (undisturbed.model / "adapter" / "adapter_config.json").read_text()

    assert json.loads(told)["base_model_name_or_path"] == "tiny"
    assert str(undisturbed.root) not in told


def test_an_adapter_learns_on_a_base_of_8_bits(tmp_path):
    directories = make_job(tmp_path, quantization="int8")

    assert run(directories)

    curve = running_mean(sorted(losses(directories).items()))
    assert curve[-1][1] < curve[0][1] - 0.1
