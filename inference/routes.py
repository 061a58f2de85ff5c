"""The container's routes: /ping and /invocations, as SageMaker calls them, and /metrics."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from bars.events import Event, Failed, Queued, Started, VerseWritten, encode, to_json
from bars.verse import RequestRefused, VerseRequest
from inference.desk import Desk, DeskFull
from inference.seat import Job

STREAMS = ("application/x-ndjson", "application/jsonlines")
LARGEST_BODY = 1_000_000  # bytes
MOST_BARS_AT_ONCE = 8  # without a stream: AWS cuts the answer at 60 seconds
HEARTBEAT = 2.0  # seconds between two queued events: only by telling is it known who has left
VISITOR = "x-amzn-sagemaker-custom-attributes"  # who asks, in the caller's own words
_LOOK = 1.0


class Room:
    """What the routes share: the desk, once the model can answer."""

    def __init__(self) -> None:
        self.desk: Desk | None = None
        self.metrics: Callable[[], bytes] = bytes


def create_app(room: Room) -> Starlette:
    app = Starlette(
        routes=[
            Route("/ping", _ping),
            Route("/metrics", _metrics),
            Route("/invocations", _invocations, methods=["POST"]),
        ],
        exception_handlers={HTTPException: _refuse, RequestRefused: _refuse_wish},
    )
    app.state.room = room
    return app


async def _ping(request: Request) -> Response:
    desk = request.app.state.room.desk
    answers = desk and not desk.closing and not desk.broken
    return Response(status_code=200 if answers else 503)


async def _metrics(request: Request) -> Response:
    page = request.app.state.room.metrics()
    return Response(page, media_type="text/plain; version=1.0.0; charset=utf-8")


async def _invocations(request: Request) -> Response:
    desk = request.app.state.room.desk
    if desk is None or desk.closing:
        return _error(503, "not_ready", "The model is not ready.", "Try again in a moment.")
    wish = await _read_wish(request)
    streams = any(kind in request.headers.get("accept", "") for kind in STREAMS)
    if not streams and wish.bars > MOST_BARS_AT_ONCE:
        message = f"More than {MOST_BARS_AT_ONCE} bars are only written as a stream."
        return _error(400, "too_long", message, f"Ask with Accept: {STREAMS[0]}, or for less bars.")
    try:
        job = desk.submit(wish, request.headers.get(VISITOR, ""))
    except DeskFull as full:
        return _too_many(full)
    if streams:
        return StreamingResponse(_lines(desk, job), media_type=STREAMS[0])
    return await _whole(request, desk, job)


async def _read_wish(request: Request) -> VerseRequest:
    body = b""
    try:
        async for part in request.stream():
            body += part
            if len(body) > LARGEST_BODY:
                raise HTTPException(413, f"The request has more than {LARGEST_BODY} bytes.")
    except ClientDisconnect as error:
        raise HTTPException(400, "The request was cut short.") from error
    try:
        wish = json.loads(body)
    except (ValueError, RecursionError) as error:  # also a number of thousands of digits
        raise HTTPException(400, "The request is not JSON that can be read.") from error
    return VerseRequest.from_json(wish)


async def _told(desk: Desk, job: Job) -> AsyncIterator[Event]:
    """The job's events, with its place in the queue until it begins."""
    begun, last, shown_at = False, (0, 0), 0.0
    while True:
        try:
            event = await asyncio.wait_for(job.events.get(), _LOOK)
        except TimeoutError:
            place = desk.place(job)
            now = time.monotonic()
            changed = place[0] != last[0] or now - shown_at >= HEARTBEAT
            if not begun and changed and place[0]:
                last, shown_at = place, now
                yield Queued(*place)
            continue
        begun = begun or isinstance(event, Started)
        yield event
        if isinstance(event, VerseWritten | Failed):
            return


async def _lines(desk: Desk, job: Job) -> AsyncIterator[bytes]:
    try:
        before, seconds = desk.place(job)
        if before:
            yield encode(Queued(before, seconds))
        async for event in _told(desk, job):
            yield encode(event)
    finally:
        desk.leave(job)


async def _whole(request: Request, desk: Desk, job: Job) -> Response:
    """The finished verse as one JSON object."""
    leaving = asyncio.create_task(_leave_with(request, desk, job))
    try:
        told = [event async for event in _told(desk, job)]
    finally:
        leaving.cancel()
    if isinstance(told[-1], Failed):
        failed = told[-1]
        return _error(503, failed.code, failed.message, failed.remedy)
    by_name: dict[str, Any] = {event.event: to_json(event) for event in told}
    bars = [to_json(event) for event in told if event.event == "bar"]
    body = {"request": job.request.to_json(), "start": by_name["start"], "bars": bars}
    return JSONResponse({**body, "verse": by_name["verse"]})


async def _leave_with(request: Request, desk: Desk, job: Job) -> None:
    while not await request.is_disconnected():
        await asyncio.sleep(_LOOK)
    desk.leave(job)
    job.events.put_nowait(Failed("left", "The caller has gone.", "Ask again."))


def _error(status: int, code: str, message: str, remedy: str, **more: Any) -> JSONResponse:
    return JSONResponse({"code": code, "message": message, "remedy": remedy, **more}, status)


def _too_many(full: DeskFull) -> Response:
    answer = _error(
        429, "busy", str(full), f"Try again in {full.seconds} s.", retry_after=full.seconds
    )
    answer.headers["Retry-After"] = str(full.seconds)
    return answer


async def _refuse(_: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    code = {400: "bad_request", 404: "not_found", 405: "wrong_method", 413: "too_large"}
    remedy = "GET /ping or /metrics, or POST a verse request as JSON to /invocations."
    message = str(getattr(error, "detail", "")) or "The request is refused."
    return _error(status, code.get(status, "refused"), message, remedy)


async def _refuse_wish(_: Request, error: Exception) -> Response:
    problems = error.problems if isinstance(error, RequestRefused) else ()
    fields = [problem.to_json() for problem in problems]
    return _error(
        400, "bad_request", "This verse cannot be asked for.", "Mend the fields.", fields=fields
    )
