"""What a verse keeps to, whatever the model's weights are."""

from functools import partial

import pytest
import torch

from bars.meter import syllables
from bars.rhyme import rhyme
from bars.rhyme_rules import RhymeKind
from bars.text import last_word, words_of
from bars.verse import VerseRequest
from inference.drafting import Drafter, Wish
from inference.loading import load_writer
from inference.rhyme_class import RhymeClasses, may_open_rhyme
from inference.settings import ServeSettings
from inference.vocabulary import Vocabulary, is_word
from tests.inference.tiny_model import make_model_dir

OPENING = "The last bus home is coughing up the hill"


SPOKEN_TO = {
    "few-shot": (1, None),
    "planned": (2, {"verse": 1.0}),
    "planned with end words": (2, {"rhyme word first": 0.5, "g2p": 0.5}),
}


@pytest.fixture(scope="module", params=SPOKEN_TO)
def writer(request, tmp_path_factory):
    """A writer for each way in which a model may have to be spoken to."""
    version, tasks = SPOKEN_TO[request.param]
    folder = tmp_path_factory.mktemp("model")
    make_model_dir(folder, prompt_version=version, tasks=tasks)
    return load_writer(ServeSettings(folder, rows=6, threads=1))


def begin(writer, tell, **wish):
    body = {"opening": [OPENING], "bars": 4, "scheme": "AABB", "seed": 1} | wish
    return writer.write(VerseRequest.from_json(body), "r", tell)


def verse(writer, **wish):
    told = []
    writer.engine.run(begin(writer, told.append, **wish))
    return told


def bars_of(told):
    return [event for event in told if event.event == "bar"]


def test_events_come_in_their_order(writer):
    told = verse(writer)

    assert (told[0].event, told[-1].event) == ("start", "verse")
    assert [bar.index for bar in bars_of(told)] == [0, 1, 2, 3]
    assert (bars_of(told)[0].text, bars_of(told)[0].attempts) == (OPENING, 0)
    assert all(bar.attempts > 0 for bar in bars_of(told)[1:])


@pytest.mark.parametrize("seed", range(3))
def test_what_can_rhyme_rhymes_perfectly_and_keeps_its_count(writer, seed):
    bars = bars_of(verse(writer, seed=seed))

    assert rhyme(last_word(OPENING), last_word(bars[1].text)).kind is RhymeKind.PERFECT
    assert abs(syllables(bars[1].text).nearest(10) - 10) <= 3


def test_every_word_can_be_heard(writer):
    bars = bars_of(verse(writer, bars=6))

    assert all(is_word(word) for bar in bars[1:] for word in words_of(bar.text))
    assert all(bar.text[0].isupper() and bar.text[-1].isalpha() for bar in bars[1:])


def test_no_bar_is_written_twice(writer):
    texts = [bar.text for bar in bars_of(verse(writer, bars=8, scheme="AAAA"))]

    assert len(set(texts)) == len(texts)


def test_previews_are_whole_words(writer):
    told = [event for event in verse(writer) if event.event == "token"]

    assert told
    assert all(event.text.endswith(" ") and is_word(event.text.strip(" ,")) for event in told)


def test_a_seed_makes_the_same_verse_again_and_another_seed_another(writer):
    def texts(seed):
        return [bar.text for bar in bars_of(verse(writer, seed=seed))]

    assert texts(5) == texts(5) != texts(6)


def test_without_a_seed_one_is_drawn_and_told(writer):
    first, second = (verse(writer, seed=None, bars=2)[0].seed for _ in range(2))

    assert first != second


@pytest.mark.parametrize("wish", [{"temperature": 2}, {"temperature": 0.1}, {"top_p": 0.01}])
def test_the_ends_of_each_range_write_a_verse(writer, wish):
    assert len(bars_of(verse(writer, **wish))) == 4


@pytest.mark.parametrize("opening", ["Peel me an orange", "Zxqv brrt", "Señor"])
def test_an_end_that_nothing_rhymes_with_still_gets_a_verse(writer, opening):
    bars = bars_of(verse(writer, opening=[opening], syllables=8))

    assert len(bars) == 4
    assert bars[1].rhyme.kind in {"none", "slant", "perfect"}


def test_verses_that_are_written_side_by_side_are_those_that_are_written_alone(writer):
    seeds = range(5)
    alone = [[bar.text for bar in bars_of(verse(writer, seed=seed))] for seed in seeds]
    told = [[] for _ in seeds]
    tasks = [begin(writer, told[seed].append, seed=seed) for seed in seeds]
    at_hand = [(task, writer.engine.begin(next(task))) for task in tasks[:2]]
    late = tasks[2:]

    while at_hand:
        writer.engine.step([progress for _, progress in at_hand])
        at_hand = [pair for pair in map(partial(go_on, writer.engine), at_hand) if pair]
        if late:  # the others come one by one
            task = late.pop()
            at_hand.append((task, writer.engine.begin(next(task))))

    assert [[bar.text for bar in bars_of(each)] for each in told] == alone


def go_on(engine, pair):
    """A task with its next progress; none at its end."""
    task, progress = pair
    try:
        while progress.answered:
            progress = engine.begin(task.send(progress.answer))
    except StopIteration:
        return None
    return task, progress


def test_a_verse_may_be_ended_at_any_step(writer):
    told = []
    task = begin(writer, told.append)
    progress = writer.engine.begin(next(task))
    writer.engine.step([progress])

    task.close()

    assert [event.event for event in told] == ["start", "bar"]
    assert bars_of(verse(writer))


@pytest.mark.parametrize(
    ("line", "text", "may"),
    [
        ("I walk", " home", True),
        ("I walk", "ing", True),
        ("I walk", "zz", False),
        ("I walkz", " home", False),
        ("I walk", ",", True),
        ("I walk, I run", ",", False),
        ("I walk,", "ed", False),
        ("I walk", " walk", False),
    ],
)
def test_a_token_may_follow_where_a_word_can_still_be_heard(line, text, may):
    vocabulary = Vocabulary(["", text])

    assert vocabulary.may_follow(line, 1) is may


@pytest.mark.parametrize(("word", "may"), [("night", True), ("the", False), ("live", False)])
def test_weak_words_and_words_of_two_sounds_open_no_rhyme(word, may):
    assert may_open_rhyme(word) is may


def test_one_row_goes_different_ways_near_its_end(writer):
    engine = writer.engine
    classes = RhymeClasses(engine)
    wish = Wish(6, 1, classes.rhyming(["day"], RhymeKind.PERFECT), False, temperature=1, top_p=1)
    drafter = Drafter(engine, Vocabulary(engine.token_texts), classes)
    plain = engine.run(engine.read([3, 4, 5]))

    def begun(seed):
        random = torch.Generator().manual_seed(seed)
        bank = engine.run(drafter.draft(plain, (), wish, 1, random, lambda _: None))
        return {candidate.text.rsplit(" ", 1)[0] for candidate in bank}

    lines = next(found for seed in range(20) if (found := begun(seed)))

    assert not all(max(lines, key=len).startswith(line) for line in lines)
