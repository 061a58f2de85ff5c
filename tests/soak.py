"""Rounds of start, write, stop: python -m tests.soak --rounds 20 (what `make soak` runs)

Reports the times of each round and the memory of the parents; exits 1 at a leaked process or
a wrong state.
"""

import argparse
import statistics
import sys
import tempfile
import time

from tests.end_to_end.running_demo import RunningDemo, events_of

MEBIBYTE = 2**20
PROCESSES_WHEN_OFF = "the demo, the local cloud, the site and its worker"


def main(argv=None):
    parser = argparse.ArgumentParser(description="Start, write and stop, again and again.")
    parser.add_argument("--rounds", type=int, default=20)
    rounds = parser.parse_args(argv).rounds
    with tempfile.TemporaryDirectory() as data:
        demo = RunningDemo(data).start()
        try:
            problems = soak(demo, rounds)
        finally:
            demo.stop()
    sys.exit("\n".join(problems) if problems else 0)


def soak(demo, rounds):
    """Run the rounds, print a table, and return what went wrong."""
    host, told, problems = demo.host(), [], []
    print("round  ready s  word s  bar s  verse s  off s  cloud MiB  site MiB", flush=True)
    for number in range(1, rounds + 1):
        measured = one_round(demo, host, problems)
        told.append(measured)
        print(f"{number:5}  " + "  ".join(f"{value:6.1f}" for value in measured), flush=True)
    medians = [statistics.median(column) for column in zip(*told, strict=True)]
    print("  p50  " + "  ".join(f"{value:6.1f}" for value in medians), flush=True)
    return problems


def one_round(demo, host, problems):
    began = time.monotonic()
    lease = host.start(minutes=10).json()
    demo.wait_for("ready")
    ready = time.monotonic() - began
    check(problems, len(demo.model()) == 1, "one model runs while ready")
    word, bar, verse = write(demo, problems)
    began = time.monotonic()
    host.stop(lease["id"])
    check(problems, demo.state()["state"] in {"stopping", "off"}, "stopping after the stop")
    demo.wait_for("off")
    off = time.monotonic() - began
    check(problems, demo.model() == [], "no model runs while off")
    check(problems, len(demo.processes()) <= 5, f"only {PROCESSES_WHEN_OFF} run while off")
    cloud = demo.cloud().memory_info().rss / MEBIBYTE
    site = sum(p.memory_info().rss for p in demo.running("gunicorn")) / MEBIBYTE
    return ready, word, bar, verse, off, cloud, site


def write(demo, problems):
    """Seconds until the first word, the first finished bar and the whole verse."""
    began, first = time.monotonic(), {}
    for event in events_of(demo.visit()):
        if event["event"] != "bar" or event["attempts"]:
            first.setdefault(event["event"], time.monotonic() - began)
    check(problems, "saved" in first, "the verse was written and kept")
    return [first.get(name, float("nan")) for name in ("token", "bar", "verse")]


def check(problems, right, what):
    if not right:
        problems.append(f"Wrong: not so that {what}.")


if __name__ == "__main__":
    main()
