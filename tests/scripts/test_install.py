"""What can go wrong while installing is a sentence with the remedy."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.chromium import find_chromium
from scripts.install import PARTS, explain, fingerprint, is_current

ROOT = Path(__file__).parent.parent.parent


@pytest.mark.parametrize(
    ("log", "remedy"),
    [
        ("OSError: [Errno 28] No space left on device", "Make room"),
        ("error: command 'gcc' failed: No such file or directory", "build-essential"),
        ("error: command '/usr/bin/clang' failed with exit code 1", "xcode-select"),
        ("NewConnectionError: Failed to establish a new connection", "Check the network"),
        ("Temporary failure in name resolution", "Check the network"),
        ("ERROR: No matching distribution found for torch==2.13.0", "Python 3.11 to 3.13"),
        ("[Errno 13] Permission denied: '/x'", "Clone into a folder of your own"),
        ("warning\nERROR: Something odd", "ERROR: Something odd"),
        ("", "pip failed without a word."),
    ],
)
def test_pips_words_become_a_sentence(log, remedy):
    assert remedy in explain(log)


def test_an_environment_is_current_for_what_it_was_made_for(tmp_path):
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").touch()
    assert not is_current("demo", tmp_path)

    (tmp_path / "for-demo").write_text(fingerprint("demo"))

    assert is_current("demo", tmp_path)
    assert not is_current("test", tmp_path)


def test_what_the_tests_need_does_for_the_demo(tmp_path):
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").touch()
    (tmp_path / "for-test").write_text(fingerprint("test"))

    assert is_current("demo", tmp_path)


def test_the_demo_installs_no_tool_of_contributors_and_never_the_sagemaker_sdk():
    listed = "".join((ROOT / name).read_text() for name in PARTS["demo"])

    assert "pytest" not in listed and "mypy" not in listed and "sagemaker" not in listed.split()


def test_every_requirement_is_pinned():
    for path in [*ROOT.glob("*/requirements.txt"), *ROOT.glob("*/*/requirements.txt")]:
        lines = [line for line in path.read_text().splitlines() if line[:1].isalpha()]
        assert lines and all("==" in line for line in lines), path


def clone_of_installer(folder):
    (folder / "scripts").mkdir()
    for name in ("__init__.py", "install.py", "chromium.py"):
        shutil.copy(ROOT / "scripts" / name, folder / "scripts")
    for name in (*PARTS["demo"], *PARTS["test"], "constraints.txt"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("")
    (folder / "webapp" / "requirements.txt").write_text("no-such-package-of-ours==1\n")


def test_without_a_network_the_installer_says_so(tmp_path):
    clone_of_installer(tmp_path)
    env = {
        **os.environ,
        "PIP_INDEX_URL": "http://127.0.0.1:9/simple",
        "PIP_RETRIES": "1",
        "PIP_CONFIG_FILE": os.devnull,
    }

    told = subprocess.run(
        [sys.executable, "-m", "scripts.install", "demo"],
        cwd=tmp_path,
        env=env,
        capture_output=True,
        text=True,
    )

    assert told.returncode == 1
    assert "The package index cannot be reached." in told.stderr
    assert "Traceback" not in told.stderr
    assert not (tmp_path / ".venv" / "for-demo").exists()


def test_a_chromium_that_is_named_is_taken():
    assert find_chromium({"DEEP_HOP_CHROMIUM": "/opt/chromium"}) == "/opt/chromium"


def test_playwrights_own_chromium_is_found(tmp_path):
    path = tmp_path / ".cache/ms-playwright/chromium-1200/chrome-linux/chrome"
    path.parent.mkdir(parents=True)
    path.touch()

    assert find_chromium({"PATH": "", "HOME": str(tmp_path)}) == str(path)
