"""Half an hour at full load: python -m tests.soak_container --minutes 30 (part of `make soak`)

Visitors ask the inference container for verses without a pause, more than have a seat, and a
quarter of them leave in the middle. Reports answers and memory by the minute; exits 1 if anyone
got neither a verse nor a clear refusal, if a verse is stuck, or if memory grows.
"""

import argparse
import random
import sys
import threading
import time
from collections import Counter

import psutil
import requests

from bars.events import read_events
from scripts.fetch_model import fetch
from scripts.model_container import running_container
from scripts.target import SMALL_ADAPTER, cache_dir

SEATS, WAITING = 8, 8
LEAVING = 0.25  # of the visitors
SILENCE = 120  # seconds without an event, after which a visitor is stuck
GROWTH = 1.05  # of memory from the middle third to the last
STREAM = {"Accept": "application/x-ndjson"}
MEBIBYTE = 2**20
TOPICS = ("rain", "a letter never sent", "the night bus", "my first bicycle", "bread")


def main(argv=None):
    parser = argparse.ArgumentParser(description="Load the container fully for some time.")
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--visitors", type=int, default=24)
    arguments = parser.parse_args(argv)
    settings = {"DEEP_HOP_SEATS": str(SEATS), "DEEP_HOP_WAITING": str(WAITING)}
    with running_container(fetch(cache_dir()), SMALL_ADAPTER, settings) as container:
        problems = soak(container, arguments.minutes * 60, arguments.visitors)
    sys.exit("\n".join(problems) if problems else 0)


def soak(container, seconds, visitors):
    """Load the container, print a line a minute, and return what went wrong."""
    ends, problems = Counter(), []
    until = time.monotonic() + seconds
    threads = [
        threading.Thread(target=visit_until, args=(container, until, number, ends, problems))
        for number in range(visitors)
    ]
    for thread in threads:
        thread.start()
    memory = watch(container, until, ends)
    for thread in threads:
        thread.join(SILENCE)
    problems += still_there(container, threads)
    third = len(memory) // 3
    if third and max(memory[-third:]) > GROWTH * max(memory[third : 2 * third]):
        problems.append(f"Memory grows: {[round(each) for each in memory]} MiB.")
    return problems


def watch(container, until, ends):
    """The memory of the container in MiB, ten times a minute."""
    process = served_by(container)
    memory, shown = [], 0.0
    print("minute  written  refused  left  told why  memory MiB", flush=True)
    began = time.monotonic()
    while (now := time.monotonic()) < until:
        memory.append(process.memory_info().rss / MEBIBYTE)
        if now - shown >= 60:
            shown = now
            counts = "  ".join(f"{ends[name]:7}" for name in ("verse", "refused", "left", "error"))
            print(f"{(now - began) / 60:6.0f}  {counts}  {memory[-1]:10.0f}", flush=True)
        time.sleep(min(6, max(0, until - now)))
    return memory


def served_by(container):
    """The container's process."""
    port = int(container.address.rsplit(":", 1)[1])
    for process in psutil.Process().children(recursive=True):
        if any(each.laddr.port == port for each in process.net_connections("tcp")):
            return process
    raise RuntimeError(f"No process of ours listens on {container.address}.")


def visit_until(container, until, number, ends, problems):
    some = random.Random(number)
    while time.monotonic() < until:
        try:
            end = visit(container, some, number)
        except (requests.RequestException, ValueError) as error:
            problems.append(f"Visitor {number}: {error!r}")
            return
        ends[end] += 1
        if end == "refused":
            time.sleep(some.uniform(1, 4))


def visit(container, some, number):
    """Ask for a verse; how it ended."""
    wish = {
        "topic": some.choice(TOPICS), "bars": some.randint(2, 6), "scheme": "AABB",
        "syllables": some.choice([8, 10, "free"]), "seed": some.randrange(10**6),
    }  # fmt: skip
    leaves_after = some.randint(0, 30) if some.random() < LEAVING else None
    headers = STREAM | {"X-Amzn-SageMaker-Custom-Attributes": f"visitor-{number}"}
    address = f"{container.address}/invocations"
    with requests.post(
        address, json=wish, headers=headers, stream=True, timeout=(10, SILENCE)
    ) as answer:
        if answer.status_code == 429:
            if not answer.headers.get("Retry-After") or "remedy" not in answer.json():
                raise ValueError(f"A refusal that is not clear: {answer.text}")
            return "refused"
        answer.raise_for_status()
        for count, event in enumerate(read_events(answer.iter_content(None))):
            if event["event"] in {"verse", "error"}:
                return event["event"]
            if count == leaves_after:
                return "left"
    raise ValueError("A stream ended without a verse and without a reason.")


def still_there(container, threads):
    """What is stuck when all visitors have gone, in words."""
    problems = [f"{thread.name} never got an end." for thread in threads if thread.is_alive()]
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        figures = container.metrics()
        stuck = figures["deep_hop_verses_at_hand"] + figures["deep_hop_queue"]
        if not stuck:
            return problems
        time.sleep(1)
    return [*problems, f"{stuck:.0f} verses are stuck."]


if __name__ == "__main__":
    main()
