"""A real Chromium for tests, and the site behind it."""

import os
import threading

from playwright.sync_api import sync_playwright
from werkzeug.serving import make_server

from scripts.chromium import HOW, find_chromium

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


class Server:
    """A WSGI application on a port of the loopback interface."""

    def __init__(self, app):
        self._server = make_server("127.0.0.1", 0, app, threaded=True)
        self.address = f"http://127.0.0.1:{self._server.port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self):
        self._server.shutdown()
