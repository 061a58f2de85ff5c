"""One attempt at a training job: a machine, from the first file it gets to the last it gives."""

import secrets
import time
from collections.abc import Callable

from infrastructure.local_cloud.log_sink import LogSink
from infrastructure.local_cloud.moto_adapter import Moto
from infrastructure.local_cloud.object_store import ObjectStore
from infrastructure.local_cloud.settings import CloudSettings
from infrastructure.local_cloud.training import folders
from infrastructure.local_cloud.training.checkpoint_sync import CheckpointSync
from infrastructure.local_cloud.training.folders import HOST, JobFailed
from infrastructure.local_cloud.training.machine import Machine
from infrastructure.local_cloud.training.request import JobRequest

LOG_GROUP = "/aws/sagemaker/TrainingJobs"
MOST_LINES_SENT = 20_000


class Attempt:
    """What happens on one machine, in this order: fetch, start, watch, keep, upload, remove."""

    def __init__(
        self,
        request: JobRequest,
        settings: CloudSettings,
        moto: Moto,
        store: ObjectStore,
        read: Callable[[str], None],
    ) -> None:
        self._request, self._settings, self._store = request, settings, store
        stream = f"{request.name}/{HOST}-{time.time_ns() // 1_000_000}"

        def send(lines: list[str], milliseconds: int) -> None:
            moto.write_log(request.region, LOG_GROUP, stream, lines, milliseconds)

        sink = LogSink(settings.logs / f"{request.name}.log", send, read, MOST_LINES_SENT)
        base = settings.instances / f"{request.name}-{secrets.token_hex(4)}"
        self.machine = Machine(base, settings.command_of(request.image) or [], sink)
        self._sync: CheckpointSync | None = None
        if place := request.checkpoints:
            self._sync = CheckpointSync(base / "checkpoints", place, store)

    def fetch(self) -> None:
        folders.fill(self.machine.base, self._request, self._store)
        if self._sync:
            self._sync.download()

    def start(self) -> None:
        environment = {
            **(self._request.body.get("Environment") or {}),
            "TRAINING_JOB_NAME": self._request.name,
            "TRAINING_JOB_ARN": self._request.arn,
            "AWS_REGION": self._request.region,
        }
        self.machine.start(environment)

    def watch(self, look: Callable[[float], None]) -> None:
        """Until the process has ended: keep its checkpoints, and call `look` with its seconds."""
        while self.machine.runs:
            look(self.machine.seconds)
            if self._sync:
                self._sync.run(lambda: self.machine.killed)
            self.machine.wait(self._settings.sync_seconds)
        self.machine.close()

    def keep(self) -> None:
        """A last look at the checkpoints."""
        if self._sync:
            self._sync.run()

    def upload(self, *, failed: bool) -> None:
        """Bring what the job has made to S3; of a job that failed, all but the model."""
        parts = ["data"] if failed else ["model", "data"]
        folders.upload(self.machine.base, self._request, self._store, *parts)

    def failure(self) -> JobFailed:
        code = self.machine.exit_code or 0
        return JobFailed(folders.failure_reason(self.machine.base, code))
