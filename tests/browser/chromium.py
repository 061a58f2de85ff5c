"""A real Chromium for tests, and the site behind it."""

import os
import threading
from functools import partial

from playwright.sync_api import sync_playwright
from werkzeug.serving import make_server

from scripts.chromium import HOW, find_chromium
from tests.webapp.site import OPENING

FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def launched():
    """Yield a browser; its end is the end of the generator."""
    path = find_chromium()
    assert path, HOW
    flags = [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else FLAGS
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=flags)
        yield browser
        browser.close()


def state(page, name):
    """The panel's line that names the model's state."""
    return page.locator(".state-name", has_text=name)


def ask(page, opening=OPENING):
    page.get_by_label("Your first bar").fill(opening)
    page.get_by_role("button", name="Write the verse").click()


class Server:
    """A WSGI application on a port of the loopback interface."""

    def __init__(self, app):
        self._server = make_server("127.0.0.1", 0, app, threaded=True)
        self.address = f"http://127.0.0.1:{self._server.port}"
        serve = partial(self._server.serve_forever, poll_interval=0.02)  # so that it ends soon
        threading.Thread(target=serve, daemon=True).start()

    def stop(self):
        self._server.shutdown()
