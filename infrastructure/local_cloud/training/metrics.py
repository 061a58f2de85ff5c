"""A job's metrics, read from the lines of its log."""

import math
import re
from collections.abc import Callable, Mapping


class MetricReader:
    """Finds in each line what the regexes of MetricDefinitions find."""

    def __init__(self, regexes: Mapping[str, str], tell: Callable[[str, float], None]) -> None:
        self._regexes = {name: re.compile(regex) for name, regex in regexes.items()}
        self._tell = tell

    def read(self, line: str) -> None:
        for name, regex in self._regexes.items():
            if found := regex.search(line):
                try:
                    value = float(found[1] or "")
                except ValueError:
                    continue
                if math.isfinite(value):
                    self._tell(name, value)
