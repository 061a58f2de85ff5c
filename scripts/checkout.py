"""The git checkout that the scripts run in."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).parent.parent


def clean_commit(folder: Path = ROOT) -> str:
    """The commit that is checked out, if nothing differs from it; else "", also without git."""
    if _git(folder, "status", "--porcelain") != "":
        return ""
    return _git(folder, "rev-parse", "HEAD") or ""


def _git(folder: Path, *words: str) -> str | None:
    try:
        told = subprocess.run(  # nosec B607  # git, as its user has it
            ["git", "-C", str(folder), *words], capture_output=True, text=True, timeout=20
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return told.stdout.strip() if told.returncode == 0 else None
