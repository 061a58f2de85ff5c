"""Twenty thousand bodies that no honest visitor sends, at a container that also has work to do."""

import http.client
import json
import random
import signal
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import psutil
import pytest

from tests.inference.test_serve import Container

BODIES, SENDERS = 20_000, 4
WARM_UP = 8_000  # bodies that fill caches
WISH = {
    "topic": "rain", "opening": ["The rain is on the wall"], "bars": 2, "scheme": "AA",
    "syllables": 8, "rhyme": "perfect", "temperature": 0.8, "top_p": 0.9, "seed": 1,
    "language": "any", "internal": False, "keep": {"1": "It falls on one and all"},
    "alternatives": {"bar": 1, "count": 2},
}  # fmt: skip
ODD = (
    None, True, -1, 0, 1e308, 10**400, 2**63, 0.1, "", " ", "\x00", "‮drow", "\ud800", "İ" * 9,
    "a" * 100_000, "💥" * 500, "'; DROP TABLE verses;--", "<script>alert(1)</script>",
    "../../etc/passwd", "{{7*7}}", "%s%n", "# | A 10\n", "\n\n\n", [], {}, [[]], [None] * 99,
    [["x"]], {"0": None}, {"-1": "x"}, {"99999999999999999999": "x"}, {"1": ["x"]},
    "AAAAAAAAAAAAAAAAA", [" "], ["x" * 5000], "٣", "ﬁ", "é́́́", float("nan"), float("inf"),
)  # fmt: skip
MOST_GROWTH = 48 * 2**20  # bytes


def bodies(count, seed):
    """Hostile bodies; the same for the same seed."""
    some = random.Random(seed)
    for _ in range(count):
        yield some.choice([noise, cut, torn, odd, odd, odd, strange, deep, recoded])(some)


def noise(some):
    return some.randbytes(some.randint(0, 300))


def cut(some):
    text = json.dumps(WISH).encode()
    return text[: some.randrange(len(text))]


def torn(some):
    text = bytearray(json.dumps(WISH).encode())
    for _ in range(some.randint(1, 4)):
        text[some.randrange(len(text))] = some.randrange(256)
    return bytes(text)


def odd(some):
    fields = some.sample(sorted(WISH), some.randint(1, 4))
    return json.dumps(WISH | {name: some.choice(ODD) for name in fields}).encode()


def strange(some):
    return json.dumps(some.choice([*ODD, {some.choice(["", "BARS", "é", "x" * 999]): 1}])).encode()


def deep(some):
    depth = some.choice([10, 1000, 100_000])
    return b"[" * depth + b"]" * some.choice([0, depth])


def recoded(some):
    wish = json.dumps(WISH)
    return wish.encode(some.choice(["utf-16", "utf-32", "utf-8-sig", "cp500"]))


def send(port, seed, count):
    """Send bodies over one connection after another's answer; how they were answered."""
    answers = Counter()
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for body in bodies(count, seed):
        line.request("POST", "/invocations", body, {"Content-Type": "application/json"})
        answer = line.getresponse()
        said = answer.read()
        answers[answer.status] += 1
        assert answer.status < 500 or answer.status == 503, (answer.status, body[:300], said)
        assert b"Traceback" not in said
        told = json.loads(said)
        assert answer.status == 200 or {"code", "message", "remedy"} <= set(told)
    line.close()
    return answers


def send_all(port, first_seed, count):
    with ThreadPoolExecutor(SENDERS) as pool:
        share = count // SENDERS
        told = pool.map(lambda place: send(port, first_seed + place, share), range(SENDERS))
        return sum(told, Counter())


@pytest.fixture
def container(tiny_dir):
    running = Container(tiny_dir, DEEP_HOP_ROWS="1", DEEP_HOP_WAITING="8", DEEP_HOP_SEATS="4")
    try:
        running.wait()
        yield running
    finally:
        running.process.kill()


@pytest.mark.timeout(300)
def test_every_hostile_body_is_answered_in_words_and_leaves_nothing_behind(container):
    said = []
    listener = threading.Thread(target=lambda: said.extend(container.process.stdout), daemon=True)
    listener.start()
    process = psutil.Process(container.process.pid)
    answers = send_all(container.port, 100, WARM_UP)
    size, threads = process.memory_info().rss, process.num_threads()
    answers += send_all(container.port, 200, BODIES - WARM_UP)

    assert answers.total() == BODIES
    assert set(answers) <= {200, 400, 413, 429}
    assert answers[400] > BODIES / 2
    assert process.memory_info().rss - size < MOST_GROWTH
    assert process.num_threads() <= threads
    assert container.ping() == 200
    assert container.ask({"topic": "rain", "bars": 2, "seed": 1}).status_code == 200
    container.process.send_signal(signal.SIGTERM)
    assert container.process.wait(30) == 0
    listener.join(10)
    assert not [line for line in said if "Traceback" in line]
