"""Whatever is wished for: a verse keeps to it, or says in the bar what could not be."""

from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bars.meter import syllables
from bars.plan import plan_verse
from bars.rhyme import rhyme
from bars.rhyme_rules import RhymeKind
from bars.text import last_word, words_of
from bars.verse import VerseRequest
from inference.loading import load_writer
from inference.settings import ServeSettings
from inference.vocabulary import is_word

OPENINGS = (
    "The last bus home is coughing up the hill",
    "Nobody calls",
    "Le soleil se couche sur la ville",
    "We practised every Tuesday after dark",
    "A month",
)
KEPT = ("I keep a light on for the friends I lost", "It rains", "They said it was an orange")
RHYMES = {
    "perfect": {RhymeKind.PERFECT},
    "multi": {RhymeKind.PERFECT},
    "slant": {RhymeKind.SLANT, RhymeKind.PERFECT},
}


@pytest.fixture(scope="module")
def writer(tiny_dir):
    return load_writer(ServeSettings(tiny_dir, rows=3, threads=1))


@st.composite
def wishes(draw):
    opening = draw(st.lists(st.sampled_from(OPENINGS), max_size=2, unique=True))
    bars = draw(st.integers(len(opening) + 1, len(opening) + 4))
    places = st.integers(len(opening), bars - 1)
    keep = draw(
        st.dictionaries(places, st.sampled_from(KEPT), max_size=min(2, bars - len(opening) - 1))
    )
    wish = {
        "topic": "rain",
        "opening": opening,
        "bars": bars,
        "scheme": draw(st.sampled_from(["AABB", "ABAB", "ABBA", "AAAA", "ABCB", "free"])),
        "syllables": draw(st.sampled_from(["free", 4, 7, 12, 20])),
        "rhyme": draw(st.sampled_from(["perfect", "slant", "multi"])),
        "language": draw(st.sampled_from(["any", "mask", "clean"])),
        "internal": draw(st.booleans()),
        "temperature": draw(st.sampled_from([0.1, 0.8, 2.0])),
        "seed": draw(st.integers(0, 9)),
        "keep": {str(place): bar for place, bar in keep.items()},
    }
    return VerseRequest.from_json(wish)


@settings(
    max_examples=80, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(request=wishes())
def test_a_verse_keeps_to_its_plan_or_says_what_could_not_be(writer, request):
    told = []
    writer.engine.run(writer.write(request, "r", told.append))
    bars = {event.index: event for event in told if event.event == "bar"}
    written = [plan for plan in plan_verse(request) if bars[plan.index].attempts]

    assert list(bars) == list(range(request.bars))
    for place, text in request.keep:
        assert bars[place].text == text
    for plan in written:
        check(plan, bars, request.rhyme)
    ends = [last_word(bars[plan.index].text) for plan in written]
    assert len(set(ends)) == len(ends)


def check(plan, bars, wished):
    bar = bars[plan.index]
    words = words_of(bar.text)
    assert words
    assert all(is_word(word) for word in words)
    assert not [word for word, following in pairwise(words) if word == following]
    if bar.note:
        return
    if plan.target:
        assert syllables(bar.text).nearest(plan.target) == plan.target
    before = [bars[place] for place in plan.partners if place < plan.index]
    for partner in before:
        kind = rhyme(last_word(partner.text), last_word(bar.text)).kind
        assert kind in RHYMES[wished], (partner.text, bar.text)
