import os
import sys
import time

from infrastructure.local_cloud.minute_rule import MinuteRule, rule_env
from tests.local_cloud.cloud import until

PROGRAM = "import os,sys,time; f=open(sys.argv[1],'a'); f.write('in\\n'); f.flush(); "
PROGRAM += "time.sleep(0.4); f.write('out\\n')"


def test_the_rule_fires_again_and_again_and_never_twice_at_once(tmp_path):
    notes = tmp_path / "notes"
    notes.touch()
    rule = MinuteRule(0.05, os.environ, [sys.executable, "-c", PROGRAM, str(notes)])

    rule.start()
    until(lambda: notes.read_text().count("out") >= 3)
    rule.stop()

    assert set(notes.read_text().split()[::2]) == {"in"}
    assert set(notes.read_text().split()[1::2]) == {"out"}


def test_a_rule_of_no_seconds_never_fires(tmp_path):
    rule = MinuteRule(0, os.environ, ["touch", str(tmp_path / "fired")])

    rule.start()
    time.sleep(0.3)
    rule.stop()

    assert not (tmp_path / "fired").exists()


def test_the_rules_environment_leads_to_the_local_cloud():
    assert rule_env("http://127.0.0.1:1")["AWS_ENDPOINT_URL"] == "http://127.0.0.1:1"
