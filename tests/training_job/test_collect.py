"""Collecting from Genius: whose songs, which of them, and that none is lost or asked for twice."""

import json

import pytest

from tests.training_job.genius_server import FIRST, TOKEN, song, texts
from training_job.collect import Collector, excluded_by, right_artist
from training_job.genius import Artist, connect
from training_job.patience import Patience
from training_job.song_store import SongStore
from training_job.songs import SKIPPED, Skipped, read_records, read_songs
from training_job.tally import Fate


def test_an_artist_is_collected_over_two_pages(server, gather, tmp_path):
    server.page_size = 1

    fates = gather("Paper Lantern")

    assert fates == [("First Light", Fate.TAKEN, ""), ("Second Wind", Fate.TAKEN, "")]
    assert [song.source for song in read_songs([tmp_path])] == [
        "https://genius.com/song-1-lyrics",
        "https://genius.com/song-2-lyrics",
    ]
    assert texts(tmp_path)["genius-1"] == FIRST
    assert server.asked == [
        "/api/search/artist",
        "/artists/7/songs?page=1",
        "/song-1-lyrics",
        "/artists/7/songs?page=2",
        "/song-2-lyrics",
    ]
    assert "deep-hop" in server.agents.pop()


def test_every_song_is_on_disk_before_the_next_is_asked_for(server, clock, tmp_path):
    server.songs = [song(i, f"Song {i}") for i in range(4)]
    with SongStore(tmp_path) as store:
        genius = connect(TOKEN, server.address)
        outcomes = Collector(genius, store, Patience(0, clock=clock)).collect([7])

        for count, _ in enumerate(outcomes, 1):
            assert len(texts(tmp_path)) == count
            assert sum("-lyrics" in path for path in server.asked) == count


def test_a_second_run_asks_for_no_song_again(server, gather):
    server.songs.append(song(3, "Interlude", instrumental=True))
    gather()
    server.songs.append(song(4, "Fourth Wall"))

    fates = [fate for _, fate, _ in gather()]

    assert fates == [Fate.THERE, Fate.THERE, Fate.SKIPPED, Fate.TAKEN]
    assert [server.asked_for(i) for i in (1, 2, 3, 4)] == [1, 1, 0, 1]


def test_most_songs_counts_those_that_are_there(server, gather, tmp_path):
    server.songs = [song(i, f"Song {i}") for i in range(1, 9)]
    gather(most_songs=2)
    gather(most_songs=3)
    gather(most_songs=3)

    assert set(texts(tmp_path)) == {"genius-1", "genius-2", "genius-3"}
    assert sum("-lyrics" in path for path in server.asked) == 3


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"instrumental": True}, "instrumental"),
        ({"state": "unreleased"}, "its lyrics are unreleased"),
        ({"state": "incomplete"}, "its lyrics are incomplete"),
        ({"lines": [" "]}, "no lyrics on its page"),
        ({"lines": ["[Instrumental]"]}, "no lyrics on its page"),
        (
            {"lines": ["Lyrics for this song have yet to be released. Please check back."]},
            "no lyrics on its page",
        ),
    ],
)
def test_a_song_without_words_is_remembered(server, gather, tmp_path, told, why):
    server.songs = [song(5, "Hum", **told)]

    assert gather() == gather() == [("Hum", Fate.SKIPPED, why)]

    kept = list(read_records(tmp_path / SKIPPED, Skipped))
    assert kept == [Skipped("Paper Lantern", "Hum", "genius-5", why)]
    assert server.asked_for(5) == ("lines" in told)


def test_a_page_that_is_gone_is_remembered(server, gather):
    server.pages.append("gone")

    assert gather()[0] == ("First Light", Fate.SKIPPED, "no lyrics on its page")


def test_garbage_is_left_to_the_preparing_and_headers_stay(server, gather, tmp_path):
    lines = [
        "4 ContributorsFirst Light Lyrics",
        "[Chorus]",
        "My own line",
        "",
        "You might also like",
    ]
    server.songs = [song(1, "First Light", lines=[*lines, "[Verse 2: Wick]", "Again12Embed"])]

    gather()

    text = texts(tmp_path)["genius-1"]
    assert "[Chorus]\nMy own line\n\nYou might also like\n[Verse 2: Wick]\nAgain12Embed" in text


def test_songs_of_others_and_excluded_titles_are_not_asked_for(server, gather, tmp_path):
    server.songs = [
        song(1, "Guest Verse", by=8),
        song(2, "Together", by=8, also=[7]),
        song(3, "First Light (Live in Rome)"),
    ]

    assert gather() == [
        ("Guest Verse", Fate.SKIPPED, "mainly by another artist"),
        ("Together", Fate.TAKEN, ""),
        ("First Light (Live in Rome)", Fate.SKIPPED, "its title says live"),
    ]
    assert [server.asked_for(i) for i in (1, 2, 3)] == [0, 1, 0]
    assert (tmp_path / SKIPPED).read_text() == ""


@pytest.mark.parametrize(
    ("title", "term"),
    [
        ("First Light (Remix)", "remix"),
        ("First Light [DJ Wick REMIX]", "remix"),
        ("First Light - Live", "live"),
        ("First Light (feat. Wick) [Instrumental]", "instrumental"),
        ("Skit", "skit"),
        ("Live Your Life", ""),
        ("The Way I Live", ""),
        ("Alive (Deliver Me)", ""),
        ("Remixed Feelings", ""),
        ("Half-live", ""),
    ],
)
def test_a_title_is_excluded_by_what_it_says_aside(title, term):
    assert excluded_by(title, ("remix", "live", "instrumental", "skit")) == term


@pytest.mark.parametrize(
    ("asked", "known"),
    [
        ("paper lantern", "Paper Lantern"),
        ("Beyonce", "BEYONCÉ"),
        ("MF DOOM", "M.F. Doom"),
        ("Run-D.M.C.", "Run‐DMC"),
        ("!!!", "!!!"),
    ],
)
def test_case_accents_and_punctuation_do_not_make_another_artist(asked, known):
    assert right_artist(asked, [Artist(1, known), Artist(2, "Other")]).id == 1


def test_another_artist_is_refused_with_the_nearest_names(server, command, capsys):
    names = ("Somebody Else", "Paper Lanterns", "Paper Lantern", "Pepper", "Lantern")
    server.artists = dict(enumerate(names))

    with pytest.raises(SystemExit, match="Not every artist was found"):
        command("--accept-terms")

    (refused,) = json.loads(capsys.readouterr().out)["reasons"]
    assert refused["why"] == (
        "Genius's first artist is not Paper Lantern. Name one by number: Paper Lantern "
        "(--artist-id 2), Paper Lanterns (--artist-id 1), Lantern (--artist-id 4)."
    )
    assert server.asked == ["/api/search/artist"]


def test_an_unknown_artist_does_not_keep_the_others_from_being_collected(server, gather):
    fates = gather("Nobody", 99, "Paper Lantern")

    assert [fate for _, fate, _ in fates] == [Fate.REFUSED, Fate.REFUSED, Fate.TAKEN, Fate.TAKEN]


def test_an_artist_that_nobody_finds_is_a_sentence(server, gather):
    server.artists = {}

    assert gather("Paper Lantern")[0][2] == (
        "Genius finds no artist named Paper Lantern. Check the spelling."
    )
