"""Idleness: a machine that somebody started by hand and that nobody uses stops by itself."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from webapp.demos import KIND
from webapp.endpoint import Endpoint, Status
from webapp.leases import Lease
from webapp.starts import StartRecord

COUNTS_LATE = timedelta(minutes=5)  # until AWS's count of a minute's invocations has arrived


def idle_stop_at(
    minutes: int, endpoint: Endpoint | None, leases: Sequence[Lease], record: StartRecord | None
) -> datetime | None:
    """When it stops because nobody uses it; None where it does not.

    Demos are never stopped so, nor is what a host wants to stay on. The time counts from the last
    of: it was ready, a lease began or was touched by a host, somebody asked for a verse. It stops
    only when the counts of that whole time have arrived, so that nobody who calls the endpoint
    without the site is cut off.
    """
    if not minutes or endpoint is None or endpoint.status is not Status.IN_SERVICE:
        return None
    if not leases or any(lease.kind == KIND or not lease.idle_stop for lease in leases):
        return None
    moments = [endpoint.modified, *(lease.touched or lease.starts for lease in leases)]
    if record is not None and record.last_request is not None:
        moments.append(record.last_request)
    return max(moments) + timedelta(minutes=minutes) + COUNTS_LATE
