"""The demo as real processes in a data folder of its own, driven as hosts and visitors drive it."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil
import requests

from bars.events import read_events
from scripts.target import find_local_cloud, local_target
from webapp.settings import SwitchSettings
from webapp.wiring import build

ROOT = Path(__file__).parent.parent.parent
PASSWORD = "a password for this test alone"
OPENING = "I came up from the bottom with a pen and a plan"


def until(met, seconds, what, pause=0.1):
    """Look again and again until `met()` is true, and return what it gave."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := met():
            return found
        time.sleep(pause)
    raise AssertionError(f"Not within {seconds} s: {what}.")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class RunningDemo:
    """`make demo` without the make: python -m scripts.demo and everything it starts."""

    def __init__(self, data, minute=3):
        self.data = Path(data)
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.minute = minute
        self.process = None
        self._seen = {}

    @property
    def env(self):
        return os.environ | {"DEEP_HOP_DATA": str(self.data), "DEEP_HOP_HOST_PASSWORD": PASSWORD}

    def start(self):
        self.data.mkdir(parents=True, exist_ok=True)
        with (self.data / "demo.out").open("ab") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "scripts.demo", "--port", str(self.port)]
                + ["--minute", str(self.minute)],
                cwd=ROOT,
                env=self.env,
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        until(self._greeted, 90, f"the demo has started: {self.output()}")
        return self

    def _greeted(self):
        assert self.process.poll() is None, self.output()
        with contextlib.suppress(requests.RequestException):
            return requests.get(f"{self.address}/healthz", timeout=2).ok and self._told_address()
        return False

    def _told_address(self):
        return self.output().count("Ctrl-C ends everything") > 0

    def output(self):
        return (self.data / "demo.out").read_text(errors="replace")

    def stop(self):
        """Ctrl-C, then wait for the end."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.kill()  # so that the tests that follow have the machine to themselves
                raise

    def kill(self):
        self.process.kill()
        self.process.wait(10)

    # what a visitor and a host do

    def state(self):
        return requests.get(f"{self.address}/api/state", timeout=10).json()

    def wait_for(self, *states, seconds=90):
        return until(lambda: self._is(states), seconds, f"state {states}, is {self.state()}", 0.25)

    def _is(self, states):
        told = self.state()
        return told if told["state"] in states else None

    def visit(self, **wish):
        """Ask for a verse as a visitor's page does; the answer streams."""
        body = {"opening": [OPENING], "bars": 4, "scheme": "AABB"} | wish
        return requests.post(f"{self.address}/api/verses", json=body, stream=True, timeout=(5, 70))

    def host(self):
        return Host(self.address)

    # what stands behind the site

    def parts(self):
        cloud = find_local_cloud(self.data)
        return build(SwitchSettings(), local_target(SwitchSettings(), cloud).aws)

    def script(self, name, *arguments, timeout=90):
        return subprocess.run(
            [sys.executable, "-m", f"scripts.{name}", *arguments],
            cwd=ROOT,
            env=self.env,
            capture_output=True,
            text=True,
            timeout=timeout,
        )

    def processes(self):
        """Everything that the demo has started and that still runs."""
        with contextlib.suppress(psutil.NoSuchProcess):
            root = psutil.Process(self.process.pid)
            self._seen |= {p.pid: p for p in [root, *root.children(recursive=True)]}
        return [process for process in self._seen.values() if _alive(process)]

    def running(self, words):
        return [p for p in self.processes() if words in _command(p)]

    def model(self):
        """The model's processes: one while the endpoint lives, none otherwise."""
        return self.running("inference serve")

    def cloud(self):
        (cloud,) = self.running("infrastructure.local_cloud serve")
        return cloud


class Host:
    """A signed-in host who uses the site's JSON routes."""

    def __init__(self, address):
        self._address = address
        self._session = requests.Session()
        page = self._session.get(f"{address}/signin", timeout=10).text
        form = {"password": PASSWORD, "csrf_token": _token(page)}
        answer = self._session.post(f"{address}/signin", data=form, timeout=10)
        assert answer.ok, answer.text
        self._headers = {"X-CSRFToken": _token(answer.text)}

    def start(self, minutes=10):
        return self._call("POST", "", json={"minutes": minutes, "why": "a test"})

    def extend(self, lease_id, minutes):
        return self._call("PATCH", f"/{lease_id}", json={"minutes": minutes})

    def stop(self, lease_id):
        return self._call("DELETE", f"/{lease_id}")

    def stop_all(self):
        for lease in self._call("GET", "").json()["leases"]:
            self.stop(lease["id"])

    def _call(self, verb, path, **more):
        return self._session.request(
            verb, f"{self._address}/api/leases{path}", headers=self._headers, timeout=20, **more
        )


def _token(page):
    found = re.search(r'name="csrf[_-]token"[^>]*(?:value|content)="([^"]+)"', page)
    assert found, page[:2000]
    return found.group(1)


def events_of(answer):
    """The events of a verse from a text/event-stream answer, as they arrive."""
    parts = (part.removeprefix(b"data: ") for part in _data_lines(answer))
    yield from read_events(parts)


def _data_lines(answer):
    rest = b""
    for part in answer.iter_content(None):
        *lines, rest = (rest + part).split(b"\n")
        yield from (line + b"\n" for line in lines if line.startswith(b"data: "))


def _alive(process):
    with contextlib.suppress(psutil.NoSuchProcess):
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    return False


def _command(process):
    with contextlib.suppress(psutil.Error):
        return " ".join(process.cmdline())
    return ""
