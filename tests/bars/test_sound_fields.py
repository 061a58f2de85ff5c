"""Corrections that nobody could mean: read without harm, refused in words."""

from hypothesis import given
from hypothesis import strategies as st

from bars.sound_fields import LONGEST_SOUND, MOST_SOUNDS, read_sounds
from bars.sounds_like import MOST_PHONEMES

TEXT = st.text(max_size=LONGEST_SOUND + 20)
JUNK = st.one_of(st.none(), st.integers(), st.lists(TEXT), st.dictionaries(TEXT, st.integers()))


@given(st.one_of(JUNK, st.dictionaries(TEXT, TEXT, max_size=MOST_SOUNDS + 2)))
def test_whatever_is_given_is_read_or_refused_in_words(value):
    sounds, problems = read_sounds(value)

    assert all(message.isprintable() and len(message) < 200 for _, message in problems)
    assert all(1 <= len(sound) <= MOST_PHONEMES for _, sound in sounds.said)
    assert read_sounds(sounds.to_json()) == (sounds, [])
