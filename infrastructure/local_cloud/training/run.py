"""The life of one training job: machines, one after the other, until it has an end."""

import logging
import threading
import time
from enum import IntEnum

from infrastructure.local_cloud import refusals
from infrastructure.local_cloud.moto_adapter import Moto
from infrastructure.local_cloud.object_store import ObjectStore, StoreFailed
from infrastructure.local_cloud.settings import CloudSettings
from infrastructure.local_cloud.training.attempt import Attempt
from infrastructure.local_cloud.training.folders import JobFailed
from infrastructure.local_cloud.training.metrics import MetricReader
from infrastructure.local_cloud.training.record import JobRecord, cloud_ended
from infrastructure.local_cloud.training.request import JobRequest

log = logging.getLogger(__name__)
_INTERNAL = "InternalServerError: We encountered an internal error. Please try again."
_NOT_SYNCED = "ClientError: Checkpoints could not be synchronised: {}."
_NOT_RUNNING = (
    "The training job is not training: its status is {} ({}). "
    "Only a job in Training can be interrupted."
)
_NO_SPOT = (
    "The training job runs on demand, which nobody takes back. "
    "Create it with EnableManagedSpotTraining to interrupt it."
)


class End(IntEnum):
    """Why an attempt ends; where reasons meet, the greatest decides."""

    OWN = 0  # the process has ended by itself
    INTERRUPTED = 1
    MAX_RUNTIME = 2
    MAX_WAIT = 3
    STOPPED = 4
    ABANDONED = 5  # the local cloud ends


_STATUS = {
    End.OWN: "Completed",
    End.MAX_RUNTIME: "MaxRuntimeExceeded",
    End.MAX_WAIT: "MaxWaitTimeExceeded",
    End.STOPPED: "Stopped",
}


class TrainingRun:
    """One job, run by a thread of its own."""

    def __init__(
        self,
        request: JobRequest,
        record: JobRecord,
        settings: CloudSettings,
        moto: Moto,
        store: ObjectStore,
    ) -> None:
        self._request, self._record = request, record
        self._settings, self._moto, self._store = settings, moto, store
        self._metrics = MetricReader(request.metrics, record.measured)
        self._lock = threading.RLock()
        self._end = End.OWN
        self._attempt: Attempt | None = None  # while its process runs
        self._ran = 0.0  # seconds, in attempts that have ended
        name = f"training job {request.name}"
        self._thread = threading.Thread(target=self._live, name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        with self._lock:
            if self._record.status != "InProgress":
                raise refusals.job_in_status(self._record.status)
            self._ask(End.STOPPED)

    def interrupt(self, notice: bool) -> None:
        """Take the spot instance back: with SIGTERM and the stop time first, or at once."""
        with self._lock:
            attempt, record = self._attempt, self._record
            if not self._request.spot:
                raise refusals.invalid(_NO_SPOT)
            if attempt is None or not attempt.machine.runs or record.secondary != "Training":
                raise refusals.invalid(_NOT_RUNNING.format(record.status, record.secondary))
            self._end = max(self._end, End.INTERRUPTED)
            if notice:
                attempt.machine.terminate(self._settings.train_stop_seconds)
            else:
                attempt.machine.kill()

    def abandon(self) -> None:
        """Begin the end: the whole cloud ends. A job that uploads its model may finish."""
        with self._lock:
            if self._record.secondary != "Uploading":
                self._end = End.ABANDONED
                if self._attempt:
                    self._attempt.machine.terminate(self._settings.stop_seconds)

    def join(self) -> None:
        self._thread.join()

    def _ask(self, end: End) -> None:
        with self._lock:
            if end > self._end:
                self._end = end
                if self._record.status != "Stopping":
                    self._record.tell("Stopping")
                if self._attempt:
                    self._attempt.machine.terminate(self._settings.train_stop_seconds)

    def _live(self) -> None:
        try:
            while self._try():
                self._record.tell("Restarting")
        except JobFailed as failure:
            self._fail(str(failure))
        except StoreFailed as failure:
            self._fail(_NOT_SYNCED.format(failure))
        except Exception:
            log.exception("Training job %s failed.", self._request.name)
            self._fail(_INTERNAL)

    def _fail(self, reason: str) -> None:
        log.warning("Training job %s failed: %s", self._request.name, reason)
        self._record.fail(reason)

    def _try(self) -> bool:
        """One machine from its first to its last moment; whether another one goes on."""
        attempt = Attempt(
            self._request, self._settings, self._moto, self._store, self._metrics.read
        )
        try:
            self._record.tell("Downloading")
            attempt.fetch()
            if self._begin(attempt):
                attempt.watch(self._look)
                self._ran += attempt.machine.seconds
                self._record.ran(self._ran)
            return self._finish(attempt)
        finally:
            attempt.machine.remove()

    def _begin(self, attempt: Attempt) -> bool:
        """Start the process, unless the job's end has been asked for meanwhile."""
        with self._lock:
            if self._end is not End.OWN:
                return False
            attempt.start()
            self._attempt = attempt
            self._record.tell("Training")
        return True

    def _look(self, seconds: float) -> None:
        """Write down the time that the process has taken so far; end it when it is too much."""
        ran, waiting = self._ran + seconds, self._request.most_waiting
        self._record.ran(ran)
        if ran >= self._request.most_running:
            self._ask(End.MAX_RUNTIME)
        if waiting is not None and time.time() - self._record.created >= waiting:
            self._ask(End.MAX_WAIT)

    def _finish(self, attempt: Attempt) -> bool:
        """What follows the end of the process; whether another machine goes on."""
        with self._lock:
            end, self._attempt = self._end, None
            if end is End.INTERRUPTED:
                self._end = End.OWN
        if end is not End.INTERRUPTED or not attempt.machine.killed:
            attempt.keep()  # of a machine that was taken away, what is not in S3 is lost
        if end is End.INTERRUPTED:
            self._record.tell("Interrupted")
            return True
        if end is End.ABANDONED:
            raise JobFailed(cloud_ended(self._request))
        code = attempt.machine.exit_code
        if code is not None:  # there was a process
            failed = end is End.OWN and code != 0
            self._record.tell("Uploading")
            attempt.upload(failed=failed)
            if failed:
                raise attempt.failure()
        with self._lock:  # a stop may have been asked for during the upload
            self._record.tell(_STATUS[End.STOPPED if self._end is End.STOPPED else end])
        return False
