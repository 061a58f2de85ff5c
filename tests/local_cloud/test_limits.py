"""The runtime's time limits, made short; the frames, byte by byte."""

import json
import sys
import threading

import pytest
from botocore.eventstream import EventStreamBuffer
from hypothesis import given
from hypothesis import strategies as st

from infrastructure.local_cloud import event_stream
from infrastructure.local_cloud.container import Container
from infrastructure.local_cloud.log_sink import LogSink
from infrastructure.local_cloud.refusals import Refusal
from infrastructure.local_cloud.runtime import LARGEST_BODY, Runtime
from infrastructure.local_cloud.settings import CloudSettings
from tests.local_cloud.cloud import PROGRAM, until

HEADERS = {"content_type": "application/json", "accept": "*/*", "caller": None}


class FakeInstance:
    """An instance whose container answers."""

    def __init__(self, port):
        self.port = port
        self.answering = threading.Event()
        self.answering.set()


@pytest.fixture
def instance(tmp_path):
    (tmp_path / "model").mkdir()
    sink = LogSink(tmp_path / "log", lambda *_: None)
    container = Container([sys.executable, str(PROGRAM)], tmp_path, {}, sink, stop_seconds=5)
    container.start()
    until(container.answers)
    yield FakeInstance(container.port)
    container.stop()


def runtime(tmp_path, **limits):
    return Runtime(CloudSettings(tmp_path, **limits))


def test_an_answer_that_takes_too_long_is_a_model_error(instance, tmp_path):
    wish = json.dumps({"do": "sleep", "seconds": 5}).encode()

    with pytest.raises(Refusal, match="timed out") as raised:
        runtime(tmp_path, invoke_seconds=0.3).invoke(instance, wish, HEADERS)

    assert (raised.value.code, raised.value.status) == ("ModelError", 424)


def test_a_stream_that_takes_too_long_ends_with_an_error(instance, tmp_path):
    wish = json.dumps({"do": "stream", "lines": 100, "pause": 0.1}).encode()

    frames = runtime(tmp_path, stream_seconds=0.5).stream(instance, wish, HEADERS).response

    *_, last = list(frames)
    assert b"ModelInvocationTimeExceeded" in last


def test_a_body_beyond_the_limit_is_refused(instance, tmp_path):
    with pytest.raises(Refusal, match="exceeds the limit"):
        runtime(tmp_path).invoke(instance, b"x" * (LARGEST_BODY + 1), HEADERS)


@given(st.binary(max_size=5000))
def test_frames_give_their_bytes_back(data):
    buffer = EventStreamBuffer()
    for frame in event_stream.payload_parts(data):
        buffer.add_data(frame)

    assert b"".join(event.payload for event in buffer) == data
