import os
import threading
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.chromium import Server
from tests.switch.world import dynamodb, tables, world
from tests.webapp.site import PASSWORD, make_ready, make_site

__all__ = ["dynamodb", "tables", "world"]
PHONE = {"width": 360, "height": 740}
TABLET = {"width": 768, "height": 1024}
DESKTOP = {"width": 1280, "height": 900}
LOOKS = (("dark", PHONE), ("light", DESKTOP))
MORE_LOOKS = (("light", PHONE), ("dark", TABLET), ("light", TABLET), ("dark", DESKTOP))


class Gate:
    """Holds a stream before its next event, so that every state of it can be looked at."""

    def __init__(self):
        self._passes = threading.Semaphore(0)
        self._open = threading.Event()

    def wait(self):
        while not self._open.is_set() and not self._passes.acquire(timeout=0.05):
            pass

    def let(self, events):
        self._passes.release(events)

    def open(self):
        self._open.set()


@pytest.fixture
def site(world):
    made = make_site(world)
    server = Server(made.app)
    made.address = server.address
    yield made
    server.stop()


@pytest.fixture
def gate(site):
    """A gate in the fake lyricist's stream; it stands closed."""
    made = Gate()
    site.lyricist.before_each = made.wait
    yield made
    made.open()


@pytest.fixture
def pictures(tmp_path):
    """Where screenshots go: a folder named in the environment, else the test's own."""
    folder = Path(os.environ.get("PICTURES", tmp_path))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def open_page(browser, site):
    """Open a page of the site in a context of its own; fails if anything foreign is asked for."""
    contexts, foreign, errors = [], [], []

    def open_(path="/", **options):
        options = {"viewport": {"width": 1280, "height": 900}} | options
        contexts.append(browser.new_context(base_url=site.address, **options))
        page = contexts[-1].new_page()
        page.set_default_timeout(10_000)
        page.on("request", lambda r: r.url.startswith(site.address) or foreign.append(r.url))
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(path)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert foreign == []
    assert errors == []


@pytest.fixture
def signed_in(open_page):
    def open_(**options):
        page = open_page("/signin", **options)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/host")
        return page

    return open_


@pytest.fixture
def ready(site):
    return make_ready(site.world)


@pytest.fixture
def assert_accessible():
    def check(page):
        results = Axe().run(page)
        assert results.violations_count == 0, results.generate_report()

    return check


@pytest.fixture
def check(pictures, assert_accessible):
    """Look at a page dark on a phone and light on a desk; where pictures are wanted, in each theme
    and width."""

    def look(page, name):
        for theme, size in (*LOOKS, *(MORE_LOOKS if "PICTURES" in os.environ else ())):
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            page.set_viewport_size(size)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
            assert_accessible(page)
            page.screenshot(path=pictures / f"{name}_{theme}_{size['width']}.png", full_page=True)

    return look
