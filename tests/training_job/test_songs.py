"""Songs on disk: what was kept stays, whatever happens to the process that kept it."""

import json

import pytest

from training_job.song_store import SongStore
from training_job.songs import Skipped, Song, SongsUnreadable, read_songs


def song(number, text="a line of my own\nand one more"):
    return Song("Paper Lantern", f"Song {number}", text, "songs.txt", f"own-{number}")


@pytest.fixture
def folder(tmp_path):
    with SongStore(tmp_path / "songs") as store:
        store.add(song(1))
        store.add(song(2))
        store.skip(Skipped("Paper Lantern", "Interlude", "own-3", "empty"))
    return tmp_path / "songs"


def test_songs_are_read_back_as_they_were_kept(folder):
    assert list(read_songs([folder])) == [song(1), song(2)]
    assert list(read_songs([folder / "songs.jsonl"])) == [song(1), song(2)]


def test_every_character_survives(tmp_path):
    odd = song(1, "[Verse 1]\nça va, “mon” ami \u2028 \x85 😀\n\ttabbed")

    with SongStore(tmp_path) as store:
        store.add(odd)

    assert list(read_songs([tmp_path])) == [odd]
    assert "ça va" in (tmp_path / "songs.jsonl").read_text(encoding="utf-8")


def test_a_song_is_on_disk_before_the_store_is_closed(tmp_path):
    with SongStore(tmp_path) as store:
        store.add(song(1))

        assert list(read_songs([tmp_path])) == [song(1)]


def test_a_store_knows_what_it_has_after_reopening(folder):
    with SongStore(folder) as store:
        assert "own-1" in store
        assert "own-9" not in store
        assert store.why_skipped("own-3") == "empty"
        assert store.why_skipped("own-1") == ""


@pytest.mark.parametrize(
    "torn", [b'{"artist": "Pa', b"{", b"\xe2\x80", b"\0" * 70_000, b"[" * 9000]
)
def test_a_torn_last_line_is_set_aside_and_nothing_else_is_lost(folder, torn):
    with (folder / "songs.jsonl").open("ab") as file:
        file.write(torn)
    told = []

    assert list(read_songs([folder])) == [song(1), song(2)]
    with SongStore(folder, told.append) as store:
        store.add(song(4))

    assert list(read_songs([folder])) == [song(1), song(2), song(4)]
    assert (folder / "songs.jsonl.torn").read_bytes() == torn + b"\n"
    assert "songs.jsonl had been cut off; it is mended" in told[0]


def test_a_last_line_that_lacks_only_its_end_is_a_song(folder):
    path = folder / "songs.jsonl"
    path.write_bytes(path.read_bytes()[:-1])

    assert list(read_songs([folder])) == [song(1), song(2)]
    with SongStore(folder) as store:
        store.add(song(4))

    assert list(read_songs([folder])) == [song(1), song(2), song(4)]
    assert not (folder / "songs.jsonl.torn").exists()


@pytest.mark.parametrize("cut", range(1, 40, 3))
def test_a_kill_at_any_byte_costs_one_song_at_most(folder, cut):
    path = folder / "songs.jsonl"
    path.write_bytes(path.read_bytes()[:-cut])

    with SongStore(folder) as store:
        store.add(song(4))

    kept = list(read_songs([folder]))
    assert kept[0] == song(1)
    assert kept[-1] == song(4)


def test_two_runs_do_not_mix(folder):
    with SongStore(folder), pytest.raises(SongsUnreadable, match="Another run is collecting"):
        SongStore(folder)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("no json", "Expecting value"),
        ("[1, 2]", "no text under 'artist'"),
        ('{"artist": "A", "title": 5}', "no text under 'title'"),
        (json.dumps({"artist": "A", "title": "B", "text": "C"}), "no text under 'source'"),
    ],
)
def test_a_line_that_is_no_song_is_named(folder, line, reason):
    path = folder / "songs.jsonl"
    path.write_text(line + "\n" + path.read_text())

    with pytest.raises(SongsUnreadable, match=f"Line 1 of .*songs.jsonl is no song .*{reason}"):
        list(read_songs([folder]))
    with pytest.raises(SongsUnreadable, match="Line 1"):
        SongStore(folder)


def test_songs_are_streamed(folder):
    songs = read_songs([folder, folder / "no such file"])

    assert next(songs) == song(1)


@pytest.mark.parametrize(("name", "words"), [("gone.jsonl", "cannot be read"), ("", "no .jsonl")])
def test_nothing_to_read_is_a_sentence(tmp_path, name, words):
    with pytest.raises(SongsUnreadable, match=words):
        list(read_songs([tmp_path / name]))


def test_folders_are_read_with_what_lies_below_them(folder):
    assert list(read_songs([folder.parent])) == [song(1), song(2)]
