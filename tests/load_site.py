"""A lecture hall at once: python -m tests.load_site --visitors 64 --watchers 500 (`make load`)

Starts the demo with a tiny model, so that the site is what is tested. Visitors ask for verses,
one after the other, come again when told to, and every watcher looks at the wall every two
seconds. Reports seconds to the first word, verses by visitor, places told, and answers by status;
exits 1 if anybody got a 5xx or no verse at all.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

import requests

from tests.end_to_end.running_demo import OPENING, RunningDemo, events_of
from tests.inference.tiny_model import make_model_dir

LOOK = 2.0  # seconds between two looks at the wall
CONNECTIONS = 25  # that the watchers share


def main(argv=None):
    parser = argparse.ArgumentParser(description="Fill a lecture hall.")
    parser.add_argument("--visitors", type=int, default=64)
    parser.add_argument("--watchers", type=int, default=500)
    parser.add_argument("--seconds", type=float, default=90)
    parser.add_argument("--seats", type=int, default=8, help="verses written at once (8)")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args(argv)
    waiting = str(2 * arguments.visitors)
    os.environ |= {"DEEP_HOP_SEATS": str(arguments.seats), "DEEP_HOP_WAITING": waiting}
    with tempfile.TemporaryDirectory() as folder:
        demo = RunningDemo(Path(folder) / "data").start()
        try:
            model = make_model_dir(Path(folder) / "tiny") / "model"
            told = demo.script("deploy", "--model", str(model))
            assert told.returncode == 0, told.stderr
            demo.host().start(minutes=30)
            demo.wait_for("ready")
            report = Hall(demo.address, arguments).fill()
        finally:
            demo.stop()
    print(json.dumps(report, indent=2) if arguments.json else _words(report))
    failed = any(int(status) >= 500 for status in report["answers"]) or not report["least_verses"]
    sys.exit(1 if failed else 0)


class Hall:
    """Visitors and watchers, as many threads as there are visitors and shared connections."""

    def __init__(self, address, arguments):
        self.address = address
        self.arguments = arguments
        self.until = time.monotonic() + arguments.seconds
        self.verses = [0] * arguments.visitors
        self.first_words, self.looks = [], []
        self.answers, self.places, self.ends = Counter(), Counter(), Counter()

    def fill(self):
        visitors = [
            threading.Thread(target=self.visit, args=(n,)) for n in range(self.arguments.visitors)
        ]
        watchers = [
            threading.Thread(target=self.watch, args=(n,))
            for n in range(min(CONNECTIONS, self.arguments.watchers))
        ]
        for thread in (*visitors, *watchers):
            thread.start()
        for thread in (*visitors, *watchers):
            thread.join()
        return {
            "visitors": self.arguments.visitors,
            "watchers": self.arguments.watchers,
            "seconds": self.arguments.seconds,
            "verses": sum(self.verses),
            "least_verses": min(self.verses),
            "most_verses": max(self.verses),
            "first_word_p50": percentile(self.first_words, 50),
            "first_word_p95": percentile(self.first_words, 95),
            "looks": len(self.looks),
            "look_p50": percentile(self.looks, 50),
            "look_p95": percentile(self.looks, 95),
            "told_their_place": sum(self.places.values()),
            "furthest_place": max(self.places, default=0),
            "answers": {str(status): count for status, count in sorted(self.answers.items())},
            "ends": dict(self.ends),
        }

    def visit(self, number):
        session = requests.Session()
        while time.monotonic() < self.until:
            began = time.monotonic()
            body = {"opening": [OPENING], "bars": 4, "scheme": "AABB", "seed": number}
            path = "/api/verses?wall=yes" if number % 8 == 0 else "/api/verses"
            with session.post(
                self.address + path, json=body, stream=True, timeout=(30, 120)
            ) as answer:
                self.answers[answer.status_code] += 1
                if answer.status_code == 429:
                    time.sleep(min(int(answer.headers["Retry-After"]), 10))
                    continue
                if answer.ok:
                    self.read(number, began, events_of(answer))

    def read(self, number, began, events):
        heard = False
        for event in events:
            if event["event"] == "queued":
                self.places[event["position"]] += 1
            elif event["event"] == "token" and not heard:
                heard = True
                self.first_words.append(time.monotonic() - began)
        self.ends[event["event"]] += 1
        self.verses[number] += event["event"] == "saved"

    def watch(self, number):
        session = requests.Session()
        share = self.arguments.watchers / CONNECTIONS
        while time.monotonic() < self.until:
            began = time.monotonic()
            answer = session.get(f"{self.address}/api/wall", timeout=30)
            self.looks.append(time.monotonic() - began)
            self.answers[answer.status_code] += 1
            time.sleep(max(0.0, LOOK / share - (time.monotonic() - began)))


def percentile(values, percent):
    if len(values) < 2:
        return None
    return round(statistics.quantiles(values, n=100)[percent - 1], 2)


def _words(report):
    return "\n".join(f"{name.replace('_', ' '):18} {value}" for name, value in report.items())


if __name__ == "__main__":
    main()
