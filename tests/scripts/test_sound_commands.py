"""The commands that hear: what they print, and what they say to what cannot be heard."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
VERSE = "I hold the plan\nI am the man\n\nthe city light\na pretty night\n"
STANZA = "POEM0 plan light man night\n1 2 1 2\n1 2 1 2\n"


def run(name, *arguments, given=""):
    return subprocess.run(
        [sys.executable, "-m", f"scripts.{name}", *map(str, arguments)],
        cwd=ROOT,
        input=given.encode(),
        capture_output=True,
        timeout=60,
    )


def said(told):
    assert told.returncode == 0, told.stderr.decode()
    return told.stdout.decode()


def test_a_song_is_shown_with_letters_and_figures():
    told = said(run("analyse_verse", "-", "--deals", 5, given=VERSE))

    assert [line.split()[0] for line in told.splitlines()[:5] if line] == ["A", "A", "A", "A"]
    assert "raplyzer density" in told


def test_a_song_is_told_as_json():
    told = json.loads(said(run("analyse_verse", "-", "--json", "--deals", 5, given=VERSE)))

    assert [stanza["scheme"] for stanza in told["stanzas"]] == ["AA", "AA"]
    assert told["stanzas"][0]["lines"][1]["rhyme"]["kind"] == "perfect"
    assert set(told["scores"]["perfect"]) >= {"value", "low", "high", "chance"}


def test_pictures_are_written_whole(tmp_path):
    page, drawing = tmp_path / "verse.html", tmp_path / "verse.svg"

    said(run("analyse_verse", "-", "--html", page, "--svg", drawing, given=VERSE))

    assert page.read_text().endswith("</html>\n")
    assert drawing.read_text().endswith("</svg>\n")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["verse.html", "verse.svg"]


@pytest.mark.parametrize("given", ["", "привет мир\n", "😀", "?!"])
def test_a_text_without_english_words_is_a_sentence(given):
    told = run("analyse_verse", "-", given=given)

    assert told.returncode == 1
    assert told.stderr.decode().startswith("There is no English word in the text")


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (("analyse_verse", "nothing.txt"), "nothing.txt cannot be read"),
        (("analyse_verse", "README.md", "--scheme", "A1"), "must be of 1 to 16 letters"),
        (("analyse_verse", "README.md", "--svg", "no/such/folder.svg"), "cannot be written"),
        (("find_rhymes", "мир"), "Give an English word"),
        (("find_rhymes", "plan", "--stress", "up"), "must have the digits 0 and 1"),
        (("find_rhymes", "plan", "--limit", "0"), "must be 1 or more"),
        (("pronounce", "мир"), "Give words, numbers or initials"),
        (("score_rhymes", "nothing.pgold"), "nothing.pgold cannot be read"),
        (("score_rhymes", "README.md"), "is not in the gold format"),
    ],
)
def test_what_cannot_be_done_is_a_sentence(command, words):
    told = run(*command)

    assert told.returncode == 1
    assert words in told.stderr.decode()
    assert "Traceback" not in told.stderr.decode()


def test_rhymes_are_found_for_a_word():
    found = json.loads(said(run("find_rhymes", "city", "--json", "--limit", 5)))

    assert found[0]["word"] == "pretty"
    assert {each["distance"] for each in found} == {0.0}
    assert "pretty" in said(run("find_rhymes", "city"))
    assert "Nothing rhymes with" in said(run("find_rhymes", "orange", "--perfect"))


def test_a_text_is_pronounced_with_its_sources():
    told = json.loads(said(run("pronounce", "24/7", "skrrt", "--json")))

    assert [word["word"] for word in told[0]["words"]] == ["twenty", "four", "seven"]
    assert told[1]["words"][0]["pronunciations"] == ["S K ER1 T"]
    assert "[lexicon, 1.00]" in said(run("pronounce", "skrrt"))


def test_marked_verse_is_scored(tmp_path):
    (tmp_path / "marked.pgold").write_text(STANZA)

    told = json.loads(said(run("score_rhymes", tmp_path / "marked.pgold", "--json")))

    assert told["files"][0]["any"]["f1"] == 1.0
    assert told["mean"]["exact"] == 1.0
    assert "perfect" in told["any_counts"]
    assert "Kinds that count: perfect" in said(run("score_rhymes", tmp_path / "marked.pgold"))
