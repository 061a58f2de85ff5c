"""Several hosts with passwords of their own, tokens for machines, and who did what."""

import csv
import io
import time

import pytest

from tests.switch.wishes import wish
from tests.webapp.site import PASSWORD, Visitor
from webapp.accounts import AccountRefused
from webapp.signin import TRIES, TRIES_AT_AN_ACCOUNT

ADA = "ada's own password"


@pytest.fixture
def ada(site):
    site.world.accounts.add_host("ada", ADA)
    signed_in = Visitor(site.app)
    sign_in(signed_in, "ada", ADA)
    return signed_in


def sign_in(visitor, name, password):
    return visitor.send("/signin", form_on="/signin", name=name, password=password)


def call(site, token, verb, path, body=None):
    headers = {"Authorization": f"Bearer {token}"}
    return site.app.test_client().open(f"/api{path}", method=verb, json=body, headers=headers)


def deeds(site):
    return [(entry.who, entry.what) for entry in site.world.audit.newest()]


def test_a_host_signs_in_by_name_and_is_named_where_they_act(ada, site):
    ada.send("/host/start", form_on="/host", minutes="30", why="a talk")

    (lease,) = site.world.switch.live_leases()
    assert lease.who == "ada"
    assert ("ada", "started for 30 minutes") in deeds(site)


@pytest.mark.parametrize(
    ("name", "password"),
    [("ada", PASSWORD), ("ada", ""), ("bob", ADA), ("host", ADA), ("", ADA), ("ada" * 999, ADA)],
)
def test_a_wrong_name_or_password_lets_nobody_in(ada, site, name, password):
    visitor = Visitor(site.app)

    assert sign_in(visitor, name, password).status_code == 403
    assert visitor.client.get("/host").location == "/signin"


def test_a_phone_that_guesses_locks_itself_out_and_not_the_host(ada, site):
    phone = Visitor(site.app)
    phone.client.environ_base["REMOTE_ADDR"] = "10.0.0.1"
    for _ in range(5):
        assert sign_in(phone, "ada", "guess").status_code == 403

    assert sign_in(phone, "ada", ADA).status_code == 429
    assert sign_in(Visitor(site.app), "ada", ADA).status_code == 303


def test_an_account_is_guessed_slowly_from_many_addresses(ada, site, tables):
    (account,) = counted(site, tables, "ada", "signin-account")
    tables["throttle"].put_item(Item=account | {"failures": TRIES_AT_AN_ACCOUNT})

    assert sign_in(Visitor(site.app), "ada", ADA).status_code == 429
    assert sign_in(Visitor(site.app), "host", PASSWORD).status_code == 303


def counted(site, tables, name, kind):
    """A wrong try of a name, elsewhere; what is counted of it."""
    stranger = Visitor(site.app)
    stranger.client.environ_base["REMOTE_ADDR"] = "203.0.113.77"
    sign_in(stranger, name, "guess")
    items = tables["throttle"].scan()["Items"]
    return [item for item in items if item["id"].startswith(kind)]


def test_one_address_cannot_lock_a_host_out_elsewhere(site, tables):
    (account,) = counted(site, tables, "host", "signin-account")
    phone = Visitor(site.app)
    phone.client.environ_base["REMOTE_ADDR"] = "10.0.0.1"
    for _ in range(TRIES + 3):
        sign_in(phone, "host", "guess")

    after = tables["throttle"].get_item(Key={"id": account["id"]})["Item"]
    assert after["failures"] - account["failures"] == TRIES
    (address,) = [x for x in tables["throttle"].scan()["Items"] if x["id"] == "signin-at 10.0.0.1"]
    assert address["failures"] == TRIES, "nor others at that address"


@pytest.mark.parametrize("name", ["host 127.0.0.1", "-of host", "ho\nst", "x" * 9999, "a@b.cd"])
def test_what_is_no_name_counts_for_its_address_alone(site, tables, name):
    assert counted(site, tables, name, "signin-account") == []
    assert [x["id"] for x in counted(site, tables, name, "signin-")] == ["signin-at 203.0.113.77"]
    assert Visitor(site.app).sign_in().status_code == 303


def test_neither_addresses_nor_what_may_be_a_password_are_kept(ada, site, tables):
    for name in ("my.secret.pass", "My secret pass!", "ada"):
        counted(site, tables, name, "signin-")

    kept = str(tables["audit"].scan()["Items"]) + str(tables["throttle"].scan()["Items"])
    assert "secret" not in kept.lower()
    assert "203.0.113.77" not in str(tables["audit"].scan()["Items"])
    failed = [who for who, what in deeds(site) if what == "failed to sign in"]
    assert failed == ["ada", "somebody", "somebody"]


