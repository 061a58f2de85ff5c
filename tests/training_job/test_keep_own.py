"""The command on lyrics of one's own: what is kept, what is told, and what a check says."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.collect_lyrics import main
from tests.training_job.own_files import VERSE, put
from training_job.songs import read_songs

ROOT = Path(__file__).parent.parent.parent


def collect(capsys, *arguments):
    """What the command prints, as JSON."""
    main([*map(str, arguments), "--json"])
    return json.loads(capsys.readouterr().out)


def test_songs_are_kept_and_told_by_artist(tmp_path, capsys):
    files = {"A/one.txt": VERSE, "A/two.txt": VERSE + "\nMore", "A/copy.txt": VERSE, "b.txt": ""}
    put(tmp_path / "mine", files)

    told = collect(capsys, "--own", tmp_path / "mine", "--out", tmp_path / "out")

    assert told["artists"] == {"A": {"taken": 2, "skipped": 1}, "unknown": {"skipped": 1}}
    assert told["reasons"] == [
        {"artist": "A", "title": "one", "fate": "skipped", "why": "the same text as copy"},
        {"artist": "unknown", "title": "b", "fate": "skipped", "why": "empty"},
    ]
    assert {song.title for song in read_songs([tmp_path / "out"])} == {"copy", "two"}


def test_the_summary_names_reasons(tmp_path, capsys):
    put(tmp_path / "mine", {"A/one.txt": VERSE, **{f"A/{i}.txt": "" for i in range(5)}})

    main(["--own", str(tmp_path / "mine"), "--out", str(tmp_path / "out")])

    told = capsys.readouterr().out
    assert "5 skipped, empty: 0, 1, 2 and 2 more" in told
    assert "Taken 1, already there 0, skipped 5, left for the next run 0." in told


def test_a_second_run_takes_nothing_twice(tmp_path, capsys):
    put(tmp_path / "mine", {"A/one.txt": VERSE})
    command = ("--own", tmp_path / "mine", "--out", tmp_path / "mine" / "kept")
    collect(capsys, *command)
    put(tmp_path / "mine", {"A/two.txt": VERSE + "\nMore", "kept/songs.jsonl.torn": "{"})

    told = collect(capsys, *command)

    assert told["artists"] == {"A": {"taken": 1, "already there": 1}}
    assert len(list(read_songs([tmp_path / "mine" / "kept"]))) == 2


def test_a_check_tells_how_far_songs_do_and_writes_nothing(tmp_path, capsys):
    german = "Die Laterne leuchtet in der Nacht\nUnd der Regen hat den Weg gebracht\nпривет мир"
    files = {"A/one.txt": VERSE, "A/copy.txt": VERSE, "B/eins.txt": german, "B/leer.txt": ""}
    put(tmp_path, files)
    before = sorted(tmp_path.rglob("*"))

    told = collect(capsys, "--own", tmp_path, "--check")

    assert (told["songs"], told["artists"], told["duplicates"]) == (2, 2, 1)
    assert (told["bars"], told["heard_bars"], told["english"]) == (5, 4, 1)
    assert told["skipped"] == [{"artist": "B", "title": "leer", "why": "empty"}]
    assert "Fewer than 50 songs" in told["advice"][0]
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize(
    ("artists", "songs", "advice"),
    [
        (2, 50, ["This is enough"]),
        (1, 50, ["One artist: no artist can be held out"]),
        (1, 3, ["Fewer than 50 songs: too few can be held out", "One artist"]),
    ],
)
def test_a_check_says_whether_it_is_enough(tmp_path, capsys, artists, songs, advice):
    names = (f"{i % artists}/{i}.txt" for i in range(songs))
    put(tmp_path, {name: f"{VERSE}\nand I count to {name}" for name in names})

    told = collect(capsys, "--own", tmp_path, "--check")

    assert len(told["advice"]) == len(advice)
    assert all(a.startswith(b) for a, b in zip(told["advice"], advice, strict=True))


def test_a_check_of_nothing_fails(tmp_path, capsys):
    with pytest.raises(SystemExit, match="Nothing can be trained"):
        main(["--own", str(put(tmp_path, {"a.txt": ""})), "--check"])

    told = capsys.readouterr().out
    assert "Skipped a (unknown): empty." in told
    assert "There is no song to train on." in told


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "Say where the songs are: --own PATH... or --genius"),
        (("--own", ".", "--genius", "--out", "x"), "one of them"),
        (("--own", "."), "Name the folder that the songs are to be kept in with --out"),
        (("--own", "no/such", "--out", "x"), "no/such does not exist"),
        (("--genius", "--check", "--out", "x"), "--check looks at your own files"),
        (("--genius", "--out", "x"), "Say whose songs"),
        (("--genius", "--out", "x", "--artist", "A", "--max-songs", "0"), "must be 1 or more"),
        (("--genius", "--out", "x", "--artist", "A", "--pause", "-1"), "--pause must be 0 or more"),
        (("--genius", "--out", "x", "--artists-file", "no/such"), "no/such cannot be read"),
    ],
)
def test_what_cannot_be_done_is_a_sentence(arguments, words):
    with pytest.raises(SystemExit, match=words):
        main(list(arguments), env={})


def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path):
    put(tmp_path, {"mine/one.txt": VERSE, "file": ""})

    with pytest.raises(SystemExit, match="The songs cannot be kept: .*File exists"):
        main(["--own", str(tmp_path / "mine"), "--out", str(tmp_path / "file")])


def test_the_command_runs(tmp_path):
    put(tmp_path, {"mine/A/one.txt": VERSE, "mine/A/cover.jpg": b"\xff\xd8\0"})
    command = [sys.executable, "-m", "scripts.collect_lyrics", "--own", tmp_path / "mine"]

    told = subprocess.run(
        [*command, "--out", tmp_path / "out"], cwd=ROOT, capture_output=True, text=True, timeout=60
    )

    assert told.returncode == 0
    assert "1 skipped, not a .txt, .csv" in told.stdout
    assert told.stderr == ""
