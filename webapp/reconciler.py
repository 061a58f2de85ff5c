"""The reconciler: compares what is wanted with the endpoint as it is, and takes the next step.

Nobody else creates or deletes the endpoint. It runs after every change of what is wanted and
every minute; it may be repeated, interrupted at any call, and run twice at once.
"""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from webapp.allowance import Allowance
from webapp.audit import THE_SWITCH
from webapp.demos import KIND, around, usual_lead
from webapp.endpoint import CreateRefused, Endpoint, EndpointControl, Refusal, Status
from webapp.failure import explain
from webapp.idleness import COUNTS_LATE, idle_stop_at
from webapp.leases import Lease
from webapp.records import Records
from webapp.settings import Limits, Price
from webapp.starts import StartRecord
from webapp.usage import Usage

log = logging.getLogger(__name__)
Clock = Callable[[], datetime]
SEEN_BY = timedelta(minutes=2)  # AWS describes what it has just made a little late
CONFIG_SETTLES = timedelta(minutes=2)  # CreateEndpoint reads a fresh configuration late
QUOTA_SETTLES = timedelta(minutes=10)  # a machine that has gone counts for a while
_IDLE = "nobody used the model"
HARDLY_WORTH = timedelta(minutes=2)  # a lease with no more left brings no machine back


class Step(StrEnum):
    """What reconciling did."""

    NOTHING = "nothing"
    CREATED = "created"
    DELETED = "deleted"
    REFUSED = "refused"


def utc_now() -> datetime:
    return datetime.now(UTC)


