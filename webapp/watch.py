"""The watch: tells hosts when a demo will not be ready in time, and when something runs for
nobody. It runs after the reconciler, every minute, and says each thing once."""

from datetime import datetime, timedelta

from webapp.audit import THE_SWITCH
from webapp.demos import Occurrence, around
from webapp.endpoint import Endpoint, EndpointControl, Status
from webapp.notices import Notices
from webapp.reconciler import Clock, refusal_id, utc_now
from webapp.records import Records
from webapp.switch import STOPPED

BEFORE = timedelta(minutes=5)  # a demo's time
FOR_NOBODY = timedelta(minutes=15)  # longer than the switch ever needs


class Watch:
    """What somebody should know of."""

    def __init__(
        self, records: Records, endpoint: EndpointControl, notices: Notices, clock: Clock = utc_now
    ) -> None:
        self._leases, self._demos = records.leases, records.demos
        self._starts, self._audit = records.starts, records.audit
        self._endpoint, self._notices = endpoint, notices
        self._clock = clock

    def look(self) -> None:
        """Look once, and send what there is to say."""
        now, endpoint = self._clock(), self._endpoint.describe()
        for demo in around(self._demos.all(), now):
            if demo.starts - BEFORE <= now < demo.ends:
                self._check_demo(demo, endpoint, now)
        self._check_use(endpoint, now)

    def _check_demo(self, demo: Occurrence, endpoint: Endpoint | None, now: datetime) -> None:
        if endpoint is not None and endpoint.status is Status.IN_SERVICE:
            return
        lease = self._leases.find(demo.lease_id)
        refusal = self._starts.find(refusal_id(demo.lease_id))
        if lease is None and refusal is None:
            return  # it has just been planned
        if lease and (lease.noticed or lease.end_reason.startswith(STOPPED)):
            return
        if refusal and refusal.noticed:
            return
        minutes = round((demo.starts - now).total_seconds() / 60)
        when = f"begins in {minutes} minutes" if minutes > 0 else "has begun"
        told = [refusal.failure if refusal else "", lease.end_reason if lease else ""]
        why = next(filter(None, told), "it is still starting")
        text = f"The demo {demo.demo.title!r} {when}, and the model is not ready: {why}."
        if self._notices.send(f"Not ready: {demo.demo.title}", text):
            if lease:
                self._leases.note(lease.id)
            if refusal:
                self._starts.note(refusal, "noticed", now)
            self._audit.add(THE_SWITCH, "told the hosts that a demo is not ready", demo.lease_id)

    def _check_use(self, endpoint: Endpoint | None, now: datetime) -> None:
        if endpoint is None or endpoint.status is Status.DELETING or self._leases.live(now):
            return
        since = max(endpoint.created, self._leases.last_end(now) or endpoint.created)
        record = self._starts.running()
        if now - since < FOR_NOBODY or record is None or record.noticed:
            return
        minutes = round((now - since).total_seconds() / 60)
        text = (
            f"The endpoint {self._endpoint.name} is {endpoint.status} and nobody has leased it for "
            f"{minutes} minutes. It should have been deleted. Look into the reconciler's log, and "
            "delete it by hand if need be."
        )
        if self._notices.send("An endpoint runs without a lease", text):
            self._starts.note(record, "noticed", now)
            self._audit.add(THE_SWITCH, "told the hosts that it runs without a lease", record.id)
