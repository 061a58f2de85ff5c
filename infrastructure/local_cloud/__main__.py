"""The local cloud's program: python -m infrastructure.local_cloud serve --data DIR"""

import argparse
import fcntl
import json
import logging
import os
import shutil
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from infrastructure.local_cloud.endpoints import Endpoints
from infrastructure.local_cloud.front import Front
from infrastructure.local_cloud.keeper import Keeper
from infrastructure.local_cloud.minute_rule import MinuteRule, rule_env
from infrastructure.local_cloud.moto_adapter import Moto
from infrastructure.local_cloud.notice_file import NoticeFile
from infrastructure.local_cloud.runtime import Runtime
from infrastructure.local_cloud.settings import CloudSettings, CloudSettingsWrong, read_images
from infrastructure.local_cloud.training.jobs import TrainingJobs

log = logging.getLogger(__name__)


def main(argv: list[str] | None = None) -> None:
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    try:
        serve(_read_arguments(argv))
    except CloudSettingsWrong as error:
        sys.exit(str(error))


def _read_arguments(argv: list[str] | None) -> CloudSettings:
    parser = argparse.ArgumentParser(
        prog="python -m infrastructure.local_cloud",
        description="AWS on this machine: moto's server, and real endpoints and training jobs.",
    )
    commands = parser.add_subparsers(dest="command", required=True)
    command = commands.add_parser("serve", help="run until SIGTERM or Ctrl-C")
    command.add_argument("--data", type=Path, required=True, help="folder of its state")
    command.add_argument("--port", type=int, default=0, help="port on 127.0.0.1 (any free one)")
    command.add_argument(
        "--minute", type=float, default=60, help="seconds between two runs of the minute rule (60)"
    )
    command.add_argument(
        "--image", action="append", default=[], metavar="NAME=COMMAND", help="program of an image"
    )
    command.add_argument(
        "--train-stop",
        type=float,
        default=120,
        help="seconds between SIGTERM and SIGKILL of a training job (120, as on AWS)",
    )
    arguments = parser.parse_args(argv)
    return CloudSettings(
        arguments.data.resolve(),
        arguments.port,
        arguments.minute,
        read_images(arguments.image),
        train_stop_seconds=arguments.train_stop,
    )


def serve(settings: CloudSettings) -> None:
    """Run the local cloud until a signal ends it."""
    with _only_one(settings):
        shutil.rmtree(settings.instances, ignore_errors=True)  # of a run that was killed
        moto = Moto()
        keeper = Keeper(settings.data, moto)
        keeper.restore()
        endpoints = Endpoints(settings, moto, keeper)
        training = TrainingJobs(settings, moto, keeper)
        training.restore()
        notices = NoticeFile(settings.data / "notices.jsonl")
        front = Front(moto, keeper, endpoints, Runtime(settings), training, notices)
        server = _open(settings, front)
        address = f"http://127.0.0.1:{server.port}"
        rule = MinuteRule(settings.minute, rule_env(address))
        ending = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: ending.set())
        front_door = partial(server.serve_forever, poll_interval=0.1)  # seconds to the end
        threading.Thread(target=front_door, name="front", daemon=True).start()
        _tell_address(settings, address)
        rule.start()
        try:
            ending.wait()
        finally:
            settings.address_file.unlink(missing_ok=True)
            training.abandon()
            rule.stop()
            endpoints.stop_all()
            training.join()
            server.shutdown()
            keeper.close()


class QuietHandler(WSGIRequestHandler):
    """Speaks HTTP/1.1 and leaves the log to what goes wrong."""

    protocol_version = "HTTP/1.1"

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        return


def _open(settings: CloudSettings, front: Front) -> BaseWSGIServer:
    try:
        server = make_server(
            "127.0.0.1", settings.port, front, threaded=True, request_handler=QuietHandler
        )
    except (OSError, SystemExit) as error:
        raise CloudSettingsWrong(
            f"Port {settings.port} is in use. Leave --port out, or choose another."
        ) from error
    return server


@contextmanager
def _only_one(settings: CloudSettings) -> Iterator[None]:
    """Hold the data folder's lock; refuse a second local cloud on it."""
    try:
        settings.data.mkdir(parents=True, exist_ok=True)
        lock = (settings.data / "local_cloud.lock").open("a")
    except OSError as error:
        raise CloudSettingsWrong(
            f"{settings.data} cannot be written to ({error.strerror}). Choose another --data."
        ) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise CloudSettingsWrong(
                f"A local cloud runs on {settings.data} already. End it, or choose another --data."
            ) from None
        yield


def _tell_address(settings: CloudSettings, address: str) -> None:
    unfinished = settings.address_file.with_suffix(".unfinished")
    unfinished.write_text(json.dumps({"address": address, "pid": os.getpid()}))
    os.replace(unfinished, settings.address_file)


if __name__ == "__main__":
    main()
