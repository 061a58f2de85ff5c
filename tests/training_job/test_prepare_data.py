"""The command, in this process and, where it is killed, in one of its own."""

import fcntl
import json
import os
import signal
import subprocess
import sys
import time

import psutil
import pytest

from scripts.prepare_data import main
from tests.training_job.songs_of_ours import LINES, our_songs, song, write_songs

QUICK = ["--sounds", "0", "--workers", "1"]


@pytest.fixture
def songs(tmp_path):
    return write_songs(tmp_path / "songs.jsonl", our_songs())


def test_songs_and_our_own_verses_become_a_folder(tmp_path, songs, capsys):
    out = tmp_path / "data"
    main(["--songs", str(songs), "--sample", "--out", str(out), *QUICK, "--json"])

    told = json.loads(capsys.readouterr().out)
    assert told == json.loads((out / "data.json").read_text())
    assert told["songs"]["read"] == 2 * len(our_songs())
    assert told["songs"]["dropped"] == {"near another song": len(our_songs())}


def test_the_account_is_told_to_people(tmp_path, capsys):
    main(["--sample", "--out", str(tmp_path / "data"), *QUICK, "--tasks", "verse", "--test", "0"])

    told = capsys.readouterr()
    assert "rhyme word first" not in told.out
    assert f"{len(our_songs())} songs were read, by {len(our_songs())} artists" in told.out
    assert "samples.html" in told.err


def test_few_songs_are_told_to_be_few(tmp_path, capsys):
    songs = write_songs(tmp_path / "songs.jsonl", [song("Deep", "One", LINES[:16])])
    main(["--songs", str(songs), "--out", str(tmp_path / "data"), *QUICK, "--seed", "1"])

    assert "No verse is held out for test. Bring more songs" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--out", "{tmp}/data"], "There are no songs. Give --songs PATH, or --sample"),
        (["--songs", "{tmp}/none", "--out", "{tmp}/data"], "none cannot be read"),
        (["--songs", "{tmp}/empty", "--out", "{tmp}/data"], "has no .jsonl file"),
        (["--songs", "{tmp}/bad.jsonl", "--out", "{tmp}/data"], "Line 1 of .*bad.jsonl is no song"),
        (["--sample", "--out", "{tmp}/data", "--tasks", "poem"], "'poem' is no task; write one of"),
        (["--sample", "--out", "{tmp}/data", "--test", "2"], "--test is 2.0; it must be from 0"),
        (["--sample", "--out", "{tmp}/data", "--workers", "0"], "--workers is 0; it must be 1 or"),
        (["--sample", "--out", "{tmp}/bad.jsonl"], "bad.jsonl is no folder"),
        (["--sample", "--out", "{tmp}/bad.jsonl/data"], "cannot be used: Not a directory"),
        (["--sample", "--out", "{tmp}"], "so it is no folder of prepared data"),
        (["--songs", "{tmp}", "--out", "{tmp}/data"], "data is among the songs of"),
    ],
)
def test_what_cannot_be_done_is_a_sentence_and_writes_nothing(tmp_path, words, message):
    (tmp_path / "empty").mkdir()
    (tmp_path / "bad.jsonl").write_text("what\n")

    with pytest.raises(SystemExit, match=message):
        main([word.format(tmp=tmp_path) for word in words])

    assert {path.name for path in tmp_path.iterdir()} == {"empty", "bad.jsonl"}


def test_two_runs_do_not_write_the_same_folder(tmp_path):
    (tmp_path / "data.unfinished").mkdir()
    handle = os.open(tmp_path / "data.unfinished", os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)

    with pytest.raises(SystemExit, match="Another run is preparing data in .*Wait for it"):
        main(["--sample", "--out", str(tmp_path / "data"), *QUICK])

    os.close(handle)


def test_a_kill_leaves_no_folder_and_no_process(tmp_path, songs):
    command = [sys.executable, "-m", "scripts.prepare_data", "--workers", "2"]
    command += ["--songs", *[str(songs)] * 20, "--out", str(tmp_path / "data")]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        staged = tmp_path / "data.unfinished" / "songs.staged"
        _wait(lambda: staged.is_file() and len(psutil.Process(process.pid).children()) > 1)
        children = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(signal.SIGKILL)

    assert not (tmp_path / "data").exists()
    assert not psutil.wait_procs(children, timeout=10)[1]


def _wait(true):
    until = time.monotonic() + 30
    while not true():
        assert time.monotonic() < until
        time.sleep(0.05)
