"""Bring your own lyrics: every way that people keep them, and every way that they are broken."""

import json
import os

import pytest

from scripts.collect_lyrics import main
from tests.training_job.own_files import VERSE, put
from training_job.own_lyrics import read_own
from training_job.songs import Song, read_songs


def read(path, told=None):
    return list(read_own([path], (told if told is not None else []).append))


@pytest.mark.parametrize(
    ("name", "artist", "title"),
    [
        ("Paper Lantern/First Light.txt", "Paper Lantern", "First Light"),
        ("Paper Lantern/Album/First Light.TXT", "Paper Lantern", "First Light"),
        ("Paper Lantern/paper lantern - First Light.txt", "Paper Lantern", "First Light"),
        ("Paper Lantern/First - Light.txt", "Paper Lantern", "First - Light"),
        ("Paper Lantern - First Light.txt", "Paper Lantern", "First Light"),
        ("First Light.txt", "unknown", "First Light"),
        ("01 - First Light.txt", "unknown", "01 - First Light"),
    ],
)
def test_folders_and_file_names_name_artist_and_title(tmp_path, name, artist, title):
    (song,) = read(put(tmp_path, {name: VERSE}))

    assert (song.artist, song.title, song.text) == (artist, title, VERSE)
    assert song.source == str(tmp_path / name)


def test_a_single_file_may_be_named(tmp_path):
    put(tmp_path, {"Paper Lantern - First Light.txt": VERSE})

    (song,) = read(tmp_path / "Paper Lantern - First Light.txt")

    assert (song.artist, song.title) == ("Paper Lantern", "First Light")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("songs.csv", f'title,artist,text\nFirst Light,Paper Lantern,"{VERSE}"\n'),
        ("songs.csv", f'Year;LYRICS;Artist;Title\n1999;"{VERSE}";Paper Lantern;First Light\n'),
        ("songs.tsv", f'Title\tArtist\tText\nFirst Light\tPaper Lantern\t"{VERSE}"\n'),
        ("songs.csv", f'\ufefftitle,artist,text\r\nFirst Light,Paper Lantern,"{VERSE}"\r\n'),
        ("Paper Lantern/songs.csv", f'title,text\nFirst Light,"{VERSE}"\n'),
        (
            "songs.jsonl",
            json.dumps({"Title": "First Light", "ARTIST": "Paper Lantern", "Lyrics": VERSE}),
        ),
        (
            "songs.ndjson",
            json.dumps({"title": "First Light", "artist": "Paper Lantern", "text": VERSE, "x": 1})
            + "\n\n",
        ),
    ],
)
def test_tables_and_json_lines_are_read(tmp_path, name, content):
    (song,) = read(put(tmp_path, {name: content}))

    assert isinstance(song, Song)
    assert (song.artist, song.title, song.text) == ("Paper Lantern", "First Light", VERSE)


@pytest.mark.parametrize(
    ("content", "text", "notices"),
    [
        ("ça va".encode(), "ça va", 0),
        ("\ufeffça va".encode(), "ça va", 0),
        ("ça “va”\r\nami".encode("cp1252"), "ça “va”\nami", 1),
        (b"caf\xe9", "café", 1),
        (b"never \x81 mind", "never \ufffd mind", 1),
        (b"one\rtwo\r\nthree", "one\ntwo\nthree", 0),
    ],
)
def test_encodings_are_found_out(tmp_path, content, text, notices):
    told = []

    (song,) = read(put(tmp_path, {"song.txt": content}), told)

    assert song.text == text
    assert len(told) == notices
    assert all("is read as cp1252" in each for each in told)


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("song.txt", "", "empty"),
        ("song.txt", " \n\t\n", "empty"),
        ("song.txt", b"\x89PNG\r\n\0\0\0", "binary, or UTF-16; save text as UTF-8"),
        ("song.txt", VERSE.encode("utf-16"), "binary, or UTF-16; save text as UTF-8"),
        ("song.txt", bytes(range(1, 32)) * 9, "binary"),
        ("song.txt", "la " * 70_000, "longer than 200,000 characters"),
        ("song.doc", VERSE, "not a .txt, .csv, .tsv, .jsonl or .ndjson file"),
        ("song", VERSE, "not a .txt, .csv, .tsv, .jsonl or .ndjson file"),
        ("songs.csv", "", "no column named text or lyrics among none"),
        ("songs.csv", "title,words\nA,B\n", "no column named text or lyrics among title, words"),
        ("songs.csv", "title,text\nFirst\n", "empty"),
        ("songs.csv", f"title,text\nFirst,{'x' * 200_001}\n", "longer than 200,000 characters"),
        ("songs.csv", f"title,text\nFirst,{'x' * 2_000_001}\n", "a row is no CSV (field larger"),
        ("songs.jsonl", "{broken\n", "no JSON object"),
        ("songs.jsonl", "[1, 2]\n", "no JSON object"),
        ("songs.jsonl", "[" * 90_000 + "\n", "no JSON object"),
        ("songs.jsonl", '{"title": "A", "text": ["a", "b"]}\n', "its text is no string"),
        ("songs.jsonl", '{"title": "A", "text": NaN}\n', "its text is no string"),
        ("songs.jsonl", '{"title": "A"}\n', "empty"),
        ("songs.jsonl", '{"text": "a\\u0000b"}\n', "binary"),
        ("songs.jsonl", "x" * 2_000_001, "line 1 is longer than 2,000,000 characters"),
    ],
)
def test_what_is_no_song_is_skipped_with_the_reason(tmp_path, name, content, why):
    (skipped,) = read(put(tmp_path, {name: content}))

    assert skipped.why.startswith(why)


def test_a_broken_entry_costs_only_itself(tmp_path):
    lines = ["{broken", json.dumps({"title": 1999, "artist": "A", "text": "my words"}), "null"]

    found = read(put(tmp_path, {"songs.jsonl": "\n".join(lines)}))

    assert [each.title for each in found] == ["songs.jsonl, line 1", "1999", "songs.jsonl, line 3"]


def test_half_a_character_does_no_harm(tmp_path):
    name = os.fsdecode(b"caf\xe9.txt")
    put(tmp_path, {"a.jsonl": '{"title": "x\\ud800", "text": "half \\ud83d"}', name: VERSE})

    main(["--own", str(tmp_path), "--out", str(tmp_path / "out")])

    assert [song.text for song in read_songs([tmp_path / "out"])] == ["half ?", VERSE]


def test_what_cannot_be_opened_is_skipped_with_the_reason(tmp_path):
    (tmp_path / "loop.txt").symlink_to(tmp_path / "loop.txt")
    os.mkfifo(tmp_path / "pipe.txt")
    put(tmp_path, {".hidden/song.txt": VERSE, ".DS_Store": "x", "song.txt": VERSE})

    (song,) = read(tmp_path)

    assert song.title == "song"
