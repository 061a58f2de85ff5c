"""Visitors and watchers at once, in small: `make load` has the lecture hall."""

from argparse import Namespace

from tests.load_site import Hall


def test_nobody_gets_an_error_and_everybody_a_verse(ready):
    report = Hall(ready.address, Namespace(visitors=4, watchers=50, seconds=5)).fill()

    assert report["answers"].keys() == {"200"}
    assert report["ends"] == {"saved": report["verses"]}
    assert report["least_verses"] >= 1
    assert report["looks"] > 50
