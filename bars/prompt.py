"""How a model is asked for a verse: one format for training and serving, versioned.

Version 1 shows a base model a few of our own verses under their topics and lets it go on.
A prompt never ends in a space: the words after it would be cut into unnatural tokens.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from bars.verse import VerseRequest

PROMPT_VERSIONS = (1,)
BAR_END = "\n"


@dataclass(frozen=True)
class Example:
    """One of our verses, shown to the model before the visitor's."""

    topic: str
    scheme: str
    bars: tuple[str, ...]


@cache
def examples() -> tuple[Example, ...]:
    """Every example of version 1."""
    text = (files("bars") / "data" / "examples.txt").read_text(encoding="utf-8")
    return tuple(_example(block.splitlines()) for block in text.strip().split("\n\n"))


def _example(lines: list[str]) -> Example:
    topic, scheme = lines[0].removeprefix("# ").split(" | ")
    return Example(topic, scheme, tuple(lines[1:]))


def render_shared(scheme: str) -> str:
    """The part of the prompt that every request with this scheme begins with."""
    fitting = [e for e in examples() if e.scheme == scheme]
    shown = fitting or [e for e in examples() if e.scheme == "AABB"]
    return "".join(f"# {e.topic}\n" + "\n".join(e.bars) + "\n\n" for e in shown)


def render_request(request: VerseRequest, verse: Sequence[str]) -> str:
    """The rest of the prompt: the topic and the bars so far; the next bar follows it."""
    heading = request.topic or "Freestyle"
    return f"# {heading}\n" + "".join(bar + BAR_END for bar in verse)


def render_prompt(request: VerseRequest, verse: Sequence[str]) -> str:
    return render_shared(request.scheme) + render_request(request, verse)