class Reconciler:
    """One idempotent function over the tables and the endpoint."""

    def __init__(
        self,
        records: Records,
        endpoint: EndpointControl,
        usage: Usage,
        limits: Limits,
        price: Price,
        clock: Clock,
    ) -> None:
        self._leases, self._demos = records.leases, records.demos
        self._starts, self._releases = records.starts, records.releases
        self._audit = records.audit
        self._endpoint, self._usage = endpoint, usage
        self._limits, self._price = limits, price
        self._clock = clock

    def reconcile(self) -> Step:
        """Take the next step, and say which it was."""
        now = self._clock()
        self._at_best(self._lease_demos, now)
        self._at_best(self._keep_to_limits, now)
        endpoint = self._endpoint.describe()
        if endpoint is None:
            return self._without_endpoint(now)
        if endpoint.status is Status.FAILED:
            return self._clear_away(endpoint, now)
        self._at_best(self._keep_books, endpoint, now)
        self._at_best(self._end_if_idle, endpoint, now)
        if endpoint.status is not Status.IN_SERVICE:
            return Step.NOTHING  # a delete is refused while the endpoint changes
        # looked at last, and by the clock as it is then: whoever leases it until here keeps it
        if self._leases.wanted(self._clock()):
            return Step.NOTHING
        self._endpoint.delete()
        self._audit.add(THE_SWITCH, "deleted the endpoint: no lease is left")
        return Step.DELETED

    def _at_best(self, work: Callable[..., None], *arguments: Any) -> None:
        """Do what the next minute can do as well: nothing that fails here may keep a machine on."""
        try:
            work(*arguments)
        except (BotoCoreError, ClientError) as error:
            log.warning("Put off to the next minute: %s", error)
        except Exception:  # a record that cannot be read, a setting beyond bounds
            log.exception("This part of the work failed")

    def _lease_demos(self, now: datetime) -> None:
        """Lease for the demos whose time has come; end the leases of those that no longer are."""
        planned = around(self._demos.all(), now)
        if planned:
            lead = usual_lead(self._starts.waits())
            used_up = Allowance.read(self._limits, self._price, self._starts, now).used_up
            for each in planned:
                if each.asks_at(lead) <= now < each.ends:
                    lease = each.lease(lead)
                    if used_up:
                        self._write_refusal(lease, now, used_up)
                    else:
                        self._leases.add_once(lease)
        known = {each.lease_id for each in planned}
        for lease in self._leases.live(now):
            if lease.kind == KIND and lease.id not in known:
                self._end_all([lease], now, "its demo was changed or cancelled")

    def _keep_to_limits(self, now: datetime) -> None:
        """End the leases of a day or a month whose minutes or money are used up."""
        leases = self._leases.live(now)
        if leases:
            allowance = Allowance.read(self._limits, self._price, self._starts, now)
            if allowance.used_up:
                self._refuse(leases, now, allowance.used_up, "a limit is reached")

    def _end_if_idle(self, endpoint: Endpoint, now: datetime) -> None:
        """End leases early where nobody uses the model; direct callers are users as well."""
        if endpoint.status is not Status.IN_SERVICE:
            return
        leases, record = self._leases.live(now), self._starts.running()
        due = idle_stop_at(self._limits.idle_minutes, endpoint, leases, record)
        if due is None or record is None:
            return
        since = now - COUNTS_LATE - timedelta(minutes=self._limits.idle_minutes)
        seen = self._usage.last_invocation(since, now)
        if seen is not None:
            self._starts.note_request(record, seen)
        # read anew: meanwhile a verse may have been asked for, or a host may have kept it on
        leases, record = self._leases.live(self._clock()), self._starts.running()
        due = idle_stop_at(self._limits.idle_minutes, endpoint, leases, record)
        if due is None or due > now:
            return
        for lease in leases:
            if self._leases.end_untouched(lease, now, _IDLE):
                self._audit.add(THE_SWITCH, f"ended a lease: {_IDLE}", lease.id)

    def _without_endpoint(self, now: datetime) -> Step:
        self._at_best(self._keep_books, None, now)
        leases = self._leases.live(now)
        return self._create(leases, now) if any(_worth(x, now) for x in leases) else Step.NOTHING

    def _create(self, leases: list[Lease], now: datetime) -> Step:
        release = self._releases.current()
        try:
            if release is None:
                raise CreateRefused("There is no release.", Refusal.RIGHTS)
            self._endpoint.create(release.endpoint_config)
        except CreateRefused as refusal:
            self._bear_refusal(refusal, leases, now)
            return Step.REFUSED
        self._audit.add(THE_SWITCH, "asked for the endpoint", release.endpoint_config)
        self._at_best(lambda: self._keep_books(self._endpoint.describe(), now))
        return Step.CREATED

    def _bear_refusal(self, refusal: CreateRefused, leases: list[Lease], now: datetime) -> None:
        """Leave the leases where asking again can help; else end them and write down why."""
        log.warning("The endpoint is refused: %s", refusal)
        ends = [record.ended for record in self._starts.newest() if record.ended and record.config]
        since_last = now - max(ends) if ends else timedelta.max
        waited = min(now - min(lease.starts for lease in leases), since_last)
        match refusal.why:
            case Refusal.BUSY:
                return
            case Refusal.CONFIGURATION if waited < CONFIG_SETTLES:
                return
            case Refusal.QUOTA if since_last < QUOTA_SETTLES:
                return
        self._refuse(leases, now, str(refusal), "the start was refused")

    def _refuse(self, leases: list[Lease], now: datetime, why: str, reason: str) -> None:
        """Write down why there is no machine for these leases, and end them."""
        self._write_refusal(leases[0], now, why)
        self._end_all(leases, now, reason)

    def _write_refusal(self, asker: Lease, now: datetime, why: str) -> None:
        record = StartRecord(refusal_id(asker.id), now, asker.who, asker.why, config="")
        self._starts.open(replace(record, ended=now, failure=why))

    def _clear_away(self, endpoint: Endpoint, now: datetime) -> Step:
        """Delete a start that failed; its leases stay where starting again can help."""
        self._keep_books(endpoint, now)  # a failed start costs nothing, and its reason must be kept
        if not explain(endpoint.failure).passing:
            self._end_all(self._leases.live(now), now, "the start failed")
        self._endpoint.delete()
        self._audit.add(THE_SWITCH, "cleared a failed start away", endpoint.failure[:200])
        return Step.DELETED

    def _keep_books(self, endpoint: Endpoint | None, now: datetime) -> None:
        """Write down what is seen: a new life of the endpoint, ready, failed, gone."""
        life = endpoint.created.isoformat(timespec="milliseconds") if endpoint else None
        for record in self._starts.newest():
            if record.ended is None and record.id != life and now - record.asked > SEEN_BY:
                self._starts.note(record, "ended", now)
        if endpoint is None or life is None:
            return
        asker = next(iter(self._leases.live(now)), None)
        who, why = (asker.who, asker.why) if asker else ("unknown", "")
        record = StartRecord(life, endpoint.created, who, why, endpoint.config)
        self._starts.open(record)
        if endpoint.status is Status.IN_SERVICE:
            self._starts.note(record, "ready", min(now, max(endpoint.modified, endpoint.created)))
        if endpoint.failure:
            self._starts.note(record, "failure", endpoint.failure)

    def _end_all(self, leases: list[Lease], now: datetime, reason: str) -> None:
        for lease in leases:
            self._leases.end(lease, now, reason)
            self._audit.add(THE_SWITCH, f"ended a lease: {reason}", lease.id)


def refusal_id(lease_id: str) -> str:
    """Of the record that says why there was no machine for a lease."""
    return f"refused-{lease_id}"


def _worth(lease: Lease, now: datetime) -> bool:
    """Whether a machine is created for it: not for the last moments of a lease that had one."""
    return lease.until - now > HARDLY_WORTH or now - lease.starts < HARDLY_WORTH
