import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bars.fingerprints import RUN, Fingerprints, FingerprintsUnreadable, run_hashes, run_words
from training_job.fingerprint_file import FingerprintFile

SEEN = "The last bus home is coughing up the hill\nMy notebook shakes but every line sits still"


@pytest.fixture
def seen(tmp_path):
    return written(tmp_path / "fingerprints", SEEN)


def written(path, *texts):
    with FingerprintFile(path) as file:
        for text in texts:
            file.add(text)
    return Fingerprints.load(path)


@pytest.mark.parametrize(
    ("text", "copied"),
    [
        ("the last bus home is coughing up the", ["the last bus home is coughing up the"]),
        ("We saw: THE LAST bus home, is coughin... the last bus home is coughing up", []),
        (
            "So “The LAST bus home is coughing up the hill!” she said",
            ["the last bus home is coughing up the hill"],
        ),
        (
            "coughing up the hill / My nótebook shakes but every line",
            ["coughing up the hill my notebook shakes but every line"],
        ),
        (
            "bus home is coughing up the hill my van, my notebook shakes but every line sits still",
            ["bus home is coughing up the hill my", "my notebook shakes but every line sits still"],
        ),
        ("bus last the home is coughing up the hill", []),
        ("the last bus home is coughing up", []),
        ("", []),
    ],
)
def test_runs_of_eight_words_are_recognised_as_long_as_they_go_on(seen, text, copied):
    assert seen.copied(text) == copied


def test_no_run_spans_two_texts(tmp_path):
    known = written(tmp_path / "fingerprints", "one two three four", "five six seven eight")

    assert len(known) == 0
    assert known.copied("one two three four five six seven eight") == []


def test_a_run_that_comes_twice_is_kept_once(tmp_path):
    assert len(written(tmp_path / "fingerprints", SEEN, SEEN)) == len(run_words(SEEN)) - RUN + 1


def test_case_marks_and_punctuation_do_not_tell_words_apart():
    assert run_words("Don't—STOP, naïve ‘til 24/7!") == ["dont", "stop", "naive", "til", "24", "7"]


@given(st.lists(st.text("abc", min_size=1, max_size=2), max_size=30))
def test_every_run_of_a_text_is_on_file_and_nothing_else(words):
    numbers = sorted(set(run_hashes(words)))
    known = Fingerprints([0, 0, *numbers])

    assert known.copied_at(words) == list(range(max(0, len(words) - RUN + 1)))
    assert known.copied_at([word.upper() for word in words]) == []


@pytest.mark.parametrize(
    "content", [b"", b"hello", b"x" * 16, b"hoprun01" + bytes([2] + [0] * 7), b"hoprun01" * 3]
)
def test_another_file_is_refused_in_a_sentence(tmp_path, content):
    (tmp_path / "fingerprints").write_bytes(content)

    with pytest.raises(FingerprintsUnreadable, match="no list of fingerprints.*Prepare the data"):
        Fingerprints.load(tmp_path / "fingerprints")


def test_a_file_that_is_not_there_is_refused_in_a_sentence(tmp_path):
    with pytest.raises(FingerprintsUnreadable, match="cannot be read: No such file"):
        Fingerprints.load(tmp_path / "fingerprints")


def test_nothing_is_left_behind_by_writing(tmp_path):
    written(tmp_path / "fingerprints", SEEN)

    assert [path.name for path in tmp_path.iterdir()] == ["fingerprints"]


def test_reading_needs_no_numpy():
    code = "import sys, bars.fingerprints; sys.exit('numpy' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
