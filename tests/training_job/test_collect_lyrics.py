"""The command that collects: token, terms, and what a kill costs."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.training_job.genius_server import TOKEN, song, texts

ROOT = Path(__file__).parent.parent.parent


def test_excluded_words_can_be_chosen(server, command):
    server.songs = [song(1, "First Light (Live)"), song(2, "Second Wind (Radio Edit)")]

    told = command("--accept-terms", "--exclude", "radio edit")

    assert told["artists"]["Paper Lantern"] == {"taken": 1, "skipped": 1}


def test_artists_come_from_a_file_and_by_number(server, command, tmp_path):
    names = tmp_path / "names"
    names.write_text("# mine\n\nPaper Lantern\n  Paper Lantern  \n")

    told = command("--accept-terms", "--artists-file", str(names), "--artist-id", "7")

    assert told["artists"]["Paper Lantern"] == {"taken": 2, "already there": 2}


@pytest.mark.parametrize(
    ("token", "words"),
    [
        ("", "Genius asks for an access token. Make one at"),
        ("two words", "What was given is no access token"),
        ("to\nken", "What was given is no access token"),
        ("töken", "What was given is no access token"),
    ],
)
def test_no_token_is_refused_before_anything_is_asked(server, command, token, words):
    with pytest.raises(SystemExit, match=words):
        command("--accept-terms", env={"GENIUS_ACCESS_TOKEN": token})

    assert server.asked == []


def test_a_token_may_be_in_a_file(server, command, tmp_path):
    (tmp_path / "token").write_text(f"{TOKEN}\n")

    told = command("--accept-terms", "--token-file", str(tmp_path / "token"), env={})

    assert told["totals"]["taken"] == 2
    with pytest.raises(SystemExit, match="The token cannot be read from .*gone"):
        command("--token-file", str(tmp_path / "gone"))


def test_a_token_that_genius_does_not_know_is_a_sentence(server, command, capsys):
    with pytest.raises(SystemExit, match="Genius does not know this token. Make one at"):
        command("--accept-terms", env={"GENIUS_ACCESS_TOKEN": "not-ours"})

    assert "not-ours" not in str(capsys.readouterr())


def test_an_answer_of_another_shape_is_a_sentence(server, command):
    del server.songs[0]["lyrics_state"]

    with pytest.raises(SystemExit, match="not as it used to be .KeyError.'lyrics_state'"):
        command("--accept-terms")


def test_terms_must_be_accepted_once_for_a_folder(server, command, tmp_path):
    with pytest.raises(SystemExit, match="Nothing was collected. Type yes, or add --accept-terms"):
        command()
    assert server.asked == []
    assert list(tmp_path.iterdir()) == []

    command("--accept-terms")

    assert command()["totals"]["already there"] == 2


def test_the_notice_says_what_is_forbidden(command, capsys):
    with pytest.raises(SystemExit):
        command()

    told = capsys.readouterr().err
    assert re.search(r"terms of service .*forbid", told)
    assert "weights trained on them" in told


def started(server, folder, *more, **options):
    given = ["--genius", "--artist", "Paper Lantern", "--out", folder, "--pause", "0"]
    given += ["--genius-address", server.address, *more]
    return subprocess.Popen(
        [sys.executable, "-m", "scripts.collect_lyrics", *map(str, given)],
        cwd=ROOT,
        env=os.environ | {"GENIUS_ACCESS_TOKEN": TOKEN} | options.pop("env", {}),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )


@pytest.mark.parametrize(("typed", "taken"), [("yes\n", 2), ("no\n", 0), ("\n", 0)])
def test_a_yes_can_be_typed(server, tmp_path, typed, taken):
    ours, theirs = os.openpty()
    os.write(ours, typed.encode())

    told, complained = started(server, tmp_path / "out", stdin=theirs).communicate(timeout=30)

    assert ("Taken 2" in told) == bool(taken)
    assert "Type yes or no" in complained
    assert (tmp_path / "out").exists() == bool(taken)
    for each in (ours, theirs):
        os.close(each)


@pytest.mark.parametrize("stop", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize(
    ("hold", "kept", "asked"),
    [
        ("/artists/7/songs?page=2", 2, [1, 1, 1]),  # between songs
        ("/song-2-lyrics", 1, [1, 2, 1]),  # in the middle of one
    ],
)
def test_a_run_that_is_killed_goes_on_where_it_stopped(
    server, gather, tmp_path, stop, hold, kept, asked
):
    server.songs.append(song(3, "Third Rail"))
    server.page_size = 2
    server.hold = hold
    process = started(server, tmp_path, "--accept-terms", stdin=subprocess.DEVNULL)
    assert server.held.wait(30)

    process.send_signal(stop)
    _, complained = process.communicate(timeout=30)

    assert process.returncode == (130 if stop is signal.SIGINT else -stop)
    assert complained.count("Traceback") == 0
    assert len(texts(tmp_path)) == kept
    server.hold = ""
    gather()
    assert len(texts(tmp_path)) == 3
    assert [server.asked_for(i) for i in (1, 2, 3)] == asked


def test_a_missing_lyricsgenius_is_a_sentence(server, tmp_path):
    (tmp_path / "lyricsgenius.py").write_text("raise ImportError('not here')")
    process = started(server, tmp_path / "out", env={"PYTHONPATH": str(tmp_path)})

    _, complained = process.communicate(timeout=30)

    assert process.returncode == 1
    assert complained == (
        "lyricsgenius is not installed. Run .venv/bin/pip install lyricsgenius==3.15.0, or bring "
        "your own lyrics with --own.\n"
    )
