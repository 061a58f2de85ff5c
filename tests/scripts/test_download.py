"""Downloads go on where they were cut off, and are what was checked."""

import hashlib
import os

import pytest

from scripts.download import DownloadFailed, download, find_file, package_index
from tests.scripts.index_server import Index

CONTENT = os.urandom(300_000)
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture(params=[False, True], ids=["json", "html"])
def index(request):
    serving = Index("thing", "thing-1.whl", CONTENT, html=request.param)
    yield serving
    serving.stop()


def fetch(index, path, sha256=SHA256):
    url = find_file(index.url, "thing", "thing-1.whl")
    download(url, path, len(CONTENT), sha256)


def test_a_file_is_found_in_the_index_and_fetched(index, tmp_path):
    fetch(index, tmp_path / "thing")

    assert (tmp_path / "thing").read_bytes() == CONTENT
    assert [path.name for path in tmp_path.iterdir()] == ["thing"]


def test_a_download_that_is_cut_goes_on_from_there(index, tmp_path):
    index.behave = ["cut", "cut"]

    fetch(index, tmp_path / "thing")

    assert (tmp_path / "thing").read_bytes() == CONTENT
    begun = [int(wanted[6:-1]) for wanted in index.asked[1:]]
    assert index.asked[0] is None
    assert 130_000 < begun[0] < begun[1] < 300_000


def test_what_an_earlier_run_has_fetched_is_not_fetched_again(index, tmp_path):
    (tmp_path / "thing.part").write_bytes(CONTENT[:200_000])

    fetch(index, tmp_path / "thing")

    assert (tmp_path / "thing").read_bytes() == CONTENT
    assert index.asked == ["bytes=200000-"]


def test_a_server_without_ranges_sends_it_all_again(index, tmp_path):
    index.behave = ["cut", "no ranges"]

    fetch(index, tmp_path / "thing")

    assert (tmp_path / "thing").read_bytes() == CONTENT


@pytest.mark.parametrize("size", [200_000, 300_000, 400_000])
def test_a_spoiled_beginning_is_thrown_away(index, tmp_path, size):
    (tmp_path / "thing.part").write_bytes(b"x" * size)

    fetch(index, tmp_path / "thing")

    assert (tmp_path / "thing").read_bytes() == CONTENT


def test_another_file_than_the_one_that_was_checked_is_refused(index, tmp_path):
    with pytest.raises(DownloadFailed, match="its SHA-256 differs"):
        fetch(index, tmp_path / "thing", sha256="0" * 64)

    assert list(tmp_path.iterdir()) == []


def test_an_endless_cut_is_a_sentence_and_keeps_what_came(index, tmp_path):
    index.behave = ["cut"] * 20

    with pytest.raises(DownloadFailed, match="it goes on from there"):
        fetch(index, tmp_path / "thing")

    assert (tmp_path / "thing.part").stat().st_size > 200_000


def test_a_full_disk_is_a_sentence(index, tmp_path):
    with pytest.raises(DownloadFailed, match="Make room"):
        download(index.url, tmp_path / "thing", 10**18, SHA256)


def test_a_file_that_the_index_does_not_have_is_a_sentence(index):
    with pytest.raises(DownloadFailed, match="does not offer other.whl"):
        find_file(index.url, "thing", "other.whl")


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/simple", "nonsense"])
def test_an_index_out_of_reach_is_a_sentence(url):
    with pytest.raises(DownloadFailed, match="Check the network"):
        find_file(url, "thing", "thing-1.whl")


def test_pips_own_index_is_used():
    assert package_index({"PIP_INDEX_URL": "http://mirror/simple"}) == "http://mirror/simple"
    assert package_index({}).startswith("http")
