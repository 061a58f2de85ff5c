"""The machine behind one endpoint: fetches the model's files, runs the container, watches it."""

import logging
import os
import secrets
import shutil
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from infrastructure.local_cloud.container import Container
from infrastructure.local_cloud.keeper import Keeper
from infrastructure.local_cloud.log_sink import LogSink
from infrastructure.local_cloud.moto_adapter import Moto
from infrastructure.local_cloud.settings import CloudSettings

log = logging.getLogger(__name__)
LOOK_SECONDS = 0.2
LONGEST_REST = 10.0  # seconds between two starts of a container that keeps ending
_NO_PING = (
    "The primary container for production variant {variant} did not pass the ping health check. "
    "Please check CloudWatch logs for this endpoint."
)
_NO_DATA = (
    "Failed to download model data for production variant {variant}: "
    "there is no object under {uri}."
)
_NO_IMAGE = (
    "The primary container for production variant {variant} could not be started: "
    "image {image} does not exist."
)


class StartFailed(Exception):
    """The endpoint's status becomes Failed with this reason."""


class Instance:
    """One endpoint's machine, run by a thread of its own."""

    def __init__(
        self,
        region: str,
        name: str,
        variant: dict[str, Any],
        settings: CloudSettings,
        moto: Moto,
        keeper: Keeper,
        gone: Callable[["Instance"], None],
    ) -> None:
        self.region, self.name = region, name
        self.status = "Creating"
        self.answering = threading.Event()
        self._variant = variant
        self._settings, self._moto, self._keeper, self._gone = settings, moto, keeper, gone
        self._base = settings.instances / f"{name}-{secrets.token_hex(4)}"
        self._container: Container | None = None
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._live, name=f"endpoint {name}", daemon=True)

    def start(self) -> None:
        self._tell("Creating")
        self._thread.start()

    def delete(self) -> None:
        self._tell("Deleting")
        self._ending.set()

    def abandon(self) -> None:
        """End without a word: the whole cloud ends."""
        self._ending.set()

    def join(self) -> None:
        self._thread.join()

    @property
    def port(self) -> int:
        return self._container.port if self._container else 0

    @property
    def log_stream(self) -> str:
        return f"/aws/sagemaker/Endpoints/{self.name}"

    def _live(self) -> None:
        try:
            self._come_up()
        except StartFailed as failure:
            log.warning("Endpoint %s failed: %s", self.name, failure)
            self._stop_container()
            self._tell("Failed", str(failure))
        except Exception:
            log.exception("Endpoint %s failed.", self.name)
            self._tell("Failed", "Request to service failed. If failure persists, try again.")
        self._keep_up()
        self._stop_container()
        shutil.rmtree(self._base, ignore_errors=True)
        self._gone(self)

    def _come_up(self) -> None:
        described = self._moto.container(self.region, self._variant["ModelName"]) or {}
        command = self._command(described.get("Image", ""))
        self._fetch_model(described)
        sink = LogSink(self._settings.logs / f"{self.name}.log", self._send_log)
        self._container = Container(
            command,
            self._base,
            described.get("Environment") or {},
            sink,
            self._settings.stop_seconds,
        )
        seconds = float(self._variant.get("ContainerStartupHealthCheckTimeoutInSeconds", 240))
        if self._serve(time.monotonic() + seconds):
            self._tell("InService")
        elif not self._ending.is_set():
            raise StartFailed(_NO_PING.format(variant=self._variant["VariantName"]))

    def _command(self, image: str) -> list[str]:
        command = self._settings.command_of(image)
        if command is None:
            name = self._variant["VariantName"]
            raise StartFailed(_NO_IMAGE.format(variant=name, image=image))
        return command

    def _fetch_model(self, described: dict[str, Any]) -> None:
        uri = _model_uri(described)
        target = self._base / "model"
        target.mkdir(parents=True)
        if not uri:
            return
        bucket, _, prefix = uri.removeprefix("s3://").partition("/")
        keys = self._moto.keys(bucket, prefix)
        if not keys:
            raise StartFailed(_NO_DATA.format(variant=self._variant["VariantName"], uri=uri))
        for key in keys:
            self._fetch_file(bucket, key, target / key.removeprefix(prefix).lstrip("/"))

    def _fetch_file(self, bucket: str, key: str, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        source = self._keeper.file_of(bucket, key)
        if source is None:
            raise StartFailed(f"Failed to download model data: s3://{bucket}/{key} is gone.")
        try:
            os.link(source, path)  # the files are never written to
        except OSError:
            shutil.copyfile(source, path)

    def _serve(self, deadline: float) -> bool:
        """Start the container, again if it ends, until it answers; False if it is too late."""
        container, rest = self._container, 0.5
        if container is None:
            return False
        container.start()
        while not self._ending.wait(LOOK_SECONDS) and time.monotonic() < deadline:
            if container.answers():
                self.answering.set()
                return True
            if not container.runs:
                self._ending.wait(rest)
                rest = min(rest * 2, LONGEST_REST)
                container.start()
        return False

    def _keep_up(self) -> None:
        """Until the end: start a container that has died again."""
        while not self._ending.wait(LOOK_SECONDS):
            container = self._container
            if self.status == "InService" and container and not container.runs:
                log.warning("The container of %s has ended; starting it again.", self.name)
                self.answering.clear()
                self._serve(float("inf"))

    def _stop_container(self) -> None:
        self.answering.clear()
        if self._container:
            self._container.stop()

    def _tell(self, status: str, why: str = "") -> None:
        self.status = status
        self._moto.set_status(self.region, self.name, status, datetime.now(UTC), why)

    def _send_log(self, lines: list[str], milliseconds: int) -> None:
        stream = f"{self._variant['VariantName']}/{self._base.name}"
        self._moto.write_log(self.region, self.log_stream, stream, lines, milliseconds)


def _model_uri(described: dict[str, Any]) -> str:
    source = (described.get("ModelDataSource") or {}).get("S3DataSource") or {}
    return str(source.get("S3Uri") or described.get("ModelDataUrl") or "")
