"""InvokeEndpoint and InvokeEndpointWithResponseStream, answered by the endpoint's container."""

import http.client
import queue
import select
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

from werkzeug.wrappers import Response

from infrastructure.local_cloud import event_stream, refusals
from infrastructure.local_cloud.instance import Instance
from infrastructure.local_cloud.settings import CloudSettings

LARGEST_BODY = 25 * 2**20
LOOK_SECONDS = 0.5  # how often a silent stream looks whether its caller is still there
_TOO_LATE = "Your invocation timed out while waiting for a response from container primary."
_BROKEN = "The connection to container primary was closed before the response was complete."
VARIANT = "AllTraffic"
ATTRIBUTES = "X-Amzn-SageMaker-Custom-Attributes"  # SageMaker passes it on as it is
_HEAD, _PART, _END, _BREAK = "head", "part", "end", "break"


class CallerLeft(Exception):
    """Nobody reads the answer any more."""


class Exchange:
    """One request to a container, read by a thread so that its silence holds nobody up."""

    def __init__(self, port: int, body: bytes, headers: dict[str, str]) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port)
        self._headers = headers
        self._body = body
        self._told: queue.Queue[tuple[str, Any]] = queue.Queue(maxsize=64)
        self._closed = threading.Event()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        try:
            self._connection.request("POST", "/invocations", self._body, self._headers)
            answer = self._connection.getresponse()
            self._tell(_HEAD, (answer.status, answer.getheader("Content-Type", "")))
            while part := answer.read1(65536):
                self._tell(_PART, part)
            self._tell(_END, None)
        except (OSError, http.client.HTTPException, ValueError, AttributeError):
            self._tell(_BREAK, None)  # also when `close` takes the connection away
        finally:
            self._connection.close()

    def _tell(self, kind: str, what: Any) -> None:
        while not self._closed.is_set():
            try:
                return self._told.put((kind, what), timeout=LOOK_SECONDS)
            except queue.Full:
                continue

    def next(self, deadline: float, caller: socket.socket | None) -> tuple[str, Any]:
        """What the container did next; TimeoutError at the deadline, CallerLeft if nobody reads."""
        while True:
            if caller is not None and _has_left(caller):
                raise CallerLeft
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            try:
                return self._told.get(timeout=min(LOOK_SECONDS, left))
            except queue.Empty:
                continue

    def close(self) -> None:
        self._closed.set()
        if self._connection.sock:
            try:
                self._connection.sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                return  # the container has closed it already


def _has_left(caller: socket.socket) -> bool:
    try:
        readable, _, _ = select.select([caller], [], [], 0)
        return bool(readable) and caller.recv(1, socket.MSG_PEEK) == b""
    except (OSError, ValueError):
        return True


class Runtime:
    """The runtime's two operations over one instance's container."""

    def __init__(self, settings: CloudSettings) -> None:
        self._settings = settings

    def invoke(self, instance: Instance, body: bytes, headers: dict[str, Any]) -> Response:
        deadline = time.monotonic() + self._settings.invoke_seconds
        exchange, content_type = self._open(instance, body, headers, deadline)
        try:
            answer = b"".join(_parts(exchange, deadline, headers.get("caller")))
        except TimeoutError:
            raise refusals.model_error(0, b"", _TOO_LATE) from None
        except (ConnectionError, CallerLeft):
            raise refusals.model_error(503, b"", _BROKEN) from None
        finally:
            exchange.close()
        return Response(
            answer, 200, {"x-Amzn-Invoked-Production-Variant": VARIANT}, None, content_type
        )

    def stream(self, instance: Instance, body: bytes, headers: dict[str, Any]) -> Response:
        deadline = time.monotonic() + self._settings.stream_seconds
        exchange, content_type = self._open(instance, body, headers, deadline)
        return Response(
            _frames(exchange, deadline, headers["caller"]),
            200,
            {
                "x-Amzn-Invoked-Production-Variant": VARIANT,
                "X-Amzn-SageMaker-Content-Type": content_type,
            },
            content_type=event_stream.CONTENT_TYPE,
            direct_passthrough=True,
        )

    def _open(
        self, instance: Instance, body: bytes, headers: dict[str, Any], deadline: float
    ) -> tuple[Exchange, str]:
        """The exchange after a 200, with the content type; a ModelError for anything else."""
        if len(body) > LARGEST_BODY:
            raise refusals.too_large(LARGEST_BODY)
        if not instance.answering.is_set():
            raise refusals.model_error(503, b"")
        sent = {"Content-Type": headers["content_type"], "Accept": headers["accept"]}
        if attributes := headers.get("attributes"):
            sent[ATTRIBUTES] = attributes
        exchange = Exchange(instance.port, body, sent)
        limit = min(deadline, time.monotonic() + self._settings.invoke_seconds)
        try:
            kind, what = exchange.next(limit, headers.get("caller"))
            status, content_type = what if kind == _HEAD else (503, "")
            if status != 200:
                said = b"".join(_parts(exchange, limit, None)) if kind == _HEAD else b""
                raise refusals.model_error(status, said)
            return exchange, content_type
        except TimeoutError:
            exchange.close()
            raise refusals.model_error(0, b"", _TOO_LATE) from None
        except (ConnectionError, CallerLeft, refusals.Refusal) as error:
            exchange.close()
            if isinstance(error, refusals.Refusal):
                raise
            raise refusals.model_error(503, b"", _BROKEN) from error


def _parts(exchange: Exchange, deadline: float, caller: socket.socket | None) -> Iterator[bytes]:
    while True:
        kind, what = exchange.next(deadline, caller)
        if kind == _PART:
            yield what
        elif kind == _BREAK:
            raise ConnectionError(_BROKEN)
        else:
            return


def _frames(exchange: Exchange, deadline: float, caller: socket.socket) -> Iterator[bytes]:
    try:
        for part in _parts(exchange, deadline, caller):
            yield from event_stream.payload_parts(part)
    except TimeoutError:
        yield event_stream.stream_error(_TOO_LATE, "ModelInvocationTimeExceeded")
    except ConnectionError:
        yield event_stream.stream_error(_BROKEN, "StreamBroken")
    except CallerLeft:
        return
    finally:
        exchange.close()
