"""What the switch knows, in its tables."""

from dataclasses import dataclass

from webapp.audit import AuditLog
from webapp.demo_store import DemoStore
from webapp.leases import LeaseStore
from webapp.releases import ReleaseStore
from webapp.starts import StartStore


@dataclass(frozen=True)
class Records:
    """The tables of what is wanted, what is planned, what was, what is served, who did what."""

    leases: LeaseStore
    demos: DemoStore
    starts: StartStore
    releases: ReleaseStore
    audit: AuditLog
