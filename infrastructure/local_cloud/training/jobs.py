"""The training jobs of every region: made, described, listed, stopped and interrupted."""

from functools import partial
from typing import Any

from infrastructure.local_cloud import refusals
from infrastructure.local_cloud.keeper import Keeper
from infrastructure.local_cloud.moto_adapter import Moto
from infrastructure.local_cloud.object_store import ObjectStore
from infrastructure.local_cloud.settings import REGION, CloudSettings
from infrastructure.local_cloud.training.record import JobRecord, cloud_ended
from infrastructure.local_cloud.training.request import JobRequest
from infrastructure.local_cloud.training.run import TrainingRun

Answer = dict[str, Any]
_MOST_RESULTS = 100
_SUMMARY = (
    "TrainingJobName",
    "TrainingJobArn",
    "CreationTime",
    "TrainingEndTime",
    "LastModifiedTime",
    "TrainingJobStatus",
    "SecondaryStatus",
)
_ORDERS = {
    "Name": "TrainingJobName",
    "CreationTime": "CreationTime",
    "Status": "TrainingJobStatus",
}


class TrainingJobs:
    """The jobs that run, and the memory of those that do no more."""

    def __init__(self, settings: CloudSettings, moto: Moto, keeper: Keeper) -> None:
        self._settings = settings
        self._moto = moto
        self._keeper = keeper
        self._store = ObjectStore(moto, keeper)
        self._records: dict[tuple[str, str], JobRecord] = {}
        self._runs: dict[tuple[str, str], TrainingRun] = {}
        self._lock = moto.lock  # one lock for both, so that neither waits for the other

    def restore(self) -> None:
        """Remember the jobs of earlier clouds; one that ran then has failed."""
        for region, name, facts in self._keeper.jobs():
            record = JobRecord(facts, partial(self._keeper.keep_job, region, name))
            if not record.finished:
                record.fail_as_last_seen(cloud_ended(JobRequest(region, record.describe())))
            self._records[region, name] = record

    def check_creation(self, region: str, body: dict[str, Any]) -> None:
        """Refuse what AWS refuses before the job is made."""
        request = JobRequest(region, body)
        request.check(self._settings)
        if (region, request.name) in self._records:
            raise refusals.job_exists(request.arn)

    def begin(self, region: str, body: dict[str, Any], arn: str) -> None:
        """Start the life of a job whose name moto has just taken."""
        request = JobRequest(region, body)
        keep = partial(self._keeper.keep_job, region, request.name)
        record = JobRecord.begin(request, arn, keep)
        run = TrainingRun(request, record, self._settings, self._moto, self._store)
        with self._lock:
            self._records[region, request.name] = record
            self._runs[region, request.name] = run
        run.start()

    def describe(self, region: str, body: dict[str, Any]) -> Answer:
        return self._record(region, body).describe()

    def stop(self, region: str, body: dict[str, Any]) -> Answer:
        record = self._record(region, body)
        run = self._runs.get((region, body["TrainingJobName"]))
        if run is None:
            raise refusals.job_in_status(record.status)
        run.stop()
        return {}

    def interrupt(self, name: str, body: dict[str, Any]) -> Answer:
        """A spot interruption on request: the local cloud's own operation."""
        notice, region = body.get("notice"), body.get("region", REGION)
        if not isinstance(notice, bool) or not isinstance(region, str):
            raise refusals.invalid(
                'The body must be JSON such as {"notice": true, "region": "us-east-1"}; '
                "region may be left out."
            )
        record = self._record(region, {"TrainingJobName": name})
        run = self._runs.get((region, name))
        if run is None:
            raise refusals.job_in_status(record.status)
        run.interrupt(notice)
        return {"TrainingJobName": name, "notice": notice}

    def list(self, region: str, wish: dict[str, Any]) -> Answer:
        with self._lock:
            records = [record for (where, _), record in self._records.items() if where == region]
        found = [shown for record in records if _is_wanted(shown := record.describe(), wish)]
        order = _ORDERS.get(wish.get("SortBy", ""), "CreationTime")
        found.sort(key=lambda shown: shown[order], reverse=wish.get("SortOrder") == "Descending")
        first = _first(wish.get("NextToken"))
        last = first + int(wish.get("MaxResults", _MOST_RESULTS))
        summaries = [
            {field: shown[field] for field in _SUMMARY if field in shown}
            for shown in found[first:last]
        ]
        more = {"NextToken": str(last)} if last < len(found) else {}
        return {"TrainingJobSummaries": summaries, **more}

    def abandon(self) -> None:
        """Begin the end of every job: the local cloud ends."""
        with self._lock:
            runs = list(self._runs.values())
        for run in runs:
            run.abandon()

    def join(self) -> None:
        for run in list(self._runs.values()):
            run.join()

    def _record(self, region: str, body: dict[str, Any]) -> JobRecord:
        record = self._records.get((region, body.get("TrainingJobName", "")))
        if record is None:
            raise refusals.no_job()
        return record


def _first(token: str | None) -> int:
    try:
        return int(token or 0)
    except ValueError:
        raise refusals.invalid(f"Invalid NextToken: {token}") from None


def _is_wanted(shown: Answer, wish: dict[str, Any]) -> bool:
    return (
        wish.get("NameContains", "") in shown["TrainingJobName"]
        and wish.get("StatusEquals") in (None, shown["TrainingJobStatus"])
        and all(
            wish.get(f"{time}After", 0) < shown[time] < wish.get(f"{time}Before", float("inf"))
            for time in ("CreationTime", "LastModifiedTime")
        )
    )
