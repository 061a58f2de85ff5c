"""Collecting from a small Genius on loopback, by the real lyricsgenius, on a clock of our own."""

import json

import pytest

from scripts.collect_lyrics import main
from tests.training_job.genius_server import TOKEN, GeniusServer
from training_job.collect import Collector
from training_job.genius import connect
from training_job.patience import Patience
from training_job.song_store import SongStore


class FakeClock:
    """Time passes only while somebody sleeps; remembers how long each did."""

    def __init__(self):
        self.now, self.slept = 0.0, []

    def monotonic(self):
        return self.now

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture
def server():
    server = GeniusServer()
    yield server
    server.stop()


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def gather(server, clock, tmp_path):
    """Collects into a folder and gives what became of each song; `told` are the notices."""

    def gather(*wanted, most_songs=None, pause=0.0, timeout=5):
        patience = Patience(pause, clock=clock, notice=gather.told.append)
        genius = connect(TOKEN, server.address, timeout)
        with SongStore(tmp_path) as store:
            collector = Collector(genius, store, patience, most_songs)
            return [(o.title, o.fate, o.why) for o in collector.collect(wanted or (7,))]

    gather.told = []
    return gather


@pytest.fixture
def command(server, clock, tmp_path, capsys):
    """The command as it is called, and its answer."""

    def command(*more, env=None):
        given = ["--genius", "--artist", "Paper Lantern", "--out", str(tmp_path), "--json"]
        given += ["--genius-address", server.address, *more]
        main(given, {"GENIUS_ACCESS_TOKEN": TOKEN} if env is None else env, clock)
        return json.loads(capsys.readouterr().out)

    return command
