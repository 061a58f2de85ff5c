from collections import Counter

import pytest

from training_job.split import Split, Splitter, artist_key

NAMES = [f"artist {number}" for number in range(4000)]


def test_nine_of_ten_names_are_trained_on():
    counts = Counter(map(Splitter(1).of_name, NAMES))

    assert abs(counts[Split.TRAIN] - 3600) < 80
    assert abs(counts[Split.VALID] - 200) < 50
    assert abs(counts[Split.TEST] - 200) < 50


def test_new_artists_never_move_old_ones():
    few, many = Splitter(1, artists=frozenset(NAMES[:50])), Splitter(1, artists=frozenset(NAMES))

    assert all(few.of_song(name, "id") is many.of_song(name, "id") for name in NAMES[:50])


def test_another_seed_splits_otherwise():
    assert any(Splitter(1).of_name(name) is not Splitter(2).of_name(name) for name in NAMES)


def test_a_larger_share_of_test_takes_nothing_out_of_test():
    larger = Splitter(1, test=0.2)

    assert all(
        larger.of_name(name) is Split.TEST
        for name in NAMES
        if Splitter(1).of_name(name) is Split.TEST
    )


def test_all_songs_of_an_artist_are_in_one_split():
    splitter = Splitter(1, artists=frozenset(NAMES))

    assert len({splitter.of_song("Artist 7 feat. Bo", str(song)) for song in range(200)}) == 1


@pytest.mark.parametrize(
    ("artists", "artist"), [(frozenset(), "Artist 7"), (frozenset(NAMES), "unknown")]
)
def test_songs_are_split_one_by_one_where_artists_cannot_be(artists, artist):
    splitter = Splitter(1, artists=artists)

    assert len({splitter.of_song(artist, str(song)) for song in range(200)}) == 3


@pytest.mark.parametrize(
    ("artist", "key"),
    [
        ("The Lamps", "the lamps"),
        ("THE LAMPS!", "the lamps"),
        ("The Lamps (feat. Bo)", "the lamps"),
        ("The Lamps ft Bo & Cy", "the lamps"),
        ("Ann & Bo", "ann bo"),
        ("Björk's", "bjorks"),
        ("Softly", "softly"),
        ("Кино", "кино"),
    ],
)
def test_an_artist_is_known_without_guests_case_and_punctuation(artist, key):
    assert artist_key(artist) == key


@pytest.mark.parametrize(
    ("performers", "strange"),
    [
        ("{test}", True),
        ("Somebody & {test}", True),
        ("{train}, {test}", True),
        ("{train} with {test}", True),
        ("{train} feat. {test}", True),
        ("{train}", False),
        ("Nobody Known", False),
        ("", False),
    ],
)
def test_who_belongs_to_another_split_is_a_stranger(performers, strange):
    splitter = Splitter(1, artists=frozenset(NAMES))
    one_of = {str(splitter.of_name(name)): name.title() for name in NAMES}

    assert splitter.has_strangers(performers.format(**one_of), Split.TRAIN) is strange
