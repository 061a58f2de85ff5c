"""A switch over real tables (moto's server) and a SageMaker that keeps AWS's rules."""

import secrets
import threading
from dataclasses import fields
from functools import partial
from types import SimpleNamespace

import boto3
import pytest
from moto.server import ThreadedMotoServer

from tests.switch.fakes import Clock, FakeCloudWatch, FakeLogs, FakeSageMaker, FakeSns
from webapp.accounts import Accounts
from webapp.audit import AuditLog
from webapp.demo_store import DemoStore
from webapp.endpoint import EndpointControl
from webapp.feedback import FeedbackStore
from webapp.leases import LeaseStore
from webapp.notices import Notices
from webapp.pins import Pins
from webapp.records import Records
from webapp.releases import Release, ReleaseStore
from webapp.schedule import Schedule
from webapp.settings import Limits, Price
from webapp.shared import Shared
from webapp.starts import StartStore
from webapp.switch import Switch
from webapp.throttle import Throttle
from webapp.unfinished_store import UnfinishedStore
from webapp.usage import Usage
from webapp.verse_store import VerseStore
from webapp.wall import Wall
from webapp.watch import Watch

TABLES = (
    "leases", "demos", "starts", "releases", "verses", "throttle", "accounts", "audit",
    "feedback",
    "wall",
    "unfinished",
)  # fmt: skip
PARTS = fields(Records)
LIMITS = Limits(most_minutes=120, idle_minutes=0)
RELEASE = Release("config-1", "model-1", "abc", "image", "2026-06-01T00:00:00+00:00")


@pytest.fixture(scope="session")
def dynamodb():
    server = ThreadedMotoServer(port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    session = boto3.Session("test", "test", region_name="us-east-1")
    yield session.resource("dynamodb", endpoint_url=f"http://{host}:{port}")
    server.stop()


class LazyTable:
    """A table that is made when it is first used: most tests use few."""

    def __init__(self, make):
        self._make, self._made, self._lock = make, None, threading.Lock()

    def __getattr__(self, name):
        with self._lock:
            self._made = self._made or self._make()
        return getattr(self._made, name)


@pytest.fixture
def tables(dynamodb):
    prefix = secrets.token_hex(4)

    def make(name):
        return dynamodb.create_table(
            TableName=f"{prefix}-{name}",
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )

    return {name: LazyTable(partial(make, name)) for name in TABLES}


@pytest.fixture
def world(tables):
    """The switch and everything around it that a test may move or ask."""
    return make_world(tables)


def make_world(tables, limits=LIMITS):
    clock = Clock()
    sagemaker, logs, cloudwatch = FakeSageMaker(clock), FakeLogs(clock), FakeCloudWatch(clock)
    releases = ReleaseStore(tables["releases"])
    releases.make_current(RELEASE)
    audit = AuditLog(tables["audit"], clock)
    demos = DemoStore(tables["demos"])

    def own_records():
        """What one process has of them."""
        leases, starts = LeaseStore(tables["leases"]), StartStore(tables["starts"])
        return Records(leases, demos, starts, releases, audit)

    records, endpoint = own_records(), EndpointControl(sagemaker, logs, "hop")

    def switch(wrap=lambda part: part):
        own = own_records()
        wrapped = Records(**{field.name: wrap(getattr(own, field.name)) for field in PARTS})
        usage = wrap(Usage(cloudwatch, "hop"))
        return Switch(wrapped, wrap(endpoint), usage, limits, Price(per_hour=3.6), clock)

    its_switch = switch()
    verses = VerseStore(tables["verses"])
    sns = FakeSns()
    return SimpleNamespace(
        clock=clock,
        sagemaker=sagemaker,
        logs=logs,
        tables=tables,
        releases=releases,
        demos=demos,
        audit=audit,
        sns=sns,
        watch=Watch(records, endpoint, Notices(sns, "hop-notices"), clock),
        leases=records.leases,
        accounts=Accounts(tables["accounts"], hashing="scrypt:1024:8:1"),
        cloudwatch=cloudwatch,
        schedule=Schedule(demos, audit, its_switch, limits, clock),
        switch=its_switch,
        another_switch=switch,
        pins=Pins(demos, records.leases, clock),
        wall=Wall(tables["wall"], clock),
        shared=Shared(tables["wall"], verses, clock),
        unfinished=UnfinishedStore(tables["unfinished"], clock),
        feedback=FeedbackStore(tables["feedback"]),
        verses=verses,
        throttle=Throttle(tables["throttle"], now=lambda: clock().timestamp()),
    )
