"""Every page, in every state and both themes: axe-core finds nothing, and 360 px hold it."""

import pytest

from bars.verse import VerseRequest
from tests.webapp.site import unreachable


def starting(world):
    world.switch.start(30, "ada", "talk")
    world.clock.pass_(minutes=2)


def ready(world):
    starting(world)
    world.clock.pass_(minutes=3)
    world.switch.reconcile()


def stopping(world):
    ready(world)
    world.switch.stop(world.switch.live_leases()[0].id, "ada")


def failed(world):
    world.sagemaker.fails_with = "did not pass the ping health check"
    starting(world)
    for _ in range(2):
        world.clock.pass_(minutes=5)
        world.switch.reconcile()


def unknown(world):
    world.switch.state = unreachable


def test_the_history(signed_in, site, check):
    page = signed_in()
    page.goto("/host/history")
    check(page, "history_empty")
    ready(site.world)
    page.reload()
    check(page, "history")


@pytest.mark.parametrize("state", [starting, ready, stopping, failed], ids=lambda s: s.__name__)
def test_the_model_in_each_state(signed_in, site, check, state):
    state(site.world)

    page = signed_in()
    check(page, f"host_{state.__name__}")
    page.goto("/")
    check(page, f"visitor_{state.__name__}")


def test_pages_while_the_model_is_off_or_out_of_reach(open_page, site, check):
    page = open_page()
    check(page, "visitor_off")
    for path, name in (("/signin", "signin"), ("/nothing", "not_found"), ("/privacy", "privacy")):
        page.goto(path)
        check(page, name)
    unknown(site.world)
    page.goto("/")
    check(page, "visitor_unknown")


def test_a_verse_in_all_its_colors(open_page, site, check):
    request = VerseRequest.from_json({"topic": "rain", "bars": 16, "scheme": "AABB"})
    site.lyricist.before_each = lambda: None
    verse_id = site.world.verses.save(request, list(site.lyricist.write(request)))

    page = open_page(f"/verses/{verse_id}")

    marks = page.locator(".bar").evaluate_all("bars => bars.map(bar => bar.dataset.mark)")
    assert set(marks) == set("01234567")
    check(page, "verse_of_sixteen")
