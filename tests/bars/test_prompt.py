import pytest

from bars.meter import syllables
from bars.prompt import (
    LessonBar,
    examples,
    g2p_lesson,
    p2g_lesson,
    plan_lesson,
    render_planned,
    render_prompt,
    render_request,
    render_shared,
    rhyme_lesson,
    verse_lesson,
)
from bars.rhyme import rhyme
from bars.rhyme_rules import RhymeKind
from bars.scheme import letters
from bars.text import last_word
from bars.verse import VerseRequest

REQUEST = VerseRequest(topic="The harbor", opening=("The harbor lights go out at four",))


@pytest.mark.parametrize("example", examples(), ids=lambda e: e.topic)
def test_our_examples_rhyme_perfectly_as_their_scheme_says(example):
    given = letters(example.scheme, len(example.bars))
    ends = [last_word(bar) for bar in example.bars]
    pairs = [
        (ends[i], ends[j])
        for i in range(len(ends))
        for j in range(i + 1, len(ends))
        if given[i] and given[i] == given[j]
    ]

    assert pairs
    assert {pair: rhyme(*pair).kind for pair in pairs} == dict.fromkeys(pairs, RhymeKind.PERFECT)


@pytest.mark.parametrize("example", examples(), ids=lambda e: e.topic)
def test_our_examples_keep_ten_syllables(example):
    assert all(syllables(bar).nearest(10) in {10, 11} for bar in example.bars)


def test_examples_have_no_final_punctuation_so_that_a_bar_ends_in_one_line_end():
    assert all(bar[-1].isalpha() for example in examples() for bar in example.bars)


@pytest.mark.parametrize("scheme", ["AABB", "ABAB", "AAAA", "ABBA"])
def test_a_scheme_is_shown_by_its_own_examples(scheme):
    shown = render_shared(scheme)

    assert all((e.topic in shown) == (e.scheme == scheme) for e in examples())


def test_an_unusual_scheme_is_shown_by_couplets():
    assert render_shared("ABCABC") == render_shared("AABB")


def test_a_prompt_is_its_shared_part_then_the_topic_and_the_bars_so_far():
    prompt = render_prompt(REQUEST, REQUEST.opening)

    assert prompt == render_shared("AABB") + render_request(REQUEST, REQUEST.opening)
    assert prompt.endswith("# The harbor\nThe harbor lights go out at four\n")


def test_a_prompt_never_ends_in_a_space():
    assert not render_prompt(REQUEST, ()).endswith(" ")


def test_a_verse_without_topic_is_a_freestyle():
    assert render_request(VerseRequest(opening=("one",)), ()) == "# Freestyle\n"


PLANNED = VerseRequest(
    topic="The harbor", opening=("The harbor lights go out at four",), bars=3, scheme="AAB",
    syllables=8,
)  # fmt: skip


def test_version_2_tells_each_bar_after_its_plan_and_ends_with_the_next_plan():
    assert render_planned(PLANNED, PLANNED.opening, words=True) == (
        "# The harbor | AABB\nA 8 four\nThe harbor lights go out at four\nA 8: four"
    )


def test_a_plan_names_the_last_word_of_its_letter_so_far():
    request = VerseRequest(topic="days", scheme="ABAB", bars=4, syllables=8)

    prompt = render_planned(request, ("One day", "A hill", "They say"), words=True)

    assert prompt.endswith("A 2 day\nOne day\nB 2 hill\nA hill\nA 2: day say\nThey say\nB 8: hill")


def test_where_nothing_can_be_heard_no_word_is_named():
    request = VerseRequest(topic="days", scheme="AA", bars=2, syllables=8)

    assert render_planned(request, ("?!",), words=True).endswith("\n?!\nA 8")


def test_version_2_without_end_words_leaves_them_to_the_model():
    prompt = render_planned(PLANNED, PLANNED.opening, words=False)

    assert prompt == "# The harbor | AABB\nA 8\nThe harbor lights go out at four\nA 8"


def test_a_free_bar_has_no_letter_and_the_usual_count():
    request = VerseRequest(topic="rain", scheme="free", bars=2)

    assert render_planned(request, (), words=True) == "# rain | free\n- 10"


def test_after_the_last_bar_no_plan_follows():
    assert render_planned(PLANNED, ("one", "two", "three"), words=False).endswith("three\n")


BARS = [
    LessonBar("A", 4, "hill", "We climb the hill"),
    LessonBar("A", 4, "still", "And sit there still"),
]


def test_a_verse_lesson_teaches_end_words_and_bars_and_tells_letters_and_counts():
    lesson = verse_lesson("Hills", BARS, opening=0)

    assert [(p.text, p.learned) for p in lesson.parts] == [
        ("# Hills | AABB\nA 4", False),
        (" hill\nWe climb the hill\n", True),
        ("A 4: hill", False),
        (" still\nAnd sit there still\n", True),
    ]
    assert lesson.task == "rhyme word first"


def test_an_opening_is_told():
    lesson = verse_lesson("", BARS, opening=1)

    assert lesson.prompt == "# Freestyle | AABB\nA 4 hill\nWe climb the hill\nA 4: hill"
    assert lesson.parts[-1].text == " still\nAnd sit there still\n"


def test_training_and_serving_render_the_same_prompt():
    request = VerseRequest(topic="Hills", opening=("We climb the hill",), bars=2, scheme="AA",
                           syllables=4)  # fmt: skip

    lesson = verse_lesson("Hills", BARS, opening=1)

    assert lesson.prompt == render_planned(request, request.opening, words=True)


def test_letters_are_named_in_the_order_in_which_they_come():
    request = VerseRequest(topic="rain", scheme="ABCB", bars=4)

    assert render_planned(request, ("one", "two", "three"), words=False) == (
        "# rain | ABCB\n- 1\none\nA 1\ntwo\n- 1\nthree\nA 10"
    )


def test_sounds_are_asked_in_both_directions_with_stress():
    lesson = g2p_lesson("my name", [("M", "AY1"), ("N", "EY1", "M")])

    assert lesson.text == "Say: my name\nM AY1 | N EY1 M\n"
    assert p2g_lesson("name", [("N", "EY1", "M")]).text == "Spell: N EY1 M\nname\n"


def test_rhymes_follow_with_a_space_before_each_as_end_words_of_plans_do():
    lesson = rhyme_lesson("name", ["flame", "game"])

    assert (lesson.prompt, lesson.text) == ("Rhyme: name", "Rhyme: name flame game\n")


def test_a_plan_without_bars_tells_letters_and_counts_and_teaches_end_words():
    lesson = plan_lesson("ABAB", [8, 9, 8, 9], ["hill", "day", "still", "say"])

    assert lesson.text == "# Rhymes | ABAB\nA 8 hill\nB 9 day\nA 8: hill still\nB 9: day say\n"
    assert [part.text for part in lesson.parts if part.learned] == [
        " hill\n", " day\n", " still\n", " say\n",
    ]  # fmt: skip


def test_a_bar_before_a_kept_one_names_its_end_word_to_rhyme_with():
    keep = {"1": "I walk into the light"}
    request = VerseRequest.from_json({"topic": "t", "bars": 2, "scheme": "AA", "keep": keep})

    assert render_planned(request, (), words=True).endswith("\nA 6: light")
