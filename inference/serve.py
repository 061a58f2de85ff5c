"""Serving: the port opens at once, the model loads beside it, SIGTERM ends it gently."""

import logging
import os
import signal
import threading
import time
from functools import partial
from types import FrameType

import uvicorn

from bars.run import RunRefused
from inference.desk import Desk
from inference.loading import ModelUnusable, load_writer
from inference.routes import Room, create_app
from inference.settings import ServeSettings

log = logging.getLogger(__name__)
_LAST_WORDS = 5  # seconds that streams have for their last event after a verse's grace


class _Server(uvicorn.Server):
    """uvicorn, that closes the desk as soon as a signal comes."""

    def __init__(self, config: uvicorn.Config, room: Room) -> None:
        super().__init__(config)
        self._room = room

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if self._room.desk:
            self._room.desk.close()
        super().handle_exit(sig, frame)


def serve(settings: ServeSettings) -> int:
    """Serve until a signal comes; returns the exit code: 0, or 1 if the model cannot be served."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)  # uvicorn raises it once more when it has ended
    os.environ["HF_HUB_OFFLINE"] = "1"  # a container never fetches from a hub
    # threads that spin for long while they wait make a busy machine twice as slow, and threads
    # that fall asleep at once an idle one
    os.environ.setdefault("GOMP_SPINCOUNT", "1000")
    room = Room()
    config = uvicorn.Config(
        create_app(room),
        host=settings.host,
        port=settings.port,
        log_level="warning",
        timeout_graceful_shutdown=int(settings.grace) + _LAST_WORDS,
        lifespan="off",
    )
    server = _Server(config, room)
    failures: list[Exception] = []
    threading.Thread(
        target=_load, args=(settings, room, server, failures), name="loader", daemon=True
    ).start()
    server.run()
    for failure in failures:
        log.error("%s", failure)
    return 1 if failures or not server.started else 0


def _load(
    settings: ServeSettings, room: Room, server: uvicorn.Server, failures: list[Exception]
) -> None:
    began = time.monotonic()
    log.info("phase=loading model=%s", settings.model_dir)
    try:
        from inference.metrics import metrics_page
        from inference.seats import seats_for

        writer = load_writer(settings)
        seats = settings.seats or seats_for(writer.engine, settings.rows)
        desk = Desk(
            writer, writer.engine, seats, settings.waiting, settings.grace,
            settings.deadline, on_broken=lambda: _end(server, failures),
        )  # fmt: skip
    except (RunRefused, ModelUnusable) as error:
        failures.append(error)
    except Exception as error:
        log.exception("The model cannot be loaded.")
        failures.append(error)
    else:
        room.metrics = partial(metrics_page, desk, writer.engine)
        room.desk = desk
        log.info("phase=ready seconds=%.1f seats=%s", time.monotonic() - began, seats)
        return
    server.should_exit = True


def _end(server: uvicorn.Server, failures: list[Exception]) -> None:
    """End the process, so that the platform starts another."""
    failures.append(ModelUnusable("The model failed again and again while it wrote."))
    server.should_exit = True
