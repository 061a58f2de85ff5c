"""The API's document says what the site does: its routes, its limits, its events."""

import json
import re

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from tests.webapp.site import SETTINGS
from webapp.accounts import SCOPES
from webapp.openapi.document import document
from webapp.openapi.events import EVENTS

VERBS = {"get", "post", "put", "patch", "delete"}
OPERATIONS = [
    (verb, path)
    for path, item in document(SETTINGS.limits)["paths"].items()
    for verb in item
    if verb in VERBS
]


def told(visitor):
    return visitor.client.get("/api/openapi.json").json


def test_the_document_is_openapi(visitor):
    OpenAPIV31SpecValidator(told(visitor)).validate()


def test_it_has_every_route_and_no_other(site):
    routed = {
        (verb.lower(), re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule))
        for rule in site.app.url_map.iter_rules()
        if rule.rule.startswith("/api/")
        for verb in rule.methods - {"HEAD", "OPTIONS"}
    }

    assert set(OPERATIONS) == routed


def test_its_scopes_are_those_of_tokens(visitor):
    ways = [
        way for path, item in told(visitor)["paths"].items() for verb, operation in item.items()
        if verb in VERBS for way in operation.get("security", [])
    ]  # fmt: skip

    assert {scope for way in ways for scope in way.get("token", [])} == set(SCOPES)


def test_the_limits_are_those_of_the_installation(visitor):
    lease = told(visitor)["components"]["schemas"]["LeaseRequest"]["properties"]

    assert lease["minutes"]["maximum"] == SETTINGS.limits.most_minutes


@pytest.mark.usefixtures("ready")
def test_the_events_of_a_verse_are_as_it_says(visitor):
    answer = visitor.client.post("/api/verses", json={"topic": "rain"})
    events = [json.loads(line) for line in re.findall(r"data: (.+)", answer.text)]

    told = {event["event"] for event in events}
    assert told == {"begun", "start", "token", "bar", "verse", "saved"}
    for event in events:
        schema = EVENTS[event["event"]]
        Draft202012Validator(schema).validate(event)
