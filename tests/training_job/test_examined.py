import random

import pytest

from bars.fingerprints import run_words
from bars.sample_verses import sample_verses
from tests.training_job.songs_of_ours import LINES, SPANISH
from training_job.duplicates import Originals, sketch
from training_job.examined import StagedSong, examine
from training_job.language import language_of
from training_job.songs import Song

OTHERS = {
    "es": SPANISH.splitlines()[:2],
    "fr": ["Je marche dans la rue, la nuit est tombée", "La ville m'a toujours inspiré l'idée"],
    "de": ["Ich laufe durch die Straßen in der Nacht", "Und habe an die alten Tage gedacht"],
    "it": ["Cammino per la strada sotto la luna", "Non cerco la gloria, cerco fortuna"],
    "pt": ["Eu ando pela rua quando a noite cai", "Lembrando das palavras do meu pai"],
    "nl": ["Ik loop door de straten in de nacht", "En denk aan wat mij hier heeft gebracht"],
    "pl": ["Idę przez miasto, gdy zapada noc", "W moich słowach wciąż ukryta moc"],
    "tr": ["Gece olunca yürürüm sokaklarda", "Eski günler kaldı hep uzaklarda"],
}


def test_two_of_our_bars_are_always_english():
    pairs = [LINES[start : start + 2] for start in range(0, len(LINES), 2)]

    assert {language_of(pair) for pair in pairs} == {"en"}


@pytest.mark.parametrize("language", OTHERS)
def test_two_bars_of_another_language_are_known(language):
    assert language_of(OTHERS[language]) == language


@pytest.mark.parametrize(
    "lines",
    [
        [
            "Finna slide on the block with the homies, no cap",
            "Ain't nobody hold me, I'm back on the map",
        ],
        ["Yeah, yeah", "La la la"],
        ["I WALK THE STREET AT NIGHT AND LISTEN TO THE RAIN"],
    ],
)
def test_slang_and_interjections_are_no_foreign_language(lines):
    assert language_of(lines) == "en"


def test_a_staged_song_is_read_as_it_was_written():
    found = examine(Song("Ann", "“Way”", "[Verse: Bo]\n" + "\n".join(LINES[:4]), "made up", "1"))

    assert found.song == StagedSong("Ann", '"Way"', "1", (("Bo", tuple(LINES[:4])),))
    assert StagedSong.from_line(found.song.to_line()) == found.song


@pytest.mark.parametrize(
    ("change", "original"),
    [
        (lambda lines: lines, False),
        (lambda lines: [line.upper() + "!" for line in lines], False),
        (lambda lines: [*lines, "One more line that nobody has heard"], False),
        (lambda lines: lines[1:], False),
        (lambda lines: [line.replace("the", "a") for line in lines[:3]] + lines[3:], False),
        (lambda lines: lines[:4], True),  # what it has in common is kept out by its runs of words
        (lambda lines: random.Random(1).sample(LINES, 16), True),
    ],
)
def test_a_song_that_is_nearly_another_is_no_original(change, original):
    originals = Originals()
    for verse in sample_verses():
        assert originals.add(sketch(run_words(" ".join(verse.bars))))

    again = change(list(sample_verses()[3].bars))

    assert originals.add(sketch(run_words(" ".join(again)))) is original
