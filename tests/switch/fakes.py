"""A SageMaker that keeps AWS's rules about endpoints, driven by a clock that tests move."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

from botocore.exceptions import ClientError

NOON = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)


class Clock:
    """Time stands still until a test moves it."""

    def __init__(self, now=NOON):
        self.now = now

    def __call__(self):
        return self.now

    def pass_(self, **delta):
        self.now += timedelta(**delta)


def refusal(operation, message, code="ValidationException"):
    return ClientError({"Error": {"Code": code, "Message": message}}, operation)


class FakeSageMaker:
    """One endpoint: created in `creating_for`, deleted in `deleting_for`; remembers its calls."""

    def __init__(self, clock, creating_for=timedelta(minutes=5)):
        self.clock = clock
        self.creating_for = creating_for
        self.deleting_for = timedelta(seconds=30)
        self.fails_with = ""
        self.refuses_with = []
        self.created = self.deleted = None
        self.calls = []

    def describe_endpoint(self, EndpointName):  # noqa: N803
        status = self._status()
        if status is None:
            raise refusal("DescribeEndpoint", 'Could not find endpoint "x".')
        in_creation = status == "Creating"
        return {
            "EndpointStatus": status,
            "EndpointConfigName": "config-1",
            "CreationTime": self.created,
            "LastModifiedTime": self.created if in_creation else self.created + self.creating_for,
            **({"FailureReason": self.fails_with} if status == "Failed" else {}),
        }

    meta = SimpleNamespace(region_name="us-east-1")

    def get_paginator(self, operation):
        found = []
        if status := self._status():
            found = [
                {"EndpointName": "hop", "EndpointStatus": status, "CreationTime": self.created}
            ]
        return SimpleNamespace(paginate=lambda: [{"Endpoints": found}])

    def create_endpoint(self, EndpointName, EndpointConfigName):  # noqa: N803
        if self.refuses_with:
            raise self.refuses_with.pop(0)
        if self._status() is not None:
            raise refusal("CreateEndpoint", "Cannot create already existing endpoint.")
        self.calls.append("create")
        self.created, self.deleted = self.clock(), None

    def delete_endpoint(self, EndpointName):  # noqa: N803
        status = self._status()
        if status in {None, "Deleting"}:
            raise refusal("DeleteEndpoint", 'Could not find endpoint "x".')
        if status == "Creating":
            raise refusal("DeleteEndpoint", "Cannot update in-progress endpoint.")
        self.calls.append("delete")
        self.deleted = self.clock()

    def _status(self):
        if self.created is None:
            return None
        if self.deleted is not None:
            return "Deleting" if self.clock() - self.deleted < self.deleting_for else None
        if self.clock() - self.created < self.creating_for:
            return "Creating"
        return "Failed" if self.fails_with else "InService"


class FakeLogs:
    """The container's log: the times at which it spoke."""

    def __init__(self, clock):
        self.clock = clock
        self.speaks_at = None

    def filter_log_events(self, logGroupName, startTime, limit):  # noqa: N803
        if self.speaks_at is None:
            raise refusal("FilterLogEvents", "No group.", "ResourceNotFoundException")
        spoke = self.clock() >= self.speaks_at
        spoken = {"message": "phase=loading", "timestamp": self.speaks_at.timestamp() * 1000}
        return {"events": [spoken] if spoke else []}


class FakeCloudWatch:
    """The minutes in which the endpoint was invoked, each told when its count has arrived."""

    def __init__(self, clock):
        self.clock = clock
        self.late = timedelta()
        self.minutes = []

    def get_metric_statistics(self, StartTime, EndTime, **_):  # noqa: N803
        told = [minute for minute in self.minutes if minute + self.late <= self.clock()]
        found = [minute for minute in told if StartTime <= minute < EndTime]
        return {"Datapoints": [{"Timestamp": minute, "Sum": 1.0} for minute in found]}


class FakeSns:
    """A topic that remembers what was published; `refuses` makes it fail."""

    def __init__(self):
        self.sent = []
        self.refuses = None

    def create_topic(self, Name):  # noqa: N803
        return {"TopicArn": f"arn:{Name}"}

    def publish(self, TopicArn, Subject, Message):  # noqa: N803
        if self.refuses:
            raise self.refuses
        self.sent.append((Subject, Message))


class CrashAfter:
    """Passes calls on to an object and fails at the n-th, as if the process had been killed."""

    class Crash(Exception):
        pass

    def __init__(self, counter):
        self.counter = counter

    def wrap(self, target):
        crash = self

        class Wrapped:
            def __getattr__(self, name):
                member = getattr(target, name)
                return crash.counting(member) if callable(member) else member

        return Wrapped()

    def counting(self, call):
        def counted(*arguments, **named):
            self.counter -= 1
            if self.counter < 0:
                raise self.Crash
            return call(*arguments, **named)

        return counted
