import json

import pytest

from bars.plan import plan_verse
from bars.prompt import planned_word, render_planned, render_prompt
from bars.rhyme import rhymes_strictly
from tests.training_job.evaluation_world import OPENING, prompt
from training_job.figures import Way
from training_job.generation import Line
from training_job.verse_prompts import PromptsUnusable, held_out_openings, openings_of, our_openings
from training_job.verse_talks import told_word, verse_talk


def conversation(way, lines):
    """What a model is told when it answers with these lines."""
    talk, told = verse_talk(prompt(), way, seed=1, sample=0), []
    turn = next(talk)
    for line in lines:
        told.append(turn.told)
        try:
            turn = talk.send(Line(line, True))
        except StopIteration as end:
            return told, end.value
    raise AssertionError("The talk goes on.")


BARS = ["It gave some light", "And then it rained", "And I remained"]


def test_plain_plans_end_where_their_end_word_would_begin():
    told, verse = conversation(Way.PLAIN, BARS)

    opening = render_planned(prompt().request, [OPENING], words=False)
    assert told == [opening + "\n", "B 8\n", "B 8\n"]
    assert [bar.text for bar in verse.bars] == BARS
    assert opening.endswith(f"A 8\n{OPENING}\nA 8")


def test_an_asked_model_proposes_each_end_word():
    told, verse = conversation(Way.ASKED, [" light", BARS[0], " rained", BARS[1], "", BARS[2]])

    assert told == [
        render_planned(prompt().request, [OPENING], words=True), "", "B 8", "", "B 8: rained", "",
    ]  # fmt: skip
    assert [bar.word for bar in verse.bars] == ["light", "rained", ""]
    assert not any(bar.told for bar in verse.bars)


def test_a_told_model_is_given_words_where_a_rhyme_is_due():
    told, verse = conversation(Way.TOLD, [BARS[0], " rained", BARS[1], BARS[2]])

    first, second, third = verse.bars
    assert (first.told, second.told, third.told) == (True, False, True)
    assert rhymes_strictly("night", first.word) and rhymes_strictly("rained", third.word)
    assert told[0].endswith(f"A 8: night{planned_word(first.word)}")
    assert told[3] == f"B 8: rained{planned_word(third.word)}"


def test_few_shot_bars_follow_one_another():
    told, verse = conversation(Way.FEW_SHOT, BARS)

    assert told == [render_prompt(prompt().request, [OPENING]), "", ""]


@pytest.mark.parametrize("key", range(20))
def test_a_told_word_is_new_and_rhymes(key):
    plan = plan_verse(prompt(scheme="AAAA").request)[2]
    lines = ["I wrote this at night", "And then the light"]

    word = told_word(plan, lines, key)

    assert word == told_word(plan, lines, key)
    assert rhymes_strictly("light", word) and word not in {"night", "light", "knight", "lite"}


def test_what_has_no_rhyme_gets_no_word():
    plan = plan_verse(prompt().request)[1]

    assert told_word(plan, ["A box of month"], 1) == told_word(plan, ["?!"], 1) == ""


def test_our_openings_are_24_of_several_lengths():
    openings = list(our_openings())

    assert len({each.name for each in openings}) == 24
    assert {each.request.scheme for each in openings} == {"AABB", "ABAB", "AAAA"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "has no opening bar"),
        ("Rain | " + "x" * 121, "Line 1 of .*at most 120 characters"),
        ("Fine bar\n?!", "Line 2 of .*at least one word"),
        ("мир", "Latin script"),
    ],
)
def test_openings_that_cannot_be_asked_are_named(tmp_path, text, words):
    (tmp_path / "openings.txt").write_text(text)

    with pytest.raises(PromptsUnusable, match=words):
        list(openings_of(tmp_path / "openings.txt"))


def test_held_out_verses_open_one_verse_a_song_before_a_second_one(tmp_path):
    rows = [
        {"artist": "we", "title": f"Song {n % 3}", "topic": "t", "bars": [f"Bar number {n}"]}
        for n in range(30)
    ]
    path = tmp_path / "held_out.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))

    chosen = [int(p.request.opening[0].split()[-1]) for p in held_out_openings(path, 7, seed=1)]

    assert len(set(chosen)) == 7
    assert {n % 3 for n in chosen[:3]} == {0, 1, 2}
    assert chosen == [int(p.request.opening[0].split()[-1]) for p in held_out_openings(path, 7, 1)]
