"""What every answer of the site keeps to."""

import os
import re
import subprocess
import sys
from dataclasses import replace

import pytest

from tests.webapp.site import SETTINGS, make_site, unreachable
from webapp.settings import SettingsWrong, WebSettings


@pytest.mark.parametrize("path", ["/", "/signin", "/api/state", "/nothing", "/static/style.css"])
def test_every_answer_carries_the_policy(visitor, path):
    with visitor.client.get(path) as answer:
        headers = answer.headers

    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_no_page_names_another_host(visitor, host, ready):
    for path in ("/", "/signin", "/host", "/nothing"):
        page = host.client.get(path).text
        assert "http://" not in page and "https://" not in page
        assert "<style" not in page and "onclick" not in page and " style=" not in page


def test_the_state_is_told_as_json(visitor):
    told = visitor.client.get("/api/state").json

    assert told["state"] == "off"
    assert told["cost"]["so_far"] == 0
    assert {"phase", "since", "seconds", "usual_seconds", "until", "next_demo", "queue"} <= set(
        told
    )


def test_the_site_is_healthy_without_asking_anyone(visitor):
    assert visitor.client.get("/healthz").text == "ok\n"


def test_when_aws_cannot_be_reached_the_page_says_so(visitor, site):
    site.world.switch.state = unreachable

    assert "cannot be reached" in visitor.client.get("/").text
    answer = visitor.client.get("/api/state")
    assert (answer.status_code, answer.json["code"]) == (503, "unreachable")


def test_a_mistake_of_ours_is_a_500_without_a_traceback(visitor, site):
    def broken():
        raise ZeroDivisionError("secret detail")

    site.world.switch.state = broken

    answer = visitor.client.get("/api/state")
    assert (answer.status_code, answer.json["code"]) == (500, "broken")
    assert "secret" not in answer.text


def test_static_files_are_kept_under_addresses_that_change_with_them(visitor):
    page = visitor.client.get("/").text
    address = re.search(r'href="(/static/style\.css\?v=[0-9a-f]+)"', page)[1]

    with visitor.client.get(address) as kept, visitor.client.get("/static/style.css") as plain:
        assert "immutable" in kept.headers["Cache-Control"]
        assert "immutable" not in plain.headers["Cache-Control"]
    assert visitor.client.get("/").headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("verb", "path", "status", "code"),
    [
        ("GET", "/api/nothing", 404, "not_found"),
        ("PUT", "/api/state", 405, "wrong_method"),
        ("GET", "/api/leases", 401, "sign_in"),
        ("POST", "/api/leases", 400, "csrf"),
        ("POST", "/api/verses", 415, "not_json"),
    ],
)
def test_every_error_of_the_api_has_the_same_four_parts(visitor, verb, path, status, code):
    answer = visitor.client.open(path, method=verb)

    assert (answer.status_code, answer.json["code"]) == (status, code)
    assert set(answer.json) == {"code", "message", "remedy", "fields"}
    assert answer.json["remedy"].endswith(".")


def test_a_wrong_method_names_the_right_ones(visitor):
    allowed = visitor.client.get("/verses").headers["Allow"]

    assert set(allowed.split(", ")) == {"OPTIONS", "POST"}


def test_cookies_are_secure_unless_a_setting_says_otherwise(world):
    app = make_site(world, settings=replace(SETTINGS, secure_cookies=True)).app

    cookie = app.test_client().get("/signin").headers["Set-Cookie"]

    assert "Secure" in cookie and "HttpOnly" in cookie and "SameSite=Lax" in cookie


def test_settings_name_every_problem_at_once():
    with pytest.raises(SettingsWrong) as raised:
        WebSettings.from_env({"DEEP_HOP_PRICE_PER_HOUR": "much"})

    for name in ("SECRET_KEY", "HOST_PASSWORD_HASH", "PRICE_PER_HOUR"):
        assert f"DEEP_HOP_{name}" in str(raised.value)


def test_the_server_ends_with_a_sentence_without_its_secrets():
    server = ["gunicorn", "-c", "python:webapp.gunicorn_conf", "webapp.wsgi:app"]
    told = subprocess.run(
        [sys.executable, "-m", *server],
        env={**os.environ, "PORT": "0"},
        capture_output=True,
        text=True,
        timeout=20,
    )

    assert told.returncode == 1
    assert told.stderr.startswith("The site cannot start. DEEP_HOP_SECRET_KEY must have")
    assert told.stderr.count("\n") == 1


def test_the_site_never_loads_torch():
    program = "import sys, webapp.app, webapp.wiring; sys.exit('torch' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", program]).returncode == 0


def test_a_password_hash_is_made_by_a_command():
    command = [sys.executable, "-m", "webapp", "hash-password"]
    made = subprocess.run(command, input="long enough", capture_output=True, text=True)
    short = subprocess.run(command, input="short", capture_output=True, text=True)

    assert made.stdout.startswith("scrypt:")
    assert (short.returncode, "Choose another" in short.stderr) == (1, True)
