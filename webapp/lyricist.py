"""The model behind the endpoint, as the site uses it: a request in, events out."""

import json
import logging
from collections.abc import Iterator
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError

from bars.events import Failed, read_events, to_json
from bars.verse import VerseRequest

log = logging.getLogger(__name__)
STREAM_TYPE = "application/x-ndjson"
_BROKEN = Failed(
    "broken",
    "The model stopped in the middle of this verse.",
    "Try again in a moment: it restarts by itself.",
)


class LyricistUnavailable(Exception):
    """No verse can be written now; `remedy` says what the visitor can do."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.remedy = remedy


class LyricistBusy(Exception):
    """The waiting room is full; `seconds` is when to try again."""

    def __init__(self, seconds: int) -> None:
        super().__init__("Too many verses are being written at the moment.")
        self.seconds = seconds


class Lyricist:
    """Writes verses through InvokeEndpointWithResponseStream."""

    def __init__(self, runtime: Any, endpoint: str) -> None:
        self._runtime = runtime
        self._endpoint = endpoint

    def write(self, request: VerseRequest, visitor: str = "") -> Iterator[dict[str, Any]]:
        """The events of a verse; the last is `verse` or `error`. Closing it ends the work.

        Visitors with a name take turns at the model.
        Raises LyricistUnavailable or LyricistBusy before the first event.
        """
        try:
            answer = self._runtime.invoke_endpoint_with_response_stream(
                EndpointName=self._endpoint,
                ContentType="application/json",
                Accept=STREAM_TYPE,
                Body=json.dumps(request.to_json()).encode(),
                **({"CustomAttributes": visitor} if visitor else {}),
            )
        except ClientError as error:
            raise _translated(error) from error
        except BotoCoreError as error:
            log.warning("The endpoint cannot be reached: %s", error)
            raise LyricistUnavailable(
                "The model cannot be reached.", "Try again in a moment."
            ) from error
        return _events(answer["Body"])


def _events(body: Any) -> Iterator[dict[str, Any]]:
    complete = False
    try:
        for event in read_events(part["PayloadPart"]["Bytes"] for part in body):
            complete = event["event"] in {"verse", "error"}
            yield event
    except (ClientError, BotoCoreError, HTTPClientError, ValueError, OSError) as error:
        log.warning("A stream broke: %s", error)
    finally:
        body.close()
    if not complete:
        yield to_json(_BROKEN)


def _translated(error: ClientError) -> Exception:
    code = error.response["Error"]["Code"]
    if code == "ModelError":
        return _translated_model_error(error)
    if code in {"ValidationError", "ValidationException"}:
        return LyricistUnavailable("The model is off.", "Come back when the next demo is on.")
    log.warning("The endpoint refused: %s", error)
    return LyricistUnavailable("The model does not answer.", "Try again in a moment.")


def _translated_model_error(error: ClientError) -> Exception:
    if error.response.get("OriginalStatusCode") == 429:
        try:
            seconds = int(json.loads(error.response["OriginalMessage"])["retry_after"])
        except (KeyError, TypeError, ValueError):
            seconds = 10
        return LyricistBusy(seconds)
    log.warning("The container refused: %s", error.response.get("OriginalMessage", error))
    return LyricistUnavailable(
        "The model is not ready for verses at this moment.", "Try again in a moment."
    )
