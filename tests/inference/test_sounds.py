"""Verses whose visitors say a word in their own way: the plan, the rhymes and what is told."""

import pytest

from bars.rhyme import rhyme
from bars.rhyme_rules import RhymeKind
from bars.text import last_word, words_of
from bars.verse import VerseRequest
from inference.loading import load_writer
from inference.settings import ServeSettings
from inference.work import together
from tests.inference.tiny_model import make_model_dir

OPENING = "Walking home tonight in the lluvia"
RAIN = {"lluvia": "rain"}
CITY = {"lluvia": "LIH-tee"}

AS_IT_IS_SAID = {RhymeKind.PERFECT, RhymeKind.HOMOPHONE, RhymeKind.IDENTICAL}


@pytest.fixture(scope="module")
def writer(tmp_path_factory):
    folder = make_model_dir(
        tmp_path_factory.mktemp("model"), prompt_version=2, tasks={"rhyme word first": 1.0}
    )
    return load_writer(ServeSettings(folder, rows=6, threads=1))


def begin(writer, tell, **wish):
    body = {"opening": [OPENING], "bars": 3, "scheme": "AAA", "seed": 4} | wish
    return writer.write(VerseRequest.from_json(body), "r", tell)


def bars_of(writer, **wish):
    told = []
    writer.engine.run(begin(writer, told.append, **wish))
    return [event for event in told if event.event == "bar"]


@pytest.mark.parametrize(("sounds", "like", "count"), [(RAIN, "rain", 8), (CITY, "city", 9)])
def test_a_corrected_word_sets_the_count_and_the_rhyme(writer, sounds, like, count):
    first, *others = bars_of(writer, sounds=sounds)

    assert (first.text, first.syllables, first.target) == (OPENING, count, count)
    assert {rhyme(like, last_word(bar.text)).kind for bar in others} <= AS_IT_IS_SAID
    assert {bar.rhyme.kind for bar in others} == {"perfect"}


def test_what_could_not_be_is_told_without_marks(writer):
    _, second, _ = bars_of(writer, sounds={"lluvia": "orange"})

    assert "“lluvia”" in second.note
    assert second.note.isprintable()


def test_verses_side_by_side_keep_each_their_own_sounds(writer):
    wishes = [{"sounds": RAIN}, {"sounds": CITY}, {}]
    alone = [bars_of(writer, **wish) for wish in wishes]
    told = [[] for _ in wishes]

    tasks = [begin(writer, t.append, **wish) for t, wish in zip(told, wishes, strict=True)]
    writer.engine.run(together(tasks))

    beside = [[event for event in events if event.event == "bar"] for events in told]
    assert [[bar.text for bar in bars] for bars in beside] == [
        [bar.text for bar in bars] for bars in alone
    ]
    assert len({bars[0].words[-1].phonemes for bars in beside}) == 3


def test_an_empty_correction_writes_the_same_verse(writer):
    assert bars_of(writer, sounds={}) == bars_of(writer)


def test_no_bar_ends_on_a_word_that_is_said_in_another_way(writer):
    wish = {"opening": ["Walking home tonight in the way"], "bars": 6, "scheme": "AAAAAA"}
    usual = [last_word(bar.text) for bar in bars_of(writer, **wish)]

    opening = [f"Say it {usual[1]}, walking all the way"]
    bars = bars_of(writer, **wish | {"opening": opening, "sounds": {usual[1]: "no"}})

    assert usual[1] not in [last_word(bar.text) for bar in bars]
    assert words_of(bars[0].text)[2] == usual[1]
