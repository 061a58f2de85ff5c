"""Set up .venv for one purpose: python3 -m scripts.install demo | train | test

Runs on the system's Python with nothing installed; what is in place already is left alone.
"""

import argparse
import hashlib
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
VENV = ROOT / ".venv"
PARTS = {
    "demo": (
        "webapp/requirements.txt",
        "inference/requirements.txt",
        "infrastructure/local_cloud/requirements.txt",
        "scripts/requirements.txt",
    ),
    "train": (
        "training_job/requirements.txt",
        "webapp/requirements.txt",
        "inference/requirements.txt",
        "infrastructure/local_cloud/requirements.txt",
        "scripts/requirements.txt",
    ),
    "test": ("requirements.txt",),
}
OLDEST = (3, 11)
NEEDED_GB = {"demo": 3, "train": 3, "test": 4}
TORCH_TIP = "PIP_EXTRA_INDEX_URL=https://download.pytorch.org/whl/cpu"
_REASONS = (
    (
        r"No space left on device|not enough free",
        "The disk is full. Make room (the demo needs 3 GB; on Linux the CPU build of torch, by "
        f"{TORCH_TIP}, is the smallest).",
    ),
    (
        r"command '?\S*(gcc|cc|clang|g\+\+)'? failed|Unable to find a compatible|"
        r"No such file or directory: '(gcc|cc|clang)'|Microsoft Visual",
        "A package had to be compiled and there is no compiler. Install one (Debian, Ubuntu: "
        "apt install build-essential python3-dev; macOS: xcode-select --install), or use a "
        "Python version for which PyPI has ready-made wheels, such as 3.11 to 3.13.",
    ),
    (
        r"HTTPSConnectionPool|Failed to establish a new connection|Connection refused|"
        r"Temporary failure in name resolution|NewConnectionError|Connection reset|ProxyError|"
        r"Read timed out",
        "The package index cannot be reached. Check the network and the proxy, or name an index "
        "in PIP_INDEX_URL.",
    ),
    (
        r"No matching distribution found for (\S+)",
        "The package index has no fitting build of a package for this Python. Use Python 3.11 to "
        "3.13, or an index that mirrors PyPI in full.",
    ),
    (
        r"Read-only file system|Permission denied",
        "This folder cannot be written to. Clone into a folder of your own.",
    ),
)


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Set up .venv.")
    parser.add_argument("purpose", choices=sorted(PARTS), help="what it is for")
    if sys.version_info[:2] < OLDEST:
        sys.exit(f"Python 3.11 or later is needed; this is {sys.version.split()[0]}. Try PYTHON=.")
    try:
        install(parser.parse_args(argv).purpose)
    except KeyboardInterrupt:
        sys.exit(130)
    except OSError as error:
        sys.exit(f"{VENV} cannot be made: {error}. {explain(str(error))}")


def install(purpose: str, venv: Path = VENV) -> None:
    """Make the virtual environment fit for a purpose; exits with a sentence if it cannot."""
    if not is_current(purpose, venv):
        free = shutil.disk_usage(ROOT).free // 10**9
        if free < NEEDED_GB[purpose]:
            sys.exit(f"{ROOT} has {free} GB left and {NEEDED_GB[purpose]} are needed. Make room.")
        _make_venv(venv)
        _install_packages(purpose, venv)
        (venv / f"for-{purpose}").write_text(fingerprint(purpose))
    if purpose == "test":
        from scripts.chromium import find_chromium, install_chromium

        if find_chromium() is None:
            install_chromium(venv / "bin" / "python")


def is_current(purpose: str, venv: Path) -> bool:
    """Whether it was set up for this purpose; what the tests need does for all others too."""
    return (venv / "bin" / "python").exists() and any(
        stamp.is_file() and stamp.read_text() == fingerprint(which)
        for which in {purpose, "test"}
        if (stamp := venv / f"for-{which}")
    )


def fingerprint(purpose: str) -> str:
    """A hash of everything that decides what is installed."""
    digest = hashlib.sha256(sys.version.encode())
    for path in (*(ROOT / name for part in PARTS.values() for name in part), _constraints()):
        digest.update(path.read_bytes())
    digest.update(purpose.encode())
    return digest.hexdigest()


def _constraints() -> Path:
    return ROOT / "constraints.txt"


def _make_venv(venv: Path) -> None:
    if (venv / "bin" / "python").exists() and any(venv.glob("for-*")):
        return
    shutil.rmtree(venv, ignore_errors=True)  # of a run that was interrupted
    told = subprocess.run(
        [sys.executable, "-m", "venv", str(venv)], capture_output=True, text=True, check=False
    )
    if told.returncode:
        shutil.rmtree(venv, ignore_errors=True)
        sys.exit(
            f"{venv} cannot be made: {(told.stdout + told.stderr).strip()[-200:]}\n"
            "On Debian and Ubuntu, apt install python3-venv."
        )


def _install_packages(purpose: str, venv: Path) -> None:
    print(f"Installing the packages for the {purpose} (some minutes, once).", flush=True)
    command = [str(venv / "bin" / "python"), "-m", "pip", "install", "-c", str(_constraints())]
    command += ["--disable-pip-version-check", "--progress-bar", "off"]
    for name in PARTS[purpose]:
        command += ["-r", str(ROOT / name)]
    log_path = venv / "install.log"
    with log_path.open("w") as log:
        process = subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        for line in process.stdout or ():
            log.write(line)
            _show(line)
    if process.wait():
        _show("")
        sys.exit(f"{explain(log_path.read_text())}\nThe whole story is in {log_path}.")
    _show("Installed.\n")


def _show(line: str) -> None:
    """One line that says what pip does, where someone watches."""
    found = re.match(r"(Collecting|Downloading|Installing|Building wheel for|Installed)\b.*", line)
    if sys.stdout.isatty() and (found or not line):
        text = found.group()[:78] if found else ""
        print(f"\r\x1b[K{text}", end="\n" if line.startswith("Installed.") else "", flush=True)


def explain(log: str) -> str:
    """What went wrong, and the remedy, from pip's words."""
    for pattern, sentence in _REASONS:
        if re.search(pattern, log):
            return sentence
    errors = [line for line in log.splitlines() if line.startswith("ERROR")]
    return (errors or log.splitlines()[-1:] or ["pip failed without a word."])[-1]


if __name__ == "__main__":
    main()
