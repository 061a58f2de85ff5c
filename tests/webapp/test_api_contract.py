"""Schemathesis asks every route under /api for what the document allows and for what it does not,
and holds the answers against the document."""

import re

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi import checks

from tests.switch.wishes import wish
from tests.webapp.site import Visitor, make_ready
from tests.webapp.test_openapi import OPERATIONS

KEPT_BY_ALL = [
    schemathesis.checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.unsupported_method,
]
some = settings(
    max_examples=8,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
WITH_BODY = [(verb, path) for verb, path in OPERATIONS if verb in {"post", "patch"}]


def ask(cases, kept):
    @given(cases)
    @some
    def once(case):
        case.call_and_validate(checks=kept)

    once()


@pytest.fixture
def api(site):
    """The operations of the site's own document."""
    return schemathesis.openapi.from_wsgi("/api/openapi.json", site.app)


@pytest.fixture
def known(site):
    """What a caller with every right and the names of things that are there would send."""
    browser = Visitor(site.app)
    demo = site.world.schedule.plan(wish(), "ada")
    lease = make_ready(site.world)
    verse = browser.client.post("/api/verses", json={"topic": "rain"})
    token = site.world.accounts.add_token("ci", ("leases", "demos", "read"))
    ids = {
        "demo_id": demo.id,
        "lease_id": lease.id,
        "verse_id": re.search(r'"id": "([\w-]{12})"', verse.text)[1],
    }

    def of(path):
        """A verse is its browser's, all else a machine's with a token."""
        named = {name: value for name, value in ids.items() if f"{{{name}}}" in path}
        sent = {"path_parameters": named} if named else {}
        if "verse_id" in path:
            of_form = {"X-CSRFToken": browser.token()}
            cookie = browser.client.get_cookie("deep_hop").value
            return sent | {"headers": of_form, "cookies": {"deep_hop": cookie}}
        return sent | {"headers": {"Authorization": f"Bearer {token}"}}

    return of


@pytest.mark.parametrize(("verb", "path"), OPERATIONS)
def test_strangers_and_those_who_may_are_answered_as_the_document_says(api, known, verb, path):
    rights = known(path)

    ask(api[path][verb].as_strategy(), KEPT_BY_ALL)
    ask(api[path][verb].as_strategy(**rights), KEPT_BY_ALL)


@pytest.mark.parametrize(("verb", "path"), WITH_BODY)
def test_the_example_of_the_document_is_taken_and_what_it_does_not_allow_refused(
    api, known, verb, path
):
    operation, rights = api[path][verb], known(path)
    body = operation.definition.raw["requestBody"]["content"]["application/json"]["example"]

    taken = operation.Case(body=body, media_type="application/json", **rights)
    assert taken.call_and_validate(checks=KEPT_BY_ALL).status_code < 300
    wrong = operation.as_strategy(GenerationMode.NEGATIVE, **rights)
    ask(wrong, [*KEPT_BY_ALL, checks.negative_data_rejection])
