"""The container as SageMaker meets it: a process, /ping, /invocations, SIGTERM."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
import requests

from bars.checksums import write_checksums
from bars.events import read_events
from tests.inference.tiny_model import make_model, make_model_dir, make_tokenizer

ROOT = Path(__file__).parent.parent.parent
STREAM = {"Accept": "application/x-ndjson"}
LONG = {"topic": "rain", "bars": 16, "scheme": "AAAA"}


class Container:
    """`python -m inference serve` on a model directory."""

    def __init__(self, base, **settings):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self.process = subprocess.Popen(
            [sys.executable, "-m", "inference", "serve"],
            cwd=ROOT,
            env=os.environ
            | {
                "SAGEMAKER_BASE_DIR": str(base),
                "SAGEMAKER_BIND_TO_PORT": str(self.port),
                "DEEP_HOP_BIND_HOST": "127.0.0.1",
                "DEEP_HOP_THREADS": "1",
            }
            | settings,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def ping(self):
        with contextlib.suppress(requests.ConnectionError):
            return requests.get(f"{self.address}/ping", timeout=2).status_code
        return None

    def wait(self):
        seen = []
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            assert self.process.poll() is None, self.process.stdout.read()
            seen.append(self.ping())
            if seen[-1] == 200:
                return seen
            time.sleep(0.1)
        raise AssertionError("The container never answered.")

    def ask(self, wish, **more):
        url = f"{self.address}/invocations"
        return requests.post(url, json=wish, timeout=60, **more)

    def stream(self, wish):
        return self.ask(wish, headers=STREAM, stream=True)

    def end(self):
        """SIGTERM; the exit code and everything that was said."""
        self.process.send_signal(signal.SIGTERM)
        said, _ = self.process.communicate(timeout=35)
        return self.process.returncode, said


def events_of(answer):
    return read_events(answer.iter_content(None))


@pytest.fixture(scope="module")
def container(tiny_dir):
    running = Container(tiny_dir, DEEP_HOP_SEATS="1", DEEP_HOP_WAITING="2", DEEP_HOP_ROWS="32")
    running.seen = running.wait()
    yield running
    if running.process.poll() is None:
        running.end()


def test_the_port_opens_before_torch_is_there():
    """Its import takes seconds, and how its threads wait must be set before."""
    told = "import sys, inference.serve; sys.exit('torch' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", told], cwd=ROOT, check=False).returncode == 0


def test_ping_says_503_until_the_model_can_answer(container):
    assert 503 in container.seen
    assert container.seen[-1] == 200


def test_a_verse_streams_as_json_lines(container):
    events = list(events_of(container.stream({"topic": "rain", "bars": 4, "seed": 1})))

    assert (events[0]["event"], events[-1]["event"]) == ("start", "verse")
    assert sum(event["event"] == "bar" for event in events) == 4


def test_a_verse_comes_as_one_object_when_no_stream_is_asked_for(container):
    told = container.ask({"topic": "rain", "bars": 2, "seed": 1}).json()

    assert set(told) == {"request", "start", "bars", "verse"}
    assert len(told["bars"]) == 2


def test_a_long_verse_must_be_streamed(container):
    answer = container.ask(LONG)

    assert (answer.status_code, answer.json()["code"]) == (400, "too_long")


def test_ping_answers_in_time_while_a_verse_is_written(container):
    answer = container.stream(LONG)
    next(events_of(answer))
    took = []
    for _ in range(5):
        began = time.monotonic()
        assert container.ping() == 200
        took.append(time.monotonic() - began)
    answer.close()

    assert max(took) < 2


MALFORMED = [
    (b"", 400, None),
    (b"{", 400, None),
    (b"\xff", 400, None),
    (b"[" * 100_000, 400, None),
    (b"null", 400, "body"),
    (b"[]", 400, "body"),
    (b'"verse"', 400, "body"),
    (b"7", 400, "body"),
    (b"{}", 400, "topic"),
    (b'{"topic": 7}', 400, "topic"),
    (b'{"topic": null}', 400, "topic"),
    (b'{"topic": ["x"]}', 400, "topic"),
    (b'{"topic": "' + b"x" * 121 + b'"}', 400, "topic"),
    (b'{"topic": "   "}', 400, "topic"),
    (b'{"opening": 7}', 400, "opening"),
    (b'{"opening": [7]}', 400, "opening"),
    (b'{"opening": {"a": 1}}', 400, "opening"),
    (b'{"opening": "\\u043f\\u0440"}', 400, "opening"),
    (b'{"opening": "!!!"}', 400, "opening"),
    (b'{"opening": "a b\\nc d\\ne f\\ng h\\ni j", "bars": 8}', 400, "opening"),
    (b'{"topic": "x", "bars": 0}', 400, "bars"),
    (b'{"topic": "x", "bars": 17}', 400, "bars"),
    (b'{"topic": "x", "bars": "4"}', 400, "bars"),
    (b'{"topic": "x", "bars": 1e400}', 400, "bars"),
    (b'{"topic": "x", "bars": NaN}', 400, "bars"),
    (b'{"topic": "x", "scheme": "A-B"}', 400, "scheme"),
    (b'{"topic": "x", "scheme": 1}', 400, "scheme"),
    (b'{"topic": "x", "scheme": "\\ud800"}', 400, "scheme"),
    (b'{"topic": "x", "\\ud800": 1}', 400, "?"),
    (b'{"topic": "x", "syllables": 99}', 400, "syllables"),
    (b'{"topic": "x", "rhyme": "eye"}', 400, "rhyme"),
    (b'{"topic": "x", "temperature": -1}', 400, "temperature"),
    (b'{"topic": "x", "top_p": 2}', 400, "top_p"),
    (b'{"topic": "x", "seed": 1.5}', 400, "seed"),
    (b'{"topic": "x", "language": "polite"}', 400, "language"),
    (b'{"topic": "x", "sounds": {"a": "AH0"}}', 400, "sounds"),
    (b'{"opening": "a", "sounds": {"\\ud800": "b"}}', 400, "sounds"),
    (b'{"opening": "a", "sounds": {"a": "\\ud800"}}', 400, "sounds"),
    (b'{"topic": "x", "volume": 11}', 400, "volume"),
    (b'{"topic": "x", "seed": ' + b"1" * 5000 + b"}", 400, None),
    (b'{"topic": "x", "keep": {"' + b"9" * 5000 + b'": "a"}}', 400, "keep"),
    (b'{"topic": "x", "keep": {"01": "a"}}', 400, "keep"),
    (b'{"topic": "x", "internal": "yes"}', 400, "internal"),
    (b'{"topic": "x", "alternatives": []}', 400, "alternatives"),
    (b'{"topic": "' + b"x" * 1_000_001 + b'"}', 413, None),
]


@pytest.mark.parametrize("accept", ["application/json", "application/x-ndjson"])
@pytest.mark.parametrize(("body", "status", "field"), MALFORMED, ids=range(len(MALFORMED)))
def test_a_malformed_request_is_refused_in_words(container, body, status, field, accept):
    answer = requests.post(
        f"{container.address}/invocations", data=body, headers={"Accept": accept}, timeout=10
    )

    told = answer.json()
    assert answer.status_code == status
    assert told["message"].endswith(".") and told["remedy"]
    assert [problem["field"] for problem in told.get("fields", [])] == ([field] if field else [])


@pytest.mark.parametrize(
    ("verb", "path", "status"),
    [("GET", "/invocations", 405), ("POST", "/ping", 405), ("GET", "/nothing", 404)],
)
def test_other_routes_are_refused_as_json(container, verb, path, status):
    answer = requests.request(verb, container.address + path, timeout=5)

    assert (answer.status_code, "message" in answer.json()) == (status, True)


def test_a_verse_longer_than_the_model_can_read_ends_with_a_sentence(container):
    keep = {str(place): "😀" * 100 + " a" for place in range(15)}

    last = list(events_of(container.stream({"topic": "x", "bars": 16, "keep": keep})))[-1]

    assert (last["event"], last["code"]) == ("error", "too_long")
    assert container.ask({"topic": "rain", "bars": 1}).ok


def test_beyond_the_queue_is_a_429_that_says_when(container):
    answers = [container.stream(LONG) for _ in range(3)]
    streams = [events_of(answer) for answer in answers]
    first = [next(stream) for stream in streams]

    refused = container.stream(LONG)

    assert [event["event"] for event in first] == ["start", "queued", "queued"]
    assert [event["position"] for event in first[1:]] == [1, 2]
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) == refused.json()["retry_after"] > 0
    for answer in answers:
        answer.close()


def test_a_client_that_goes_away_stops_its_work(container):
    for _ in range(5):
        answer = container.stream(LONG)
        next(events_of(answer))
        answer.close()

    began = time.monotonic()
    assert container.ask({"topic": "rain", "bars": 1}).ok
    assert time.monotonic() - began < 5


def test_sigterm_ends_streams_with_an_event_and_the_process_with_0(tiny_dir):
    container = Container(tiny_dir, DEEP_HOP_SEATS="1", DEEP_HOP_ROWS="16")
    container.wait()
    answers = [container.stream(LONG) for _ in range(3)]
    streams = [events_of(answer) for answer in answers]
    first = [next(stream)["event"] for stream in streams]
    last = [None] * 3

    def read(place):
        last[place] = list(streams[place])[-1]

    readers = [threading.Thread(target=read, args=(place,)) for place in range(3)]
    for reader in readers:
        reader.start()
    code, said = container.end()
    for reader in readers:
        reader.join(5)

    assert first == ["start", "queued", "queued"]
    assert code == 0, said
    assert last[0]["event"] in {"verse", "error"}
    assert [event["code"] for event in last[1:]] == ["stopping", "stopping"]
    assert "phase=loading" in said and "phase=ready" in said


def test_sigterm_while_loading_ends_the_process_with_0(tiny_dir):
    container = Container(tiny_dir)
    while container.ping() is None:
        time.sleep(0.05)

    code, said = container.end()

    assert code == 0, said


def corrupt_the_weights(model):
    weights = model / "base" / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-5000])


def flip_a_bit(model):
    weights = model / "base" / "model.safetensors"
    write_checksums(model / "base", [weights])
    data = bytearray(weights.read_bytes())
    data[-5000] ^= 1
    weights.write_bytes(data)


def lose_the_adapters_weights(model):
    (model / "adapter" / "adapter_model.safetensors").unlink()


def put_another_base_there(model):
    make_model(len(make_tokenizer()), layers=3).save_pretrained(model / "base")


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (corrupt_the_weights, "cannot be loaded"),
        (flip_a_bit, "model.safetensors is damaged: its checksum is"),
        (lose_the_adapters_weights, "adapter_model.safetensors is missing."),
        (put_another_base_there, "does not fit the base model"),
    ],
)
def test_a_damaged_model_is_never_ready_and_ends_with_a_sentence(tmp_path, damage, told):
    damage(make_model_dir(tmp_path, adapter=True) / "model")
    container, seen = Container(tmp_path), []
    while container.process.poll() is None:
        seen.append(container.ping())
        time.sleep(0.1)

    said = container.process.stdout.read()
    assert 503 in seen
    assert set(seen) <= {503, None}
    assert container.process.returncode == 1
    assert told in said
    assert "Traceback" not in said


def test_an_unknown_prompt_version_ends_the_process_with_a_sentence(tmp_path):
    container = Container(make_model_dir(tmp_path, prompt_version=9))

    said, _ = container.process.communicate(timeout=40)

    assert container.process.returncode == 1
    assert "The model was trained with prompt version 9, and this image speaks 1, 2." in said
    assert "Traceback" not in said


def test_bad_settings_end_the_process_with_a_sentence(tmp_path):
    container = Container(tmp_path, DEEP_HOP_QUANTIZATION="int3")

    said, _ = container.process.communicate(timeout=20)

    assert container.process.returncode == 1
    assert said == "DEEP_HOP_QUANTIZATION is 'int3'; it must be of auto, none, int8.\n"


def test_its_work_is_told_in_the_form_of_prometheus(tiny_dir):
    container = Container(tiny_dir, DEEP_HOP_SEATS="3")
    container.wait()
    container.ask({"topic": "rain", "bars": 2, "seed": 1})

    for _ in range(50):  # a verse is told before its step is counted
        page = requests.get(f"{container.address}/metrics", timeout=5)
        figures = dict(line.rsplit(" ", 1) for line in page.text.splitlines() if line[0] != "#")
        if 'deep_hop_verses_total{end="written"}' in figures:
            break
        time.sleep(0.1)
    container.end()

    assert page.headers["Content-Type"].startswith("text/plain")
    assert float(figures["deep_hop_tokens_total"]) > 100
    assert float(figures["deep_hop_seats"]) == 3
    assert float(figures['deep_hop_verses_total{end="written"}']) == 1
    assert 0 < float(figures["deep_hop_constraint_share"]) < 1


def test_many_at_once_get_the_verses_that_they_would_get_alone(tiny_dir):
    container = Container(tiny_dir, DEEP_HOP_SEATS="8")
    container.wait()
    wishes = [{"topic": "rain", "bars": 4, "seed": seed} for seed in range(6)]
    alone = [[bar["text"] for bar in container.ask(wish).json()["bars"]] for wish in wishes]
    together = [None] * len(wishes)

    def ask(place):
        told = container.ask(wishes[place]).json()
        together[place] = [bar["text"] for bar in told["bars"]]

    askers = [threading.Thread(target=ask, args=(place,)) for place in range(len(wishes))]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join(60)
    container.end()

    assert together == alone
