"""What every answer of the site keeps to."""

import subprocess
import sys

import pytest
from botocore.exceptions import EndpointConnectionError

from webapp.settings import SettingsWrong, WebSettings


@pytest.mark.parametrize("path", ["/", "/signin", "/api/state", "/nothing", "/static/style.css"])
def test_every_answer_carries_the_policy(visitor, path):
    headers = visitor.client.get(path).headers

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
    def unreachable():
        raise EndpointConnectionError(endpoint_url="http://127.0.0.1:1")

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


def test_settings_name_every_problem_at_once():
    with pytest.raises(SettingsWrong) as raised:
        WebSettings.from_env({"DEEP_HOP_PRICE_PER_HOUR": "much"})

    for name in ("SECRET_KEY", "HOST_PASSWORD_HASH", "PRICE_PER_HOUR"):
        assert f"DEEP_HOP_{name}" in str(raised.value)


def test_the_site_does_not_start_without_its_secrets():
    told = subprocess.run(
        [sys.executable, "-c", "import webapp.wsgi"], capture_output=True, text=True
    )

    assert told.returncode == 1
    assert told.stderr.startswith("The site cannot start. DEEP_HOP_SECRET_KEY must have")
    assert "Traceback" not in told.stderr


def test_the_site_never_loads_torch():
    program = "import sys, webapp.app, webapp.wiring; sys.exit('torch' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", program]).returncode == 0


def test_a_password_hash_is_made_by_a_command():
    command = [sys.executable, "-m", "webapp", "hash-password"]
    made = subprocess.run(command, input="long enough", capture_output=True, text=True)
    short = subprocess.run(command, input="short", capture_output=True, text=True)

    assert made.stdout.startswith("scrypt:")
    assert (short.returncode, "Choose a longer one" in short.stderr) == (1, True)
