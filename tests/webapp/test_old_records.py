"""Records as earlier versions wrote them, one of each kind and version, are still read."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from tests.switch.fakes import NOON
from tests.switch.wishes import BERLIN, wish
from webapp import audit, demo_store, leases, releases, starts, wall
from webapp.accounts import Token

AT, LATER = "2026-06-01T11:55:00+00:00", "2026-06-01T12:55:00+00:00"
EXPIRES = 2_000_000_000
LEASE = {
    "id": "l", "starts": AT, "until": LATER, "who": "ada", "why": "a talk", "kind": "manual",
    "ended": None, "end_reason": "", "expires": EXPIRES,
}  # fmt: skip
START = {"id": AT, "asked": AT, "who": "ada", "why": "a talk", "config": "config-1", "failure": ""}
RELEASE = {
    "endpoint_config": "config-0", "model": "m", "model_version": "v", "image": "i", "deployed": AT,
}  # fmt: skip
DEMO = {
    "id": "d", "title": "Rap night", "zone": "Europe/Berlin", "day": "2026-06-02", "at": "19:30",
    "minutes": 45, "who": "ada", "lead": None, "until": "2026-06-16", "second": None,
    "cancelled": ["2026-06-09"], "revision": 3, "timing": 2,
}  # fmt: skip
REQUEST = {"topic": "rain", "bars": 2}
BAR = {"index": 0, "text": "The lights go low", "letter": "A"}
VERSE = {"request": REQUEST, "start": None, "bars": [BAR], "verse": None}
FEEDBACK = {
    "verse": "v", "thumb": "up", "text": "That rhyme!", "given": AT, "request": REQUEST,
    "bars": ["The lights go low"], "start": {"model": "m"},
}  # fmt: skip
ENTRY = {
    "id": f"{AT}-00000001-aa", "when": AT, "who": "ada", "what": "signed in",
    "which": "from 10.0.0.1", "version": 1, "expires": EXPIRES,
}  # fmt: skip
HOST = {
    "id": "ada",
    "version": 1,
    "password": "scrypt:1024:8:1$XN8ArujevNuwRjjx$53d06ea202d52d0f763513daddd197e2800e5d77389b3fa5"
    "e73f79e4ddc6c9c2c80cdb2974944cc8207402e1db7c5d6285e4d097d95ee2c28777a59f09eb4fe4",
    "epoch": "e1",
}
TOKEN = {
    "id": "ci", "version": 1, "scopes": ["read"],
    "token": "1ec1c26b50d5d3c58d9583181af8076655fe00756bf7285940ba3670f99fcba0",
}  # fmt: skip
WALL = {
    "id": "w", "version": 1, "begun": AT, "topic": "rain", "bars": json.dumps([BAR]), "done": True,
    "verse": "v", "showing": "shown", "pinned": False, "expires": EXPIRES,
}  # fmt: skip

PACKED = ("demo", "body", "feedback")


def kept(**item):
    """What a store of JSON wrote."""
    return {"expires": EXPIRES} | {k: json.dumps(v) if k in PACKED else v for k, v in item.items()}


OLD = {
    "lease 1": ("leases", LEASE, lambda w: w.leases.live(NOON)[0].idle_stop, True),
    "start 1": ("starts", START, lambda w: w.switch.history()[0].requests, 0),
    "release 1": (
        "releases",
        {"id": "current", "release": json.dumps(RELEASE)},
        lambda w: w.releases.current().endpoint_config,
        "config-0",
    ),
    "demo 1": (
        "demos",
        kept(id="d", version=1, revision=3, demo=DEMO),
        lambda w: (w.demos.find("d").pin, len(list(w.demos.find("d").occurrences()))),
        ("", 2),
    ),
    "demo 2, a short PIN": (
        "demos",
        kept(id="d", version=2, revision=3, demo=DEMO | {"pin": "2468"}),
        lambda w: w.schedule.find("d").pin,
        "2468",
    ),
    "verse 1": (
        "verses",
        kept(id="v", version=1, written=AT, body=VERSE),
        lambda w: (w.verses.load("v").bars, w.verses.load("v").owner),
        ([BAR], ""),
    ),
    "feedback 1": (
        "feedback",
        kept(id="v-owner", version=1, feedback=FEEDBACK),
        lambda w: [(each.thumb, each.given) for each in w.feedback.all()],
        [("up", datetime(2026, 6, 1, 11, 55, tzinfo=UTC))],
    ),
    "audit 1": (
        "audit",
        ENTRY,
        lambda w: [(each.who, each.what, each.which) for each in w.audit.newest()],
        [("ada", "signed in", "from 10.0.0.1")],
    ),
    "host 1": (
        "accounts",
        HOST,
        lambda w: (w.accounts.check_password("ada", "ada's own password"), w.accounts.epoch("ada")),
        (True, "e1"),
    ),
    "token 1": (
        "accounts",
        TOKEN,
        lambda w: w.accounts.read_token("dh_ci_s3cret"),
        Token("ci", ("read",)),
    ),
    "ended session 1": (
        "accounts",
        {"id": "ended session s", "version": 1, "expires": EXPIRES},
        lambda w: w.accounts.has_ended("s"),
        True,
    ),
    "wall 1": (
        "wall",
        WALL,
        lambda w: [(each.topic, each.owner, each.approved) for each in w.wall.seen()],
        [("rain", "", False)],
    ),
}


@pytest.mark.parametrize("kind", OLD)
def test_what_was_kept_is_read(world, tables, kind):
    table, item, read, told = OLD[kind]
    tables[table].put_item(Item=item)

    assert read(world) == told


def test_an_old_lease_and_an_old_start_go_on(world, tables):
    tables["leases"].put_item(Item=LEASE)
    world.switch.extend("l", 15, "bob")
    world.switch.let_idle("l", False, "bob")
    tables["starts"].put_item(Item=START)
    world.switch.note_request()

    (lease,) = world.switch.live_leases()
    assert (lease.until - lease.starts, lease.idle_stop) == (timedelta(minutes=75), False)
    assert world.switch.history()[0].requests == 1


def test_an_old_demo_is_changed_without_losing_its_pin(world, tables):
    tables["demos"].put_item(Item=kept(id="d", version=2, revision=3, demo=DEMO | {"pin": "2468"}))
    another = wish(title="Another", date="2026-06-02", time="19:30", **BERLIN)

    changed = world.schedule.change("d", another, "ada")

    assert (changed.pin, changed.revision) == ("2468", 4)


def test_every_record_says_its_version(world, tables):
    world.schedule.plan(wish(time="12:10", lead=10), "ada")
    world.accounts.add_host("bob", "bob's own password")
    world.wall.begin("rain", "owner")

    modules = {"leases": leases, "demos": demo_store, "starts": starts, "releases": releases}
    modules |= {"audit": audit, "wall": wall}
    for name, module in modules.items():
        found = {item["version"] for item in tables[name].scan()["Items"]}
        assert found == {module.RECORD_VERSION}, name
