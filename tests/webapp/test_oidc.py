"""Hosts sign in with an issuer: a real server that signs real tokens, and some that are not."""

import hmac
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.hashes import SHA256

from tests.webapp.issuer import EMAIL, SECRET, FakeIssuer, make_key
from tests.webapp.site import PASSWORD, SETTINGS, Visitor, make_site
from tests.webapp.test_attacks import STRINGS, held
from webapp.issuer import Issuer
from webapp.oidc import TRIES_OF_AN_ADDRESS
from webapp.settings import SettingsWrong, WebSettings

KEYS = {}
ENV = {
    "DEEP_HOP_SECRET_KEY": "s" * 32,
    "DEEP_HOP_HOST_PASSWORD_HASH": "scrypt:x",
    "DEEP_HOP_OIDC_DISCOVERY": "https://id.example.org/.well-known/openid-configuration",
    "DEEP_HOP_OIDC_CLIENT_ID": "deep-hop",
    "DEEP_HOP_OIDC_CLIENT_SECRET": "secret",
    "DEEP_HOP_OIDC_EMAILS": "Ada@example.org, bob@example.org",
}


def key(name):
    """A key takes a while to make, so it is made once."""
    return KEYS.setdefault(name, None) or KEYS.update({name: make_key()}) or KEYS[name]


@pytest.fixture
def issuer():
    made = FakeIssuer(key("its own"))
    yield made
    made.stop()


@pytest.fixture
def site(world, issuer):
    return make_site(world, replace(SETTINGS, issuer=issuer.settings))


def begin(visitor):
    """The issuer's address, as the browser is led to it, and the path by which it comes back."""
    leads_to = visitor.client.get("/signin/oidc").location
    back = requests.get(leads_to, allow_redirects=False, timeout=5).headers["Location"]
    return leads_to, back.removeprefix("http://localhost")


def sign_in(visitor):
    return visitor.client.get(begin(visitor)[1])


def deeds(site):
    return [(entry.who, entry.what) for entry in site.world.audit.newest()]


def assert_out(visitor, answer, said, status=403):
    assert answer.status_code == status
    assert said in answer.text
    assert visitor.client.get("/host").location == "/signin"


def test_a_host_signs_in_with_the_issuer(visitor, site, issuer):
    assert "Sign in with Example ID" in visitor.client.get("/signin").text
    leads_to, back = begin(visitor)
    asked = {name: values[0] for name, values in parse_qs(urlsplit(leads_to).query).items()}

    answer = visitor.client.get(back)

    assert (answer.status_code, answer.location) == (303, "/host")
    assert len(asked["state"]) >= 20 and len(asked["nonce"]) >= 20
    assert asked["redirect_uri"] == "http://localhost/signin/oidc/back"
    assert asked["prompt"] == "select_account"
    assert SECRET not in leads_to and issuer.refused_tokens == []
    visitor.send("/host/start", form_on="/host", minutes="30", why="a talk")
    assert site.world.switch.live_leases()[0].who == EMAIL
    assert (EMAIL, "signed in") in deeds(site)
    assert visitor.client.get("/signin/oidc").location == "/host"


def test_the_session_is_begun_anew_and_keeps_the_visitors_name(visitor, site):
    with visitor.client.session_transaction() as session:
        session.update(visitor="v", planted="by somebody else", id="planted")

    sign_in(visitor)

    with visitor.client.session_transaction() as session:
        assert session["visitor"] == "v" and session["id"] != "planted"
        assert set(session) <= {"visitor", "host", "since", "epoch", "id", "_permanent"}


FALSE = "The answer of Example ID cannot be trusted."


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "another client"},
        {"aud": ["another client"]},
        {"aud": None},
        {"iss": "https://evil.example"},
        {"exp": 1_700_000_000},  # long ago
        {"exp": None},
        {"sub": None},
    ],
    ids=lambda claims: "-".join(f"{name} {value}"[:16] for name, value in claims.items()),
)
def test_a_token_that_was_not_made_for_this_sign_in_lets_nobody_in(visitor, site, issuer, claims):
    issuer.says = claims

    assert_out(visitor, sign_in(visitor), FALSE)


