import subprocess

from scripts.checkout import clean_commit


def git(folder, *words):
    settings = ["-c", "user.name=x", "-c", "user.email=x@example.org"]
    subprocess.run(["git", "-C", folder, *settings, *words], check=True, capture_output=True)


def test_a_commit_is_named_only_where_nothing_differs_from_it(tmp_path):
    outside = clean_commit(tmp_path)
    git(tmp_path, "init")
    (tmp_path / "verse").write_text("drip")
    dirty = clean_commit(tmp_path)
    git(tmp_path, "add", "verse")
    git(tmp_path, "commit", "-m", "drip")

    assert (outside, dirty) == ("", "")
    assert len(clean_commit(tmp_path)) == 40
