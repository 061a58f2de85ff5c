import hashlib
import json
import re
from collections import Counter
from dataclasses import replace

import pytest

from bars.fingerprints import Fingerprints, run_hashes, run_words
from bars.language import is_clean
from bars.prompt import Part
from bars.scheme import letters
from tests.training_job.songs_of_ours import (
    LINES,
    SPANISH,
    by_artists,
    our_songs,
    shared_lines,
    song,
)
from training_job.lessons import Mix
from training_job.prepare import NothingToTeach, prepare
from training_job.prepare_settings import PrepareSettings, PrepareSettingsWrong
from training_job.prepared_folder import FILES, FolderRefused
from training_job.songs import SongsUnreadable
from training_job.split import Split, Splitter, artist_key

VERSES_ALONE = PrepareSettings(sounds=0, valid=0.15, test=0.15)
FEW = our_songs()[:20]
SPLITS = ("train", "valid", "test")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Our own verses, prepared with everything."""
    folder = tmp_path_factory.mktemp("prepared") / "data"
    prepare(our_songs(), folder, PrepareSettings(sounds=100, valid=0.15, test=0.15))
    return folder


def rows(folder, split):
    return [json.loads(line) for line in (folder / f"{split}.jsonl").read_text().splitlines()]


def told(folder):
    return json.loads((folder / "data.json").read_text())


def text_of(row):
    """The bars of a lesson about lyrics."""
    lines = "".join(text for text, _ in row["parts"]).splitlines()
    return "\n".join(lines[2::2]) if lines[0].startswith("# ") else "\n".join(lines)


def runs(text):
    return set(run_hashes(run_words(text)))


def test_the_folder_has_all_files_and_no_other(folder):
    assert {path.name for path in folder.iterdir()} == FILES
    assert [path.name for path in folder.parent.iterdir()] == ["data"]


def test_the_account_counts_what_the_files_have(folder):
    account = told(folder)
    counts = {split: Counter(row["task"] for row in rows(folder, split)) for split in SPLITS}

    assert account["lessons"] == {
        task: {split: counts[split][task] for split in SPLITS} for task in sorted(counts["train"])
    }
    assert sorted(counts["train"]) == ["g2p", "p2g", "plan", "rhyme", "rhyme word first", "verse"]
    assert account["songs"]["read"] == sum(account["songs"]["taken"].values()) == len(our_songs())
    assert account["prompt_version"] == 2
    assert account["settings"]["split_by"] == "artist"


def test_the_hash_is_of_what_training_sees(folder):
    content = b"".join((folder / f"{s}.jsonl").read_bytes() + b"\0" for s in ("train", "valid"))

    assert told(folder)["hash"] == hashlib.sha256(content).hexdigest()


def test_every_line_is_a_lesson_with_something_told_and_something_learned(folder):
    for split in SPLITS:
        for row in rows(folder, split):
            parts = [Part(text, bool(learned)) for text, learned in row["parts"]]
            assert not parts[0].learned
            assert any(part.learned for part in parts)
            assert all(part.text and "\n\n" not in part.text for part in parts)
            assert all(part.text.endswith("\n") for part in parts if part.learned)
            assert not any(part.text.endswith(" ") for part in parts)


def test_one_in_ten_lessons_of_g2p_and_p2g_is_about_a_whole_bar(folder):
    for task in ("g2p", "p2g"):
        bars = [row["artist"] for row in rows(folder, "train") if row["task"] == task]
        assert (sum(map(bool, bars)), len(bars)) == (7, 70)


def test_the_verses_held_out_are_those_of_the_test_lessons(folder):
    held_out = [json.loads(line) for line in (folder / "held_out.jsonl").read_text().splitlines()]
    tested = {text_of(row) for row in rows(folder, "test") if row["task"] == "verse"}

    assert {"\n".join(verse["bars"]) for verse in held_out} == tested
    for verse in held_out:
        assert set(verse) == {"artist", "title", "topic", "scheme", "letters", "bars"}
        assert letters(verse["scheme"], len(verse["bars"])) == verse["letters"]
        assert verse["artist"] == f"Deep Hop {verse['topic']}"


def test_fingerprints_are_of_the_songs_trained_on(folder):
    known = Fingerprints.load(folder / "fingerprints")
    trained = {row["title"] for row in rows(folder, "train")}

    for each in our_songs():
        assert bool(known.copied(each.text)) == (each.title in trained)


def test_the_page_shows_lessons_and_needs_nothing_from_elsewhere(folder):
    page = (folder / "samples.html").read_text()

    assert page.count("<section>") == 50
    assert not any(word in page for word in ("http", "src=", "<script", "@import", "url("))
    assert "prefers-color-scheme:dark" in page
    assert '<b class="g0">' in page
    assert re.search(r'<td class="plan">A \d+</td><td class=""><b class="g0">[a-z]+</b></td>', page)


def test_no_artist_is_in_two_splits(tmp_path):
    prepare(by_artists(30), tmp_path / "data", VERSES_ALONE)

    artists = [{row["artist"] for row in rows(tmp_path / "data", split)} for split in SPLITS]
    assert all(artists)
    assert sum(map(len, artists)) == len(set.union(*artists)) == 30


def test_no_song_is_in_two_splits_where_artists_are_few(tmp_path):
    prepare(by_artists(9), tmp_path / "data", VERSES_ALONE)

    titles = [{row["title"] for row in rows(tmp_path / "data", split)} for split in SPLITS]
    assert all(titles)
    assert sum(map(len, titles)) == len(set.union(*titles))
    assert told(tmp_path / "data")["settings"]["split_by"] == "song"


@pytest.mark.parametrize("artists", [40, 9])
def test_no_run_of_eight_words_of_a_song_that_is_held_out_is_trained_on(tmp_path, artists):
    songs = list(shared_lines(artists))
    account = prepare(songs, tmp_path / "data", PrepareSettings(sounds=40, valid=0.15, test=0.15))

    seen = [
        set().union(*(runs(text_of(row)) for row in rows(tmp_path / "data", split)))
        for split in SPLITS
    ]
    titles = [
        {(row["artist"], row["title"]) for row in rows(tmp_path / "data", split)}
        for split in SPLITS
    ]
    whole = [
        set().union(*(runs(s.text) for s in songs if (s.artist, s.title) in held_out))
        for held_out in titles
    ]
    assert account["found"]["lines that held-out songs have"] > 0
    assert all(whole)
    assert not seen[0] & (whole[1] | whole[2])
    assert not seen[1] & whole[2]


def test_what_is_no_use_is_dropped_and_counted(tmp_path):
    copy = replace(our_songs()[0], id="copy", text=our_songs()[0].text.upper() + "\nOne more line")
    more = [
        copy,
        song("Uno", "Camino", SPANISH.splitlines()),
        song("None", "Later", ["Lyrics for this song have yet to be released."]),
        song("Short", "Three", LINES[:2] + ["I stand here all alone"]),
        song("Deep Hop The night bus & Deep Hop First job", "Both", LINES[:4]),
    ]
    account = prepare([*our_songs(), *more], tmp_path / "data", VERSES_ALONE)

    dropped = account["songs"]["dropped"]
    assert dropped["near another song"] >= 1
    assert dropped["language es"] == 1
    assert dropped["not released, or instrumental"] == 1
    assert dropped["no verse of 4 bars"] >= 1
    assert account["songs"]["read"] == len(our_songs()) + 5
    taken = sum(account["songs"]["taken"].values())
    assert taken + sum(dropped.values()) == account["songs"]["read"]


def test_a_stanza_in_another_language_is_left_out(tmp_path):
    mixed = song("Mixed", "Two tongues", LINES[:8], SPANISH.splitlines())
    account = prepare([mixed], tmp_path / "data", PrepareSettings(sounds=0, valid=0, test=0))

    assert account["found"]["stanzas not in English"] == 1
    assert "calle" not in (tmp_path / "data" / "train.jsonl").read_text()


def test_a_guest_whose_songs_are_in_another_split_is_left_out(tmp_path):
    songs = by_artists(30)
    splitter = Splitter(1, 0.15, 0.15, frozenset(artist_key(each.artist) for each in songs))
    train, test = (
        next(s.artist for s in songs if splitter.of_song(s.artist, "") is split)
        for split in (Split.TRAIN, Split.TEST)
    )
    own, guest = ([f"I tell {name} about the {end}" for end in ("hill", "mill", "sea", "tree")]
                  for name in ("nobody", "everybody"))  # fmt: skip
    text = "\n".join([f"[Verse 1: {train}]", *own, f"[Verse 2: {test}]", *guest])
    shared = replace(song(train, "Together"), text=text)

    account = prepare([*songs, shared], tmp_path / "data", VERSES_ALONE)

    written = (tmp_path / "data" / "train.jsonl").read_text()
    assert "tell nobody" in written
    assert "tell everybody" not in written
    assert account["found"]["stanzas of guests of another split"] == 1


def test_strong_language_is_left_out_where_it_is_not_wanted(tmp_path):
    strong = song(
        "Rude", "Rude", [*LINES[:3], "And every fucking promise that it keeps"], LINES[20:28]
    )
    settings = PrepareSettings(sounds=0, valid=0, test=0, language="clean")

    account = prepare([strong], tmp_path / "data", settings)

    assert account["found"]["verses with strong language"] == 1
    assert all(is_clean(text_of(row)) for row in rows(tmp_path / "data", "train"))


def test_sounds_can_be_taught_alone(tmp_path):
    settings = PrepareSettings(sounds=30, mix=Mix.from_words(["g2p", "p2g=0.5"]))
    account = prepare(our_songs()[:20], tmp_path / "data", settings)

    counts = {task: sum(n.values()) for task, n in account["lessons"].items()}
    assert set(counts) == {"g2p", "p2g"}
    assert abs(counts["g2p"] - 30) <= 2
    assert abs(counts["p2g"] - 15) <= 2


def test_the_same_songs_give_the_same_bytes_whatever_the_number_of_workers(tmp_path):
    songs = list(shared_lines(10))
    for workers in (1, 2):
        prepare(songs, tmp_path / str(workers), replace(VERSES_ALONE, sounds=20), workers)

    for name in FILES:
        one, two = ((tmp_path / str(n) / name).read_bytes() for n in (1, 2))
        assert one == two, name


def test_a_run_that_fails_leaves_what_there_was(tmp_path):
    prepare(FEW, tmp_path / "data", VERSES_ALONE)
    before = (tmp_path / "data" / "data.json").read_bytes()

    def torn():
        yield from FEW
        raise SongsUnreadable("Line 21 is no song.")

    with pytest.raises(SongsUnreadable):
        prepare(torn(), tmp_path / "data", VERSES_ALONE)

    assert [path.name for path in tmp_path.iterdir()] == ["data"]
    assert (tmp_path / "data" / "data.json").read_bytes() == before


def test_an_earlier_folder_of_ours_is_replaced(tmp_path):
    prepare(FEW, tmp_path / "data", VERSES_ALONE)
    prepare(FEW[:15], tmp_path / "data", VERSES_ALONE)

    assert told(tmp_path / "data")["songs"]["read"] == 15
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (("notes.txt",), "has 'notes.txt' in it, so it is no folder of prepared data"),
        (("train.jsonl",), "has no data.json of ours"),
    ],
)
def test_a_folder_of_somebody_else_is_left_alone(tmp_path, names, message):
    out = tmp_path / "data"
    out.mkdir()
    for name in names:
        (out / name).write_text("mine")

    with pytest.raises(FolderRefused, match=message):
        prepare(FEW, out, VERSES_ALONE)

    assert {path.name for path in out.iterdir()} == set(names)


def test_what_a_killed_run_left_is_cleared_and_what_is_not_ours_is_not(tmp_path):
    unfinished = tmp_path / "data.unfinished"
    unfinished.mkdir()
    (unfinished / "songs.staged").write_text("torn")
    (unfinished / "fingerprints.unsorted").write_text("torn")
    prepare(FEW, tmp_path / "data", VERSES_ALONE)
    assert not unfinished.exists()

    unfinished.mkdir()
    (unfinished / "notes.txt").write_text("mine")
    with pytest.raises(FolderRefused, match="'notes.txt' in it is not ours"):
        prepare(FEW, tmp_path / "data", VERSES_ALONE)
    assert (unfinished / "notes.txt").read_text() == "mine"


@pytest.mark.parametrize(
    ("songs", "settings", "message"),
    [
        ([], VERSES_ALONE, "No verse came of 0 songs. Give songs in English"),
        ([song("A", "B", ["One line", "Two lines"])], VERSES_ALONE, "1 no verse of 4 bars"),
        (
            our_songs()[:1],
            PrepareSettings(sounds=0, valid=0.4, test=0.4),
            "All verses of 1 songs are",
        ),
    ],
)
def test_where_nothing_is_to_be_taught_nothing_is_written(tmp_path, songs, settings, message):
    with pytest.raises(NothingToTeach, match=message):
        prepare(songs, tmp_path / "data", settings)

    assert list(tmp_path.iterdir()) == []


def test_settings_that_cannot_be_are_refused_with_every_reason():
    with pytest.raises(PrepareSettingsWrong) as refused:
        PrepareSettings(seed=-1, sounds=-1, language="some", valid=0.5, test=-0.1)

    for flag in (
        "--seed is -1",
        "--sounds is -1",
        "--language is some",
        "--valid is 0.5",
        "--test",
    ):
        assert flag in str(refused.value)
