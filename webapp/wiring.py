"""The site's collaborators, made from its settings in one place."""

from dataclasses import dataclass

import boto3

from webapp.accounts import Accounts
from webapp.audit import AuditLog
from webapp.aws import Aws
from webapp.demo_store import DemoStore
from webapp.endpoint import EndpointControl
from webapp.feedback import FeedbackStore
from webapp.leases import LeaseStore
from webapp.lyricist import Lyricist
from webapp.notices import Notices
from webapp.pins import Pins
from webapp.reconciler import utc_now
from webapp.records import Records
from webapp.rehearsals import Rehearsals
from webapp.releases import ReleaseStore
from webapp.schedule import Schedule
from webapp.settings import SwitchSettings
from webapp.shared import Shared
from webapp.starts import StartStore
from webapp.switch import Switch
from webapp.throttle import Throttle
from webapp.unfinished_store import UnfinishedStore
from webapp.usage import Usage
from webapp.verse_store import VerseStore
from webapp.wall import Wall
from webapp.watch import Watch


@dataclass(frozen=True)
class Parts:
    """Everything that reaches AWS."""

    switch: Switch
    schedule: Schedule
    lyricist: Lyricist
    verses: VerseStore
    unfinished: UnfinishedStore
    feedback: FeedbackStore
    throttle: Throttle
    accounts: Accounts
    audit: AuditLog
    wall: Wall
    shared: Shared
    watch: Watch
    rehearsals: Rehearsals
    notices: Notices
    pins: Pins


def build(settings: SwitchSettings, aws: Aws | None = None) -> Parts:
    """The parts on AWS as the environment's credentials (and AWS_ENDPOINT_URL) reach it."""
    aws = aws or Aws(boto3.Session(region_name=settings.region))
    demos = DemoStore(aws.table(f"{settings.prefix}-demos"))
    audit = AuditLog(aws.table(f"{settings.prefix}-audit"), utc_now)
    records = Records(
        leases=LeaseStore(aws.table(f"{settings.prefix}-leases")),
        demos=demos,
        starts=StartStore(aws.table(f"{settings.prefix}-starts")),
        releases=ReleaseStore(aws.table(f"{settings.prefix}-releases")),
        audit=audit,
    )
    endpoint = EndpointControl(aws.sagemaker, aws.logs, settings.prefix)
    switch = Switch(
        records,
        endpoint,
        usage=Usage(aws.cloudwatch, settings.prefix),
        limits=settings.limits,
        price=settings.price,
    )
    lyricist = Lyricist(aws.runtime, settings.prefix)
    notices = Notices(aws.sns, f"{settings.prefix}-notices")
    verses = VerseStore(aws.table(f"{settings.prefix}-verses"))
    wall = aws.table(f"{settings.prefix}-wall")
    return Parts(
        switch=switch,
        schedule=Schedule(demos, audit, switch, settings.limits),
        lyricist=lyricist,
        watch=Watch(records, endpoint, notices),
        rehearsals=Rehearsals(switch, records.leases, lyricist, audit),
        notices=notices,
        verses=verses,
        unfinished=UnfinishedStore(aws.table(f"{settings.prefix}-unfinished"), utc_now),
        feedback=FeedbackStore(aws.table(f"{settings.prefix}-feedback")),
        throttle=Throttle(aws.table(f"{settings.prefix}-throttle")),
        accounts=Accounts(aws.table(f"{settings.prefix}-accounts")),
        audit=audit,
        wall=Wall(wall, utc_now),
        shared=Shared(wall, verses, utc_now),
        pins=Pins(demos, records.leases, utc_now),
    )
