"""The local cloud's own changes to S3 are on disk like everyone's."""

import io

import pytest

from infrastructure.local_cloud.keeper import Keeper
from infrastructure.local_cloud.moto_adapter import Moto
from infrastructure.local_cloud.object_store import ObjectStore, Place, StoreFailed
from tests.local_cloud.test_moto_contract import ask


class Machine:
    """A store over a moto and a keeper of its own."""

    def __init__(self, folder):
        self.moto = Moto()
        self.keeper = Keeper(folder, self.moto)
        self.keeper.restore()
        self.store = ObjectStore(self.moto, self.keeper)


@pytest.fixture
def machine(tmp_path):
    machine = Machine(tmp_path / "data")
    ask(machine.moto, "s3", "PUT", "/stored")
    yield machine
    machine.keeper.close()


@pytest.mark.parametrize("key", ["plain", "a b+c", "50%25/é?#&=ü"])
def test_an_object_comes_back_as_it_was_put_whatever_its_key(machine, tmp_path, key):
    machine.store.put("stored", key, io.BytesIO(b"first"))
    machine.store.put("stored", key, io.BytesIO(b"second"))

    machine.store.fetch("stored", key, tmp_path / "got")

    assert (tmp_path / "got").read_bytes() == b"second"
    assert machine.store.keys(Place("stored", key[:2])) == [key]
    machine.store.delete("stored", key)
    assert machine.store.keys(Place("stored", "")) == []


def test_a_fetched_file_is_a_copy(machine, tmp_path):
    machine.store.put("stored", "key", io.BytesIO(b"kept"))
    machine.store.fetch("stored", "key", tmp_path / "got")

    (tmp_path / "got").write_bytes(b"spoiled")

    machine.store.fetch("stored", "key", tmp_path / "again")
    assert (tmp_path / "again").read_bytes() == b"kept"
    machine.store.delete("stored", "key")


def test_what_s3_refuses_is_said(machine, tmp_path):
    with pytest.raises(StoreFailed, match="NoSuchBucket to PUT s3://nobodys/key"):
        machine.store.put("nobodys", "key", io.BytesIO(b""))
    with pytest.raises(StoreFailed, match="s3://stored/gone is gone"):
        machine.store.fetch("stored", "gone", tmp_path / "got")


def test_a_key_does_not_lead_out_of_its_folder(machine, tmp_path):
    machine.store.put("stored", "../../out", io.BytesIO(b"x"))

    with pytest.raises(StoreFailed, match="leads out of its folder"):
        machine.store.fetch("stored", "../../out", tmp_path / "a" / "b" / ".." / ".." / "out")
    machine.store.delete("stored", "../../out")


@pytest.mark.parametrize(
    ("uri", "names", "folder"),
    [
        ("s3://b", (), "s3://b/"),
        ("s3://b/", ("job", "output"), "s3://b/job/output/"),
        ("s3://b/x", ("job",), "s3://b/x/job/"),
        ("s3://b/x/", (), "s3://b/x/"),
    ],
)
def test_a_place_is_a_folder_with_or_without_a_slash(uri, names, folder):
    assert Place.of(uri).folder(*names).uri == folder