@pytest.mark.parametrize(
    ("header", "signs"),
    [
        ({}, lambda signed: key("another").sign(signed, padding.PKCS1v15(), SHA256())),
        ({}, lambda _: b""),
        ({"alg": "none"}, lambda _: b""),
        ({"alg": "HS256"}, lambda signed: hmac.digest(SECRET.encode(), signed, "sha256")),
        ({"kid": "9"}, lambda signed: key("another").sign(signed, padding.PKCS1v15(), SHA256())),
    ],
    ids=["forged", "missing", "none", "by the client's secret", "of an unknown key"],
)
def test_a_signature_that_is_not_the_issuers_lets_nobody_in(visitor, site, issuer, header, signs):
    issuer.header, issuer.signs = header, signs

    assert_out(visitor, sign_in(visitor), FALSE)


@pytest.mark.parametrize(
    "claims", [{"email_verified": False}, {"email_verified": "true"}, {"email_verified": None}]
    + [{"email": None}, {"email": [EMAIL]}],
)  # fmt: skip
def test_an_email_must_be_verified(visitor, site, issuer, claims):
    issuer.says = claims

    assert_out(visitor, sign_in(visitor), "has not verified an e-mail address of yours")


@pytest.mark.parametrize(
    "email", ["eve@example.org", "ada@example.org.evil.example", "host", "bo\u212a@example.org"]
)
def test_an_email_must_be_a_hosts(visitor, site, issuer, email):
    issuer.says = {"email": email}

    assert_out(visitor, sign_in(visitor), "is no host here")
    assert ("somebody", "failed to sign in") in deeds(site)


def test_an_email_is_the_same_in_capitals(visitor, site, issuer):
    issuer.says = {"email": "Ada@Example.ORG"}

    assert sign_in(visitor).location == "/host"
    assert (EMAIL, "signed in") in deeds(site)


def test_a_state_is_good_once_and_in_its_own_browser(visitor, site, issuer):
    other = Visitor(site.app)
    _, back = begin(visitor)
    assert_out(other, other.client.get(back), "begun in another browser")
    begin(other)
    assert_out(other, other.client.get(back), "begun in another browser")
    assert visitor.client.get(back).location == "/host"
    visitor.send("/signout", form_on="/host")

    assert_out(visitor, visitor.client.get(back), "This sign-in is too old")
    assert issuer.refused_tokens == []


@pytest.mark.parametrize(
    "query", ["", "?code=x", "?state=x", "?code=x&state=", "?code[]=1&state[]=2"]
)
def test_who_comes_back_with_nothing_begun_is_told(visitor, site, query):
    assert_out(visitor, visitor.client.get(f"/signin/oidc/back{query}"), "Begin it again.")


def test_hostile_words_come_back_as_none(visitor, site):
    for evil in STRINGS.values():
        for query in ({"code": evil, "state": evil}, {"error": evil, "error_description": evil}):
            answer = held(visitor.client.get("/signin/oidc/back", query_string=query))
            assert answer.status_code in {403, 429}


def test_a_code_is_nothing_without_its_verifier(visitor, site, issuer):
    _, theirs = begin(Visitor(site.app))
    _, own = begin(visitor)
    stolen = parse_qs(urlsplit(theirs).query)["code"][0]
    state = parse_qs(urlsplit(own).query)["state"][0]

    answer = visitor.client.get(f"/signin/oidc/back?code={stolen}&state={state}")

    assert_out(visitor, answer, FALSE)
    assert [form["code"] for form in issuer.refused_tokens] == [stolen]


def test_who_denies_is_told_what_to_do(visitor, site, issuer):
    issuer.refuses = "access_denied"

    assert_out(visitor, sign_in(visitor), "Sign in again and allow it, or use a password.")
    assert Visitor(site.app).sign_in(PASSWORD).location == "/host"


@pytest.mark.parametrize("gone", ["before", "after"])
def test_an_issuer_that_is_away_is_told(visitor, site, issuer, gone):
    back = begin(visitor)[1] if gone == "after" else "/signin/oidc"
    issuer.stop()

    answer = visitor.client.get(back)

    assert_out(visitor, answer, "Example ID cannot be reached.", 503)


