"""Checkpoints go to S3 file by file, whatever the job does to its folder meanwhile."""

import os

import pytest

from infrastructure.local_cloud.object_store import Place
from infrastructure.local_cloud.training.checkpoint_sync import CheckpointSync


class FakeStore:
    """S3 as a dictionary, with a memory of what was put into it; `during` happens in each put."""

    def __init__(self, **objects):
        self.objects = {f"run/{name}": text.encode() for name, text in objects.items()}
        self.put_keys = []
        self.during = lambda: None

    def keys(self, place):
        return [key for key in self.objects if key.startswith(place.prefix)]

    def fetch(self, bucket, key, path):
        path.write_bytes(self.objects[key])

    def put(self, bucket, key, source):
        self.during()
        self.put_keys.append(key)
        self.objects[key] = source.read()

    def delete(self, bucket, key):
        del self.objects[key]


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "checkpoints"


def started(folder, store, **clock):
    sync = CheckpointSync(folder, Place("bucket", "run/"), store, **clock)
    sync.download()
    return sync


def write(path, text, age=10):
    """A file that was changed `age` seconds ago."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    then = path.stat().st_mtime - age
    os.utime(path, (then, then))


def test_what_is_in_s3_is_there_at_the_start_and_is_not_put_again(folder):
    store = FakeStore(old="1")
    sync = started(folder, store)

    sync.run()

    assert (folder / "old").read_text() == "1"
    assert store.put_keys == []


def test_a_new_file_is_put_once(folder):
    store = FakeStore()
    sync = started(folder, store)
    write(folder / "step-1" / "weights", "w")

    sync.run()
    sync.run()

    assert store.put_keys == ["run/step-1/weights"]
    assert store.objects == {"run/step-1/weights": b"w"}


def test_a_file_that_another_was_renamed_to_is_put_again_though_size_and_time_are_the_same(folder):
    store = FakeStore()
    sync = started(folder, store)
    write(folder / "latest", "1")
    write(folder / "other", "2")
    sync.run()
    facts = (folder / "latest").stat()
    os.utime(folder / "other", ns=(facts.st_mtime_ns, facts.st_mtime_ns))

    os.replace(folder / "other", folder / "latest")
    sync.run()

    assert store.objects == {"run/latest": b"2"}


def test_a_file_that_changed_a_moment_ago_is_put_again_as_the_clock_may_hide_a_change(folder):
    store = FakeStore()
    sync = started(folder, store, now=lambda: (folder / "latest").stat().st_mtime_ns)
    (folder / "latest").write_text("1")
    sync.run()
    before = (folder / "latest").stat().st_mtime_ns
    (folder / "latest").write_text("2")
    os.utime(folder / "latest", ns=(before, before))

    sync.run()

    assert store.objects == {"run/latest": b"2"}


def test_a_file_that_is_gone_here_is_deleted_there_but_not_what_others_have_put(folder):
    store = FakeStore(old="1")
    sync = started(folder, store)
    store.objects["run/foreign"] = b"f"

    (folder / "old").unlink()
    sync.run()

    assert store.objects == {"run/foreign": b"f"}


def test_a_file_that_vanishes_before_it_is_read_breaks_nothing(folder):
    store = FakeStore()
    sync = started(folder, store)
    write(folder / "a", "1")
    write(folder / "b", "2")
    store.during = lambda: (folder / "b").unlink(missing_ok=True)

    sync.run()

    assert store.objects == {"run/a": b"1"}


def test_a_file_that_is_being_written_is_put_half_and_then_whole(folder):
    store = FakeStore()
    sync = started(folder, store)
    with (folder / "weights").open("w") as file:
        file.write("half")
        file.flush()
        sync.run()
        half = dict(store.objects)
        file.write(" and half")
    sync.run()

    assert half == {"run/weights": b"half"}
    assert store.objects == {"run/weights": b"half and half"}


def test_a_lost_machine_puts_and_deletes_nothing_more(folder):
    store = FakeStore(old="1")
    sync = started(folder, store)
    (folder / "old").unlink()
    write(folder / "a", "1")
    write(folder / "b", "2")

    sync.run(lost=lambda: len(store.put_keys) == 1)

    assert store.objects == {"run/a": b"1", "run/old": b"1"}


def test_a_folder_that_the_job_has_removed_is_empty(folder):
    store = FakeStore(old="1")
    sync = started(folder, store)
    (folder / "old").unlink()
    folder.rmdir()

    sync.run()

    assert store.objects == {}
