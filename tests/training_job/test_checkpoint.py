import json
import logging
import shutil

import pytest

from tests.training_job.volumes import mounted
from training_job.checkpoint import MANIFEST, CheckpointStore
from training_job.directories import JobFailed

RUN = {"learning_rate": 1e-4, "data": "abc"}


@pytest.fixture
def store(tmp_path):
    store = CheckpointStore(tmp_path / "checkpoints", RUN, keep=2)
    store.open()
    return store


def save(store, step, text="weights"):
    unfinished = store.begin(step)
    (unfinished / "adapter.safetensors").write_text(f"{text} of step {step}")
    (unfinished / "optimizer.pt").write_bytes(bytes(range(200)))
    return store.finish(unfinished, step)


def steps(tmp_path):
    return sorted(path.name for path in (tmp_path / "checkpoints").iterdir())


def test_the_newest_of_sound_checkpoints_is_taken(store):
    save(store, 9)
    save(store, 10)

    assert store.newest().step == 10


def test_without_a_checkpoint_there_is_none(store):
    assert store.newest() is None


def truncate(folder):
    with (folder / "optimizer.pt").open("r+b") as file:
        file.truncate(100)


def flip_a_bit(folder):
    body = bytearray((folder / "optimizer.pt").read_bytes())
    body[100] ^= 1
    (folder / "optimizer.pt").write_bytes(body)


def change_the_manifest(folder):
    body = json.loads((folder / MANIFEST).read_text())
    body["step"] = 20
    body["identity"]["seed"] = 5
    (folder / MANIFEST).write_text(json.dumps(body))


def borrow_a_manifest(folder):
    shutil.copy(folder.with_name("checkpoint-10") / MANIFEST, folder / MANIFEST)


def replace_a_file_by_a_folder(folder):
    (folder / "optimizer.pt").unlink()
    (folder / "optimizer.pt").mkdir()


DAMAGES = {
    "a truncated file": (truncate, "optimizer.pt has 100 bytes instead of 200"),
    "a flipped bit": (flip_a_bit, "optimizer.pt is damaged"),
    "a missing file": (lambda f: (f / "optimizer.pt").unlink(), "optimizer.pt is missing"),
    "an emptied file": (lambda f: (f / "optimizer.pt").write_bytes(b""), "has 0 bytes"),
    "a longer file": (lambda f: (f / "optimizer.pt").write_bytes(bytes(201)), "has 201 bytes"),
    "a folder for a file": (replace_a_file_by_a_folder, "optimizer.pt is missing"),
    "no manifest": (lambda f: (f / MANIFEST).unlink(), "manifest is missing"),
    "half a manifest": (
        lambda f: (f / MANIFEST).write_text((f / MANIFEST).read_text()[:40]),
        "manifest cannot be read",
    ),
    "a manifest of zeros": (lambda f: (f / MANIFEST).write_bytes(bytes(64)), "cannot be read"),
    "a manifest that is no object": (lambda f: (f / MANIFEST).write_text("[]"), "cannot be read"),
    "a changed manifest": (change_the_manifest, "manifest is damaged"),
    "another step's manifest": (borrow_a_manifest, "that of step 10"),
    "a dangling link": (
        lambda f: ((f / "optimizer.pt").unlink(), (f / "optimizer.pt").symlink_to("gone")),
        "optimizer.pt is missing",
    ),
}


@pytest.mark.parametrize("kind", DAMAGES)
def test_a_damaged_checkpoint_is_named_and_kept_and_the_one_before_is_taken(
    store, tmp_path, caplog, kind
):
    save(store, 10)
    newest = save(store, 20)
    damage, told = DAMAGES[kind]
    damage(newest)
    caplog.set_level(logging.WARNING)

    assert store.newest().step == 10
    assert told in caplog.text
    assert "checkpoint-20 is not used" in caplog.text
    assert steps(tmp_path) == ["checkpoint-10", "checkpoint-20"]


def test_an_unfinished_checkpoint_is_never_taken(store):
    save(store, 10)
    unfinished = store.begin(20)
    (unfinished / "adapter.safetensors").write_text("half")

    assert store.newest().step == 10


def test_a_checkpoint_of_another_run_is_refused_by_what_differs_and_nothing_is_lost(
    store, tmp_path
):
    save(store, 10)
    other = CheckpointStore(tmp_path / "checkpoints", {**RUN, "learning_rate": 2e-4}, keep=2)

    with pytest.raises(JobFailed, match=r"learning_rate was 0.0001 and is now 0.0002"):
        other.newest()
    assert steps(tmp_path) == ["checkpoint-10"]


def test_as_many_checkpoints_as_wished_are_kept_the_newest_ones(store, tmp_path):
    for step in (1, 2, 3, 4):
        save(store, step)

    assert steps(tmp_path) == ["checkpoint-3", "checkpoint-4"]


def test_damaged_checkpoints_do_not_count_among_those_kept(store, tmp_path):
    save(store, 1)
    truncate(save(store, 2))
    save(store, 3)

    assert steps(tmp_path) == ["checkpoint-1", "checkpoint-3"]


def test_a_damaged_checkpoint_gives_way_to_the_same_step_written_again(store, tmp_path):
    save(store, 1)
    truncate(save(store, 2))

    save(store, 2, "fresh")

    assert store.newest().step == 2


def test_a_folder_that_cannot_be_written_to_is_refused_before_any_work(tmp_path):
    (tmp_path / "checkpoints").write_text("a file where a folder should be")

    with pytest.raises(JobFailed, match="Give the job a folder that it may write to"):
        CheckpointStore(tmp_path / "checkpoints", RUN, keep=2).open()


def test_a_read_only_folder_is_refused_in_words(tmp_path):
    with (
        mounted(tmp_path / "checkpoints", "ro,size=1m") as folder,
        pytest.raises(JobFailed, match="Read-only file system"),
    ):
        CheckpointStore(folder, RUN, keep=2).open()
