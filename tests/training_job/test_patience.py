"""When Genius refuses, is slow or is cut off: how long we wait, and when we give up."""

import json
import time

import pytest

from tests.training_job.genius_server import FIRST, song, texts
from training_job.patience import Patience, Stopped
from training_job.songs import SKIPPED
from training_job.tally import Fate


def test_pages_that_are_refused_are_asked_again_after_longer_and_longer_waits(
    server, gather, clock, tmp_path
):
    server.pages.extend(["blocked"] * 3)

    gather()

    assert clock.slept == [60, 120, 240]
    assert len(texts(tmp_path)) == 2
    assert gather.told[0] == "Genius refuses (1 of 5); waiting 60 s."


def test_an_api_that_refuses_is_asked_again_after_longer_and_longer_waits(
    server, gather, clock, tmp_path
):
    server.api.extend(["blocked", "well", "blocked", "blocked"])

    gather("Paper Lantern")

    assert clock.slept == [60, 60, 120]
    assert len(texts(tmp_path)) == 2


def test_a_refusal_that_names_a_time_is_waited_for(server, gather, clock):
    server.pages.append("busy")

    gather()

    assert clock.slept == [90]


@pytest.mark.parametrize("where", ["pages", "api"])
def test_five_refusals_in_a_row_stop_the_run_and_keep_what_is_there(
    server, command, clock, tmp_path, capsys, where
):
    server.page_size = 1
    before = ["well"] * {"pages": 1, "api": 2}[where]
    getattr(server, where).extend(before + ["blocked"] * 5)

    with pytest.raises(SystemExit, match="Wait some hours .*another network .*--own") as stopped:
        command("--accept-terms", "--pause", "0")

    told = json.loads(capsys.readouterr().out)
    assert stopped.value.code == told["stopped"]
    assert told["totals"]["taken"] == 1
    assert clock.slept == [60, 120, 240, 480]
    assert texts(tmp_path) == {"genius-1": FIRST}
    assert command()["totals"]["taken"] == 1
    assert server.asked_for(1) == 1


def test_how_many_refusals_stop_a_run_can_be_chosen(server, command, clock):
    server.api.append("blocked")

    with pytest.raises(SystemExit, match="refused 1 times"):
        command("--accept-terms", "--refusals", "1")

    assert clock.slept == []


def test_a_page_without_lyrics_is_left_for_the_next_run(server, gather, clock, tmp_path):
    server.pages.append("layout")

    fates = gather()

    assert fates[0] == ("First Light", Fate.LATER, "its page came without lyrics")
    assert fates[1][1] is Fate.TAKEN
    assert clock.slept == [60]
    assert gather()[0][1] is Fate.TAKEN


def test_a_row_of_pages_without_lyrics_stops_the_run(server, gather):
    server.songs = [song(i, f"Song {i}") for i in range(1, 9)]
    server.pages.extend(["layout"] * 8)

    with pytest.raises(Stopped, match="refused 5 times in a row"):
        gather()


@pytest.mark.parametrize("mood", ["cut", "down"])
@pytest.mark.parametrize("where", ["pages", "api"])
def test_an_answer_that_is_not_whole_is_asked_for_again(
    server, gather, clock, tmp_path, where, mood
):
    getattr(server, where).extend([mood] * 2)

    gather()

    assert clock.slept == [2, 4]
    assert texts(tmp_path)["genius-1"] == FIRST
    assert len(texts(tmp_path)) == 2


@pytest.mark.parametrize(
    ("mood", "why"),
    [
        ("slow", "no whole answer (Timeout)"),
        ("cut", "no whole answer (ChunkedEncodingError)"),
        ("down", "Genius answered with status 500"),
    ],
)
def test_a_song_that_does_not_come_is_left_for_the_next_run(server, gather, tmp_path, mood, why):
    server.pages.extend([mood] * 3)

    fates = gather(timeout=0.1)

    assert fates == [("First Light", Fate.LATER, why), ("Second Wind", Fate.TAKEN, "")]
    assert (tmp_path / SKIPPED).read_text() == ""
    assert [fate for _, fate, _ in gather()] == [Fate.TAKEN, Fate.THERE]


def test_an_artist_whose_list_does_not_come_is_left_for_the_next_run(server, gather):
    server.api.extend(["down"] * 3)

    fates = gather("Paper Lantern", 7)

    assert fates[0] == ("the list of songs", Fate.LATER, "Genius answered with status 500")
    assert len(fates) == 3


def test_a_network_that_is_gone_stops_the_run(server, gather):
    server.songs = [song(i, f"Song {i}") for i in range(1, 9)]
    server.pages.extend(["down"] * 24)

    with pytest.raises(Stopped, match="5 requests in a row came to nothing.*Check the network"):
        gather()

    assert server.asked_for(5) == 3
    assert server.asked_for(6) == 0


def test_requests_are_a_pause_apart(server, gather, clock):
    gather("Paper Lantern", pause=1.5)

    assert len(server.asked) == 4
    assert clock.slept == [1.5] * 3


def test_a_second_lies_between_requests_unless_told_otherwise(server, command, clock):
    command("--accept-terms")

    assert clock.slept == [1.0] * 3


def test_real_time_is_the_default():
    began = time.monotonic()

    assert Patience(pause=60).ask(lambda: "answer") == "answer"

    assert time.monotonic() - began < 1


def test_a_run_that_left_something_says_so_and_fails(server, command, capsys):
    server.pages.extend(["down"] * 3)

    with pytest.raises(SystemExit, match="Run the same command again for the rest"):
        command("--accept-terms")

    assert json.loads(capsys.readouterr().out)["totals"]["left for the next run"] == 1
