import json
from collections import Counter

import pytest

from bars.prompt import LessonBar
from training_job.lessons import Mix, MixWrong, held_out_row, lesson_row, verse_lessons
from training_job.verses import Verse

VERSE = Verse(
    "The night bus",
    (
        LessonBar("A", 10, "hill", "The last bus home is coughing up the hill"),
        LessonBar("A", 10, "still", "My notebook shakes but every line sits still"),
        LessonBar(None, 9, "sleeps", "I write the city down as it sleeps"),
        LessonBar(None, 10, "dark", "And every headlamp pushes at the dark"),
    ),
)


def lessons(mix=None, count=1, verse=VERSE):
    return [each for key in range(count) for each in verse_lessons(verse, mix or Mix(), key)]


def test_a_verse_is_taught_with_and_without_its_end_words():
    plain, words = lessons()

    assert plain.task == "verse"
    assert "\nA 10\nMy notebook" in plain.text
    assert "\n- 9\nI write" in plain.text
    assert words.task == "rhyme word first"
    assert "\nA 10: hill still\nMy notebook" in words.text
    assert "\n- 9 sleeps\nI write" in words.text


def test_half_the_verses_are_taught_from_their_topic_and_half_from_1_to_4_bars():
    told = Counter(
        lesson.prompt.count("\n") // 2 for lesson in lessons(Mix.from_words(["verse"]), 2000)
    )

    assert abs(told[1] - 1000) < 100  # heading and first plan
    assert set(told) == {1, 2, 3, 4}  # a bar is always left to learn
    assert max(told[n] for n in (2, 3, 4)) - min(told[n] for n in (2, 3, 4)) < 120


def test_a_lesson_from_a_topic_names_it_and_half_of_those_from_an_opening_too():
    made = lessons(Mix.from_words(["rhyme-word-first"]), 1000)
    from_topic = [lesson.prompt for lesson in made if lesson.prompt.count("\n") == 1]
    opened = [lesson.prompt for lesson in made if lesson.prompt.count("\n") > 1]
    named = [prompt for prompt in opened if prompt.startswith("# The night bus | AAB\n")]

    assert all(prompt == "# The night bus | AAB\nA 10" for prompt in from_topic)
    assert abs(len(named) - len(opened) / 2) < 50
    assert all(p.startswith("# Freestyle | AAB\n") for p in opened if p not in named)


def test_a_verse_without_topic_is_taught_from_an_opening():
    untitled = Verse("", VERSE.bars)

    assert all(lesson.prompt.count("\n") > 2 for lesson in lessons(count=50, verse=untitled))


def test_lessons_are_the_same_for_the_same_key():
    assert lessons(count=20) == lessons(count=20)


@pytest.mark.parametrize(
    ("words", "tasks"),
    [
        (["verse"], {"verse": 400}),
        (["rhyme-word-first"], {"rhyme word first": 400}),
        (["verse", "rhyme-word-first"], {"verse": 400, "rhyme word first": 400}),
        (["verse=0.5", "g2p"], {"verse": 200}),
        (["g2p", "p2g", "rhyme"], {}),
    ],
)
def test_a_mix_chooses_the_tasks(words, tasks):
    counts = Counter(lesson.task for lesson in lessons(Mix.from_words(words), 400))

    assert set(counts) == set(tasks)
    assert all(abs(counts[task] - count) < 40 for task, count in tasks.items())


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["verses"], "'verses' is no task; write one of verse, rhyme-word-first, g2p, p2g, rhyme"),
        (["verse=much"], "'verse=much' is no task"),
        (["verse=2"], "The share of verse is 2; it must be from 0 to 1."),
        (["g2p=-1", "rhyme-word-first=nan"], "The share of rhyme-word-first is nan; .*g2p is -1"),
        (["verse=0"], "Every task has the share 0; name at least one task."),
        (["x", "y"], "'x' is no task.*'y' is no task"),
    ],
)
def test_a_mix_that_cannot_be_is_refused_with_every_reason(words, message):
    with pytest.raises(MixWrong, match=message):
        Mix.from_words(words)


def test_a_lesson_is_written_with_its_parts_and_where_it_comes_from():
    row = json.loads(lesson_row(lessons()[0], "Deep Hop", "The night bus"))

    assert set(row) == {"task", "parts", "artist", "title"}
    assert "".join(text for text, _ in row["parts"]) == lessons()[0].text
    assert {learned for _, learned in row["parts"]} == {0, 1}


def test_a_verse_that_is_held_out_is_written_whole():
    assert json.loads(held_out_row(VERSE, "Deep Hop", "Night Bus (Live)")) == {
        "artist": "Deep Hop",
        "title": "Night Bus (Live)",
        "topic": "The night bus",
        "scheme": "AAB",
        "letters": ["A", "A", None, None],
        "bars": [bar.text for bar in VERSE.bars],
    }
