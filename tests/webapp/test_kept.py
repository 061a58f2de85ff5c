"""An answer that many ask for at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from botocore.exceptions import EndpointConnectionError

from tests.switch.fakes import Clock
from tests.webapp.site import unreachable
from webapp.kept import Kept


class Looks:
    """Counts how often somebody looked."""

    def __init__(self, see):
        self.see, self.times = see, 0

    def __call__(self, now):
        self.times += 1
        return self.see()


@pytest.fixture
def clock():
    return Clock()


def kept(looks, clock):
    return Kept(looks, timedelta(seconds=1), clock)


def test_many_who_ask_at_once_look_once(clock):
    looks = Looks(lambda: "ready")
    answer = kept(looks, clock)

    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(lambda _: answer.get(), range(8)))

    assert told == ["ready"] * 8
    assert looks.times == 1


def test_where_nothing_answers_one_tries_for_all(clock):
    def times_out():
        clock.pass_(seconds=5)
        unreachable()

    looks = Looks(times_out)
    answer = kept(looks, clock)

    for _ in range(3):
        with pytest.raises(EndpointConnectionError):
            answer.get()

    assert looks.times == 1
    clock.pass_(seconds=1)
    looks.see = lambda: "ready"
    assert answer.get() == "ready"


def test_what_has_changed_is_looked_at_anew(clock):
    looks = Looks(lambda: "ready")
    answer = kept(looks, clock)
    answer.get()

    answer.forget()

    answer.get()
    assert looks.times == 2
