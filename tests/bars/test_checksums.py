"""A model's files are what was published, or the one that is not is named."""

import pytest

from bars.checksums import CHECKSUMS, FilesDamaged, checksums_of, unharmed, write_checksums


@pytest.fixture
def model_dir(tmp_path):
    base = tmp_path / "base"
    base.mkdir()
    for name in ("1.safetensors", "2.safetensors"):
        (base / name).write_bytes(name.encode() * 1000)
    write_checksums(base, base.glob("*.safetensors"))
    return tmp_path


def flip(path, place=500):
    data = bytearray(path.read_bytes())
    data[place] ^= 64
    path.write_bytes(data)


def test_files_as_they_were_are_unharmed(model_dir):
    with unharmed(model_dir):
        pass


def test_the_sums_are_those_of_zip_and_gzip(tmp_path):
    (tmp_path / "check").write_bytes(b"123456789")  # the check value of every catalogue of CRCs

    assert '"check": "cbf43926"' in checksums_of({"check": tmp_path / "check"})


@pytest.mark.parametrize("place", [0, 500, -1])
def test_one_flipped_bit_names_its_file(model_dir, place):
    flip(model_dir / "base" / "2.safetensors", place)

    with (
        pytest.raises(FilesDamaged, match=r"base/2.safetensors is damaged: .*Publish"),
        unharmed(model_dir),
    ):
        pass


def test_a_missing_file_is_named(model_dir):
    (model_dir / "base" / "1.safetensors").unlink()

    with pytest.raises(FilesDamaged, match="1.safetensors is missing"), unharmed(model_dir):
        pass


def test_damage_is_told_before_what_it_led_to(model_dir):
    flip(model_dir / "base" / "1.safetensors")

    with pytest.raises(FilesDamaged, match="1.safetensors is damaged"), unharmed(model_dir):
        raise ValueError("header too large")


def test_an_error_without_damage_stays_what_it_is(model_dir):
    with pytest.raises(ValueError, match="no such layer"), unharmed(model_dir):
        raise ValueError("no such layer")


def test_the_list_of_the_whole_directory_counts_before_the_bases_own(model_dir):
    paths = {"base/1.safetensors": model_dir / "base" / "2.safetensors"}
    (model_dir / CHECKSUMS).write_text(checksums_of(paths))

    with pytest.raises(FilesDamaged, match="1.safetensors is damaged"), unharmed(model_dir):
        pass


@pytest.mark.parametrize("body", ["", "{}", "[]", '{"crc32": 1}', "\udcff"])
def test_a_list_that_is_none_is_told(model_dir, body):
    (model_dir / CHECKSUMS).write_bytes(body.encode("utf-8", "surrogateescape"))

    with (
        pytest.raises(FilesDamaged, match=r"checksums.json is no list of checksums"),
        unharmed(model_dir),
    ):
        pass


def test_files_without_a_list_are_not_looked_at(tmp_path):
    with unharmed(tmp_path):
        pass