@pytest.mark.parametrize("password", [f"  {ADA} ", "x" * 200, "8 signs."])
def test_a_password_that_is_taken_lets_in_as_it_was_typed(site, password):
    site.world.accounts.add_host("bob", password)

    assert sign_in(Visitor(site.app), "bob", password).status_code == 303
    assert sign_in(Visitor(site.app), "bob", f"{password}x").status_code == 403


def test_a_session_of_a_host_ends_after_half_a_day(ada, site):
    with ada.client.session_transaction() as session:
        session["since"] -= 12 * 3600 + 1

    assert ada.client.get("/host").location == "/signin"


def test_signing_in_keeps_the_browsers_name_as_a_visitor(ada, site, ready):
    ada.client.post("/api/verses", json={"topic": "rain"})
    sign_in(ada, "ada", ADA)
    ada.client.post("/api/verses", json={"topic": "rain"})

    assert len(set(site.lyricist.visitors)) == 1


def test_a_new_password_ends_the_sessions_of_the_old_one(ada, site):
    site.world.accounts.reset_password("ada", "another password")

    assert ada.client.get("/host").location == "/signin"
    assert sign_in(ada, "ada", "another password").status_code == 303
    assert ada.client.get("/host").status_code == 200


def test_a_host_who_is_removed_is_out(ada, site):
    site.world.accounts.remove("ada")

    assert ada.client.get("/host").location == "/signin"
    assert ada.client.get("/api/leases").status_code == 401


@pytest.mark.parametrize("name", ["", "a", "Ada", "host", "a da", "a_b", "x" * 33, "ä" * 5])
def test_a_name_that_is_none_is_refused(site, name):
    with pytest.raises(AccountRefused):
        site.world.accounts.add_host(name, ADA)


def test_names_are_taken_once_and_passwords_are_long(ada, site):
    accounts = site.world.accounts
    with pytest.raises(AccountRefused, match="already"):
        accounts.add_host("ada", ADA)
    with pytest.raises(AccountRefused, match="already"):
        accounts.add_token("ada", ("read",))
    for password in (" short ", "x" * 201):
        with pytest.raises(AccountRefused, match="8 to 200 characters"):
            accounts.add_host("bob", password)
    with pytest.raises(AccountRefused, match="no host"):
        accounts.reset_password("bob", ADA)
    assert accounts.names() == ["ada"]


def test_passwords_and_tokens_are_stored_as_hashes(ada, site, tables):
    token = site.world.accounts.add_token("ci", ("leases",))

    stored = str(tables["accounts"].scan()["Items"])

    assert ADA not in stored
    assert token.rpartition("_")[2] not in stored


def test_a_machine_may_do_what_its_token_says_without_a_session(site):
    token = site.world.accounts.add_token("ci", ("leases",))

    started = call(site, token, "POST", "/leases", {"minutes": 30, "why": "a release"})

    assert (started.status_code, started.json["who"]) == (201, "ci")
    assert call(site, token, "DELETE", f"/leases/{started.json['id']}").status_code == 204
    refused = call(site, token, "POST", "/demos", wish())
    assert (refused.status_code, refused.json["code"]) == (403, "scope")
    assert call(site, token, "GET", "/starts").status_code == 403
    assert ("ci", "stopped") in deeds(site)


@pytest.mark.parametrize(
    "change", [lambda t: t[:-1], lambda t: t + "x", lambda t: "dh_ci_", str.upper]
)
def test_a_token_that_is_none_opens_nothing(site, change):
    token = site.world.accounts.add_token("ci", ("leases",))

    answer = call(site, change(token), "POST", "/leases", {"minutes": 30})

    assert (answer.status_code, answer.json["code"]) == (401, "token")
    assert "Bearer" in answer.json["remedy"]
    assert site.world.switch.live_leases() == []


def test_a_token_that_is_removed_opens_nothing(site):
    token = site.world.accounts.add_token("ci", ("leases", "read"))
    site.world.accounts.remove("ci")

    assert call(site, token, "POST", "/leases", {"minutes": 30}).status_code == 401
    assert call(site, token, "GET", "/leases").status_code == 401


