"""The model behind the endpoint, as the site uses it."""

import json

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError

from bars.verse import VerseRequest
from webapp.lyricist import Lyricist, LyricistBusy, LyricistUnavailable

REQUEST = VerseRequest.from_json({"topic": "rain"})
START = b'{"event": "start"}\n'
VERSE = b'{"event": "verse"}\n'


class FakeBody:
    """A response stream in the parts that a test gives; an exception among them is raised."""

    def __init__(self, parts):
        self.parts = parts
        self.closed = False

    def __iter__(self):
        for part in self.parts:
            if isinstance(part, Exception):
                raise part
            yield {"PayloadPart": {"Bytes": part}}

    def close(self):
        self.closed = True


class FakeRuntime:
    """Answers with a body, or refuses with an error; remembers what it was asked."""

    def __init__(self, *parts, error=None):
        self.body = FakeBody(parts)
        self.error = error
        self.asked = []

    def invoke_endpoint_with_response_stream(self, **request):
        self.asked.append(request)
        if self.error:
            raise self.error
        return {"Body": self.body}


def names(events):
    return [event["event"] for event in events]


def test_a_visitor_is_named_to_the_container():
    runtime = FakeRuntime(START + VERSE)

    list(Lyricist(runtime, "hop").write(REQUEST, "v1"))

    assert runtime.asked[0]["CustomAttributes"] == "v1"


def test_events_arrive_whole_however_the_stream_is_cut():
    cut = [(START + VERSE)[i : i + 5] for i in range(0, 40, 5)]
    runtime = FakeRuntime(*cut)

    assert names(Lyricist(runtime, "hop").write(REQUEST)) == ["start", "verse"]
    assert runtime.body.closed
    assert runtime.asked[0]["EndpointName"] == "hop"
    assert json.loads(runtime.asked[0]["Body"])["topic"] == "rain"


def test_closing_the_events_closes_the_stream():
    runtime = FakeRuntime(START, VERSE)
    events = Lyricist(runtime, "hop").write(REQUEST)
    next(events)
    events.close()

    assert runtime.body.closed


@pytest.mark.parametrize(
    "broken",
    [
        (START,),
        (START, b'{"event": "bar", "te'),
        (START, ReadTimeoutError(endpoint_url="x")),
        (START, ClientError({"Error": {"Code": "ModelStreamError"}}, "Invoke")),
        (START, ConnectionResetError("gone")),
        (START, b"garbage\n"),
    ],
)
def test_a_stream_that_breaks_ends_in_an_error_event_with_a_remedy(broken):
    events = list(Lyricist(FakeRuntime(*broken), "hop").write(REQUEST))

    assert names(events) == ["start", "error"]
    assert "Try again" in events[-1]["remedy"]


def model_error(status, message):
    return ClientError(
        {
            "Error": {"Code": "ModelError", "Message": "x"},
            "OriginalStatusCode": status,
            "OriginalMessage": message,
        },
        "Invoke",
    )


def test_a_full_waiting_room_says_when_to_come_back():
    runtime = FakeRuntime(error=model_error(429, '{"retry_after": 17}'))

    with pytest.raises(LyricistBusy) as busy:
        Lyricist(runtime, "hop").write(REQUEST)
    assert busy.value.seconds == 17


@pytest.mark.parametrize(
    "error",
    [
        ClientError({"Error": {"Code": "ValidationError", "Message": "not found"}}, "Invoke"),
        ClientError({"Error": {"Code": "ThrottlingException", "Message": "slow"}}, "Invoke"),
        model_error(503, "the container is starting"),
        EndpointConnectionError(endpoint_url="x"),
    ],
)
def test_a_model_that_cannot_answer_is_unavailable_with_a_remedy(error):
    with pytest.raises(LyricistUnavailable) as unavailable:
        Lyricist(FakeRuntime(error=error), "hop").write(REQUEST)
    assert unavailable.value.remedy
