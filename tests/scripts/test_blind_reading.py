"""Sheets that do not tell whose verses they hold, and the key that does."""

import json

import pytest

from scripts.blind_reading import main, readable, sheet

SERVED = [
    {
        "request": {"topic": "rain", "bars": 4, "scheme": scheme, "seed": seed},
        "bars": [{"text": f"Bar {bar} of {seed}"} for bar in range(8)],
    }
    for seed, scheme in enumerate(["AABB", "free", "ABAB", "AABB", "ABCB"])
]


def test_verses_that_rhyme_are_read_and_evenly_taken():
    chosen = readable(SERVED, 2)
    assert [request.seed for request in chosen] == [0, 3]
    assert [len(bars) for _, bars in chosen.values()] == [6, 6]


def test_too_few_verses_are_refused():
    with pytest.raises(ValueError, match="4 verses can be read, not 5"):
        readable(SERVED, 5)


def test_a_sheet_says_nothing_of_origins():
    told = sheet([("written", ["It rains"]), ("bare", ["It pours"])])
    assert "It rains" in told
    assert "written" not in told.split("## 1")[1]
    assert "bare" not in told.split("## 1")[1]


@pytest.fixture
def key(tmp_path):
    path = tmp_path / "key.json"
    path.write_text(json.dumps({1: "written", 2: "written", 3: "bare", 4: "bare"}))
    return path


def marks(folder, text):
    path = folder / "marks.csv"
    path.write_text("number,sense,flow,rhyme,cliche\n" + text)
    return path


def test_marks_are_told_by_origin(key, tmp_path, capsys):
    given = marks(tmp_path, "1,4,4,5,3\n2,2,4,5,3\n3,1,1,1,1\n4,1,1,1,3\n")

    main(["tally", "--key", str(key), str(given)])

    bare, written = capsys.readouterr().out.splitlines()[1:]
    assert " ".join(bare.split()) == "bare 1.00 ±0.00 1.00 ±0.00 1.00 ±0.00 2.00 ±1.00 2"
    assert written.split()[1:3] == ["3.00", "±1.00"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1,4,4,5,3\n", "verse 2 has no marks, nor have 2 others"),
        ("1,4,4,5,9\n", "verse 1: a mark is '9', not a number from 1 to 5"),
    ],
)
def test_marks_that_are_no_marks_are_refused(key, tmp_path, text, said):
    with pytest.raises(SystemExit, match=said):
        main(["tally", "--key", str(key), str(marks(tmp_path, text))])