def test_a_description_that_lacks_something_is_asked_for_anew(visitor, site, issuer):
    whole = issuer._described()
    issuer._described = lambda: {"error": "maintenance"}
    assert_out(visitor, visitor.client.get("/signin/oidc"), "cannot be reached", 503)
    issuer._described = lambda: whole

    assert sign_in(visitor).location == "/host"


def test_a_host_whose_email_is_struck_off_is_out_at_once(visitor, site, issuer):
    sign_in(visitor)
    assert visitor.client.get("/host").status_code == 200
    without = replace(issuer.settings, emails=frozenset({"bob@example.org"}))

    for settings in (replace(SETTINGS, issuer=without), SETTINGS):
        site.app.extensions["deep_hop_settings"] = settings
        assert visitor.client.get("/api/leases").status_code == 401


def test_the_session_ends_after_half_a_day(visitor, site):
    sign_in(visitor)
    with visitor.client.session_transaction() as session:
        session["since"] -= 12 * 3600 + 1

    assert visitor.client.get("/host").location == "/signin"


def tried(site, tables, times):
    """Returns that failed at this address, some minutes ago."""
    ends = int(site.world.clock().timestamp()) + 600
    item = {"id": "oidc 127.0.0.1", "failures": times, "expires": ends}
    tables["throttle"].put_item(Item=item)


def test_returns_that_fail_are_counted_for_their_address(visitor, site, tables):
    back = begin(visitor)[1]
    tried(site, tables, TRIES_OF_AN_ADDRESS)

    answer = visitor.client.get(back)

    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "600")


def test_what_is_only_begun_or_was_never_begun_holds_nobody_back(visitor, site, tables):
    tried(site, tables, TRIES_OF_AN_ADDRESS - 1)
    for _ in range(3):
        stranger = Visitor(site.app)
        stranger.client.get("/signin/oidc")
        assert_out(stranger, stranger.client.get("/signin/oidc/back?code=x&state=x"), "too old")

    assert [sign_in(Visitor(site.app)).location for _ in range(3)] == ["/host"] * 3


def test_sign_ins_that_are_begun_again_and_again_leave_the_cookie_small(visitor, site):
    for _ in range(5):
        visitor.client.get("/signin/oidc")

    assert len(visitor.client.get_cookie("deep_hop").value) < 1500
    assert sign_in(visitor).location == "/host"


@pytest.mark.parametrize("more", ["?next=https://evil.example", "?redirect_uri=//evil.example"])
def test_no_address_leads_off_the_site_but_to_the_issuer(visitor, site, issuer, more):
    leads_to = visitor.client.get(f"/signin/oidc{more}").location
    assert leads_to.startswith(f"{issuer.address}/authorize?") and "evil" not in leads_to
    back = f"{begin(visitor)[1]}&{more[1:]}"

    assert visitor.client.get(back).location == "/host"


def test_without_an_issuer_there_is_no_such_way(world):
    visitor = Visitor(make_site(world).app)

    assert "Sign in with" not in visitor.client.get("/signin").text
    assert visitor.client.get("/signin/oidc").status_code == 404


def test_the_settings_of_an_issuer_are_read_as_a_whole():
    issuer = WebSettings.from_env(ENV).issuer

    assert issuer.emails == {"ada@example.org", "bob@example.org"}
    assert issuer.name == "id.example.org"
    assert "secret" not in repr(issuer).replace("client_secret", "")
    plain = {name: text for name, text in ENV.items() if "OIDC" not in name}
    assert WebSettings.from_env(plain).issuer is None


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"DEEP_HOP_OIDC_EMAILS": ""}, "DEEP_HOP_OIDC_EMAILS must be set as well"),
        ({"DEEP_HOP_OIDC_EMAILS": "ada"}, "each must be an e-mail address"),
        ({"DEEP_HOP_OIDC_DISCOVERY": "http://id.example.org/"}, "must be an https address"),
        ({"DEEP_HOP_OIDC_DISCOVERY": "id.example.org"}, "must be an https address"),
    ],
)
def test_settings_of_an_issuer_that_cannot_be_are_refused(changed, said):
    with pytest.raises(SettingsWrong, match=said):
        WebSettings.from_env(ENV | changed)
    assert isinstance(Issuer.from_env(ENV, []), Issuer)
