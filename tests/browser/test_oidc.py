"""Signing in with an issuer on another site, under our Content-Security-Policy."""

from dataclasses import replace

import pytest
from playwright.sync_api import expect

from tests.browser.chromium import Server
from tests.webapp.issuer import FakeIssuer, make_key
from tests.webapp.site import SETTINGS, make_site


@pytest.fixture
def issuer():
    made = FakeIssuer(make_key())
    yield made
    made.stop()


@pytest.fixture
def page(browser, world, issuer):
    server = Server(make_site(world, replace(SETTINGS, issuer=issuer.settings)).app)
    page = browser.new_context(base_url=server.address).new_page()
    page.set_default_timeout(10_000)
    page.goto("/signin")
    yield page
    page.context.close()
    server.stop()


def test_a_host_goes_to_the_issuer_and_comes_back_signed_in(page, issuer, check):
    check(page, "signin_oidc")

    page.get_by_role("link", name="Sign in with Example ID").click()

    page.wait_for_url("**/host")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    assert issuer.refused_tokens == []


def test_a_host_who_is_not_let_in_reads_why(page, issuer, check):
    issuer.says = {"email": "eve@example.org"}

    page.get_by_role("link", name="Sign in with Example ID").click()

    expect(page.get_by_role("alert")).to_contain_text("eve@example.org is no host here.")
    check(page, "signin_oidc_refused")
