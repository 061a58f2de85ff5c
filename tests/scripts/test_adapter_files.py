from pathlib import Path, PurePosixPath

import pytest

from scripts.adapter_files import FilesRefused, RemoteFile, bring


class FakeS3:
    """Brings what it holds, and remembers what it was asked for."""

    def __init__(self, **objects):
        self.objects, self.asked = objects, []

    def download_file(self, bucket, key, path, Callback):
        self.asked.append(key)
        Path(path).write_bytes(self.objects[key])


def remote(key, size):
    return RemoteFile("models", key, size, PurePosixPath(key))


def test_a_file_that_does_not_come_whole_keeps_the_folder_from_appearing(tmp_path):
    out, files = tmp_path / "out", [remote("a", 3), remote("b", 3)]

    with pytest.raises(FilesRefused, match="b did not come whole. Run the command again"):
        bring(FakeS3(a=b"xyz", b=b"x"), files, out, "rain")
    assert not out.exists()
    again = FakeS3(a=b"xyz", b=b"xyz")
    bring(again, files, out, "rain")

    assert again.asked == ["b"]
    assert {path.name: path.read_bytes() for path in out.iterdir()} == {"a": b"xyz", "b": b"xyz"}


def test_a_folder_that_holds_something_is_not_written_to(tmp_path):
    (tmp_path / "mine").write_text("dear")

    with pytest.raises(FilesRefused, match="is there already. Name another"):
        bring(FakeS3(), [], tmp_path, "rain")


def test_more_than_the_disk_holds_is_not_begun(tmp_path):
    s3 = FakeS3()

    with pytest.raises(FilesRefused, match="MB are needed. Make room"):
        bring(s3, [remote("a", 10**18)], tmp_path / "out", "rain")
    assert s3.asked == []
