"""Imports flow one way; pyproject.toml holds the contracts."""

import subprocess
import sys
from pathlib import Path


def test_imports_flow_one_way():
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    told = subprocess.run(command, capture_output=True, text=True)

    assert told.returncode == 0, told.stdout