def test_words_that_a_proxy_adds_keep_no_host_out(ada):
    headers = {"Authorization": "Basic cHJveHk6eA==", "X-CSRFToken": ada.token("/host")}

    answer = ada.client.post("/api/leases", json={"minutes": 30}, headers=headers)

    assert answer.status_code == 201


def test_a_token_is_no_password_and_opens_no_page(site):
    token = site.world.accounts.add_token("ci", ("leases",))

    assert sign_in(Visitor(site.app), "ci", token).status_code == 403
    page = site.app.test_client().get("/host", headers={"Authorization": f"Bearer {token}"})
    assert page.location == "/signin"


def test_a_forged_form_is_refused_for_a_host(ada):
    assert ada.client.post("/host/start", data={"minutes": "30"}).status_code == 400
    assert ada.client.post("/api/leases", json={"minutes": 30}).status_code == 400


def test_the_history_tells_who_did_what(ada, site):
    ada.send("/host/start", form_on="/host", minutes="30", why="=1+1")
    site.world.clock.pass_(minutes=5)
    site.world.switch.reconcile()
    (lease,) = site.world.switch.live_leases()
    ada.send(f"/host/stop/{lease.id}", form_on="/host")
    for _ in range(2):
        site.world.clock.pass_(minutes=1)
        site.world.switch.reconcile()

    page = ada.client.get("/host/history").text
    assert "signed in" in page and "deleted the endpoint: no lease is left" in page
    assert deeds(site)[0] == ("the switch", "deleted the endpoint: no lease is left")
    (row,) = csv.DictReader(io.StringIO(ada.client.get("/host/history/starts.csv").text))
    assert (row["who"], row["why"], row["seconds_to_ready"]) == ("ada", "'=1+1", "300.0")
    assert float(row["minutes"]) == 6 and float(row["cost"]) == 0.36
    rows = list(csv.DictReader(io.StringIO(ada.client.get("/host/history/audit.csv").text)))
    assert [row["what"] for row in rows].count("stopped") == 1


@pytest.mark.parametrize("path", ["", "/starts.csv", "/audit.csv"])
def test_the_history_is_for_hosts(visitor, path):
    assert visitor.client.get(f"/host/history{path}").location == "/signin"


def test_an_audit_log_that_cannot_be_written_stops_nobody(ada, site, tables):
    site.world.audit._table = type("Broken", (), {"put_item": broken})()

    assert ada.send("/host/start", form_on="/host", minutes="30", why="").status_code == 303
    assert len(site.world.switch.live_leases()) == 1


def broken(*_, **__):
    from tests.switch.fakes import refusal

    raise refusal("PutItem", "Rate exceeded", "ThrottlingException")


def copy_of(visitor, site):
    """Another browser with a copy of its cookie."""
    copied = Visitor(site.app)
    copied.client.set_cookie("deep_hop", visitor.client.get_cookie("deep_hop").value)
    return copied


def test_signing_out_ends_every_copy_of_the_cookie(ada, site):
    copied = copy_of(ada, site)
    elsewhere = Visitor(site.app)
    sign_in(elsewhere, "ada", ADA)
    assert copied.client.get("/host").status_code == 200

    ada.send("/signout", form_on="/host")

    assert copied.client.get("/host").location == "/signin"
    assert copied.client.get("/api/leases").status_code == 401
    assert elsewhere.client.get("/host").status_code == 200
    assert site.world.accounts.names() == ["ada"]


def test_signing_in_again_ends_the_session_before(ada, site):
    copied = copy_of(ada, site)
    ada.client.post(
        "/signin", data={"csrf_token": ada.token("/host"), "name": "ada", "password": ADA}
    )

    assert ada.client.get("/host").status_code == 200
    assert copied.client.get("/host").location == "/signin"


def test_an_ended_session_is_forgotten_when_it_would_have_ended(host, tables):
    host.send("/signout", form_on="/host")

    (item,) = tables["accounts"].scan()["Items"]
    assert 0 < int(item["expires"]) - time.time() <= 12 * 3600


def test_a_session_from_before_sessions_could_be_ended_is_over(ada):
    with ada.client.session_transaction() as session:
        del session["id"]

    assert ada.client.get("/host").location == "/signin"


def test_a_table_of_accounts_that_cannot_be_read_lets_nobody_in(ada, site):
    site.world.accounts._table = type("Broken", (), {"get_item": broken})()

    answer = ada.client.get("/host")

    assert answer.status_code == 503
    assert "Host sign-in" in answer.text
