"""The rhyme detector on marked verse: our own rap pairs, and poems where RHYME_GOLD has them."""

import os
from pathlib import Path

import pytest

from bars.dictionary import look_up, look_up_slang
from bars.ending import part_of
from bars.gold import Counts, GoldUnreadable, mean_of, pairs_of, read_gold, score_gold
from bars.meter import syllables
from bars.pronunciation import hear
from bars.rhyme_scheme import rhymes_here
from bars.verse_sound import hear_stanza

DATA = Path(__file__).parent.parent / "data"
RHYMING = {"perfect", "identical", "homophone", "slant", "mosaic", "multi", "promoted"}
STANZA = "POEM0 plan light man night\n1 2 1 2\n1 2 1 2\n"


def poets(*names):
    folder = Path(os.environ.get("RHYME_GOLD", ""))
    paths = [folder / f"{name}.pgold" for name in names]
    if not os.environ.get("RHYME_GOLD") or not all(path.is_file() for path in paths):
        pytest.skip("RHYME_GOLD names no folder with marked poems")
    texts = (path.read_text(encoding="utf-8", errors="replace") for path in paths)
    return mean_of([score_gold(*read_gold(text), deals=2).to_json() for text in texts])


def test_poets_nearest_to_our_pronunciation_are_heard():
    mean = poets("chesterton", "brooke")

    assert mean["f1"] >= 0.96
    assert mean["exact"] >= 0.87
    assert mean["stanza_f1"] >= 0.97
    assert mean["stanza_exact"] >= 0.92
    assert mean["strong_precision"] >= 0.97
    assert mean["chance"] < 0.1


def test_poets_kept_aside_are_heard_as_well():
    mean = poets("byron", "shelley", "wordsworth")

    assert mean["f1"] >= 0.95
    assert mean["stanza_f1"] >= 0.98


def test_rap_is_heard_as_a_listener_labelled_it():
    lines = (DATA / "rap_pairs.tsv").read_text(encoding="utf-8").splitlines()
    pairs = [line.split("\t") for line in lines if not line.startswith("#")]
    marked = {i: label in RHYMING for i, (_, _, label, _) in enumerate(pairs)}
    heard = {i: rhymes_here(first, second) for i, (first, second, *_) in enumerate(pairs)}
    counts = Counts()
    counts.add(
        {(i, 0) for i, rhymes in heard.items() if rhymes},
        {(i, 0) for i, rhymes in marked.items() if rhymes},
    )

    assert len(pairs) >= 400
    assert sum(level == "hard" for *_, level in pairs) >= len(pairs) / 2
    assert counts.f1 >= 0.95


def test_rap_verses_have_the_schemes_and_syllables_that_a_listener_wrote_down():
    blocks = (DATA / "rap_verses.txt").read_text(encoding="utf-8").split("\n\n")
    verses = [block.splitlines() for block in blocks if block.startswith("verse")]
    counts, lines, counted = Counts(), 0, 0
    for _, *rows in verses:
        letters, syllables_heard, texts = zip(*(row.split("\t") for row in rows), strict=True)
        marked = [letter if letter != "x" else f"x{i}" for i, letter in enumerate(letters)]
        heard = [line.letter or f"x{i}" for i, line in enumerate(hear_stanza(texts).lines)]
        counts.add(pairs_of(heard), pairs_of(marked))
        lines += len(texts)
        pairs = zip(syllables_heard, texts, strict=True)
        counted += sum(int(count) in syllables(text) for count, text in pairs)

    assert len(verses) >= 60
    assert counts.f1 >= 0.95
    assert lines >= 100
    assert counted / lines >= 0.99


def test_inflections_of_our_lexicon_are_heard_though_it_does_not_list_them():
    lines = (DATA / "inflections.tsv").read_text(encoding="utf-8").splitlines()
    words = dict(line.split("\t") for line in lines if not line.startswith("#"))
    heard = {word: hear(word).pronunciations for word in words}
    right = sum(
        bool(heard[word]) and part_of(heard[word][0]) == part_of(tuple(spoken.split()))
        for word, spoken in words.items()
    )

    assert len(words) >= 200
    assert not any(look_up(word) or look_up_slang(word) for word in words)
    assert right / len(words) >= 0.95


def test_a_perfect_answer_scores_one():
    told = score_gold(*read_gold(STANZA), deals=1).to_json()

    assert told["any"] == {"precision": 1.0, "recall": 1.0, "f1": 1.0}
    assert told["kinds"] == {"perfect": {"share": 1.0, "precision": 1.0}}
    assert (told["exact"], told["stanza"]) == (1.0, {"f1": 1.0, "exact": 1.0})


def test_an_empty_file_has_no_figures():
    told = score_gold(*read_gold("")).to_json()

    assert (told["pairs"], told["any"]["f1"], told["chance"]) == (0, None, None)


def test_a_stanza_whose_words_and_scheme_differ_in_length_is_counted_and_left_out():
    assert read_gold("POEM0 plan man\n1\n1\n\n" + STANZA)[1] == 1


@pytest.mark.parametrize("text", ["a song\nof mine", "POEM0 plan man", "POEM0 plan man\nA A\nA A"])
def test_another_format_is_told_with_its_place(text):
    with pytest.raises(GoldUnreadable, match="tanza 1"):
        read_gold(text)
