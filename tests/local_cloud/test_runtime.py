"""Invocations: what the container says, how its errors travel, and streams in real frames."""

import json
import time
from datetime import UTC, datetime, timedelta

import pytest
from botocore.exceptions import ClientError, EventStreamError

from bars.events import read_events
from tests.local_cloud.cloud import until
from webapp.notices import Notices
from webapp.usage import Usage


@pytest.fixture(scope="module")
def served(shared):
    shared.serve("served")
    return shared


def error_of(call, *arguments, **named):
    with pytest.raises(ClientError) as raised:
        call(*arguments, **named)
    return raised.value.response


def parts(answer):
    for event in answer["Body"]:
        yield event["PayloadPart"]["Bytes"]


def test_an_answer_is_the_containers_own(served):
    told = json.loads(served.invoke("served", hello="world"))

    assert told["wish"] == {"hello": "world"}


def test_an_unknown_endpoint_is_a_validation_error(served):
    error = error_of(served.invoke, "nobody")["Error"]

    assert (error["Code"], "not found" in error["Message"]) == ("ValidationError", True)


@pytest.mark.parametrize("call", ["invoke", "stream"])
@pytest.mark.parametrize("status", [400, 429, 500])
def test_a_containers_error_is_a_model_error_that_carries_it(served, call, status):
    told = error_of(getattr(served, call), "served", do="fail", status=status)

    assert told["Error"]["Code"] == "ModelError"
    assert told["ResponseMetadata"]["HTTPStatusCode"] == 424
    assert (told["OriginalStatusCode"], told["OriginalMessage"]) == (status, '{"code": "bad"}')


def test_the_wish_for_a_stream_reaches_the_container(served):
    (told,) = read_events(parts(served.stream("served")))

    assert told["accept"] == "application/x-ndjson"


def test_who_asks_reaches_the_container(served):
    answer = served.client("sagemaker-runtime").invoke_endpoint_with_response_stream(
        EndpointName="served", Body="{}", CustomAttributes="visitor 7"
    )

    (told,) = read_events(parts(answer))

    assert told["attributes"] == "visitor 7"


def test_a_stream_arrives_while_it_is_written_and_not_cut_at_its_lines(served):
    answer = served.stream("served", do="stream", lines=5, pause=0.3)

    received = [(time.time(), part) for part in parts(answer)]

    assert [e["line"] for e in read_events(part for _, part in received)] == [0, 1, 2, 3, 4]
    assert not all(part.endswith(b"\n") for _, part in received)
    assert received[-1][0] - received[0][0] > 0.8


def test_a_container_that_dies_breaks_the_stream_with_an_error(shared, name):
    shared.serve(name)
    answer = shared.stream(name, do="stream", lines=9, pause=0.05, die_after=2)

    received = []
    with pytest.raises(EventStreamError, match="ModelStreamError"):
        received.extend(parts(answer))

    assert [event["line"] for event in read_events(received)] == [0, 1, 2]
    shared.gone(name)


def test_a_caller_who_leaves_ends_the_containers_work(served):
    answer = served.stream("served", do="stream", lines=1000, pause=0.05)
    next(parts(answer))

    answer["Body"].close()

    until(lambda: "caller left" in served.notes.read_text(), 10, "the container noticed")


def test_a_slow_answer_holds_up_nobody_else(served):
    before = served.notes.read_text().count("all written")
    answer = served.stream("served", do="stream", lines=200, pause=0.1)
    next(parts(answer))

    served.client("sagemaker").list_endpoints()
    served.invoke("served")

    assert served.notes.read_text().count("all written") == before
    answer["Body"].close()


def test_invocations_are_counted_as_sagemaker_counts_them(served):
    counted = Usage(served.client("cloudwatch"), "served")
    now = datetime.now(UTC)
    assert counted.last_invocation(now - timedelta(hours=2), now - timedelta(hours=1)) is None

    served.invoke("served", hello="world")

    later = datetime.now(UTC) + timedelta(minutes=1)
    assert counted.last_invocation(now - timedelta(minutes=1), later) > now
    assert Usage(served.client("cloudwatch"), "other").last_invocation(now, later) is None


def test_notices_lie_in_a_file(served):
    notices = Notices(served.client("sns"), "hop-notices")

    assert notices.send("Not ready: Größe", "It is still starting.")
    notices.subscribe("ada@example.org")

    (line,) = (served.data / "notices.jsonl").read_text().splitlines()
    told = json.loads(line)
    assert (told["Subject"], told["Message"]) == ("Not ready: Größe", "It is still starting.")
