"""The browser of the tests: one that is there, or one that can be installed."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_APPLICATIONS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
_PLAYWRIGHTS = (
    "chromium-*/chrome-linux*/chrome",
    "chromium-*/chrome-mac*/Chromium.app/Contents/MacOS/Chromium",
)
HOW = (
    "No Chromium was found, and none could be installed. Install Chromium or Chrome by hand, "
    "or name its program in DEEP_HOP_CHROMIUM."
)


def find_chromium(env: Mapping[str, str] = os.environ) -> str | None:
    """The path of a Chromium or Chrome on this machine."""
    if named := env.get("DEEP_HOP_CHROMIUM"):
        return named
    for name in _NAMES:
        if found := shutil.which(name, path=env.get("PATH")):
            return found
    for path in _APPLICATIONS:
        if Path(path).exists():
            return path
    home = Path(env.get("HOME", "~")).expanduser()
    for cache in (home / ".cache/ms-playwright", home / "Library/Caches/ms-playwright"):
        for pattern in _PLAYWRIGHTS:
            if found_paths := sorted(cache.glob(pattern)):
                return str(found_paths[-1])
    return None


def install_chromium(python: Path) -> None:
    """Install one: as root by apt, otherwise Playwright's own; exits with a sentence if not."""
    if shutil.which("apt-get") and os.geteuid() == 0:
        print("Installing Chromium by apt.", flush=True)
        install = ["apt-get", "install", "-y", "-q", "--no-install-recommends", "chromium"]
        for command in (["apt-get", "update", "-q"], install):
            subprocess.run(command, stdout=subprocess.DEVNULL, check=False)
    if find_chromium() is None:
        print("Installing Playwright's Chromium.", flush=True)
        subprocess.run([str(python), "-m", "playwright", "install", "chromium"], check=False)
    if find_chromium() is None:
        sys.exit(HOW)
