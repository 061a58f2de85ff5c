"""Following long work on a terminal."""

import sys
from collections.abc import Iterable
from typing import Any

from tqdm import tqdm


def watch(items: Iterable[Any], what: str, count: int | None) -> Iterable[Any]:
    """The same items, with a progress bar where someone watches."""
    quiet = not sys.stderr.isatty()
    return tqdm(items, what, count, leave=False, unit="", disable=quiet)
