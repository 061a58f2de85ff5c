"""What can be heard in a text: python -m scripts.analyse_verse FILE|- --html verse.html"""

import argparse
import json
import os
import sys
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from tqdm import tqdm

from bars.meter import longest_breath
from bars.picture import to_html, to_svg, to_terminal
from bars.rhyme_scheme import Ear
from bars.scores import Score, score_text, to_json
from bars.verse_sound import HeardLine, HeardStanza, hear_text


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Find rhymes, meter and flow in a text.")
    parser.add_argument("file", help="a text file, or - for standard input")
    parser.add_argument("--scheme", help="the scheme that was asked for, such as AABB")
    parser.add_argument("--ear", choices=list(Ear), default=Ear.RAP, help="whose rhymes (rap)")
    parser.add_argument("--deals", type=int, default=200, help="deals for chance levels (200)")
    parser.add_argument("--no-color", action="store_true", help="no colors in the terminal")
    parser.add_argument("--json", action="store_true", help="answer as JSON")
    parser.add_argument("--html", type=Path, metavar="FILE", help="write a page")
    parser.add_argument("--svg", type=Path, metavar="FILE", help="write a drawing")
    arguments = parser.parse_args(argv)
    scheme = (arguments.scheme or "").upper()
    if scheme and not (scheme.isascii() and scheme.isalpha() and len(scheme) <= 16):
        sys.exit(f"The scheme {arguments.scheme!r} must be of 1 to 16 letters, such as AABB.")
    text = _read(arguments.file)
    quiet = not sys.stderr.isatty()
    watch = partial(tqdm, desc="Hearing", unit="stanza", leave=False, delay=1, disable=quiet)
    stanzas = hear_text(text, arguments.ear, watch)
    if not any(line.words for stanza in stanzas for line in stanza.lines):
        sys.exit("There is no English word in the text, so nothing can be heard. Give lyrics.")
    title = "A verse, heard" if arguments.file == "-" else Path(arguments.file).stem
    for target, picture in ((arguments.html, to_html), (arguments.svg, to_svg)):
        if target:
            _write(target, picture(stanzas, title))
    scores = score_text(text, scheme or None, deals=max(1, arguments.deals))
    if arguments.json:
        print(json.dumps(_as_json(stanzas, scores), indent=2))
    elif not (arguments.html or arguments.svg):
        colors = sys.stdout.isatty() and not arguments.no_color and "NO_COLOR" not in os.environ
        print(to_terminal(stanzas, colors))
        print("\n" + _table(scores))


def _read(name: str) -> str:
    try:
        data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        sys.exit(f"{name} cannot be read: {error.strerror}. Give a text file, or - and a text.")
    return data.decode("utf-8", "replace")


def _write(target: Path, content: str) -> None:
    unfinished = target.with_name(target.name + ".unfinished")
    try:
        unfinished.write_text(content, encoding="utf-8")
        os.replace(unfinished, target)
    except OSError as error:
        sys.exit(f"{target} cannot be written: {error.strerror}. Give a path in your own folder.")
    print(f"Wrote {target}.", file=sys.stderr)


def _table(scores: dict[str, Score]) -> str:
    rows = [f"{'':24} {'value':>6}  {'95 %':>13}  {'chance':>6}  {'95 % of deals':>13}"]
    for name, s in scores.items():
        rows.append(
            f"{name.replace('_', ' '):24} {s.value:6.3f}  {s.low:6.3f}-{s.high:6.3f}"
            f"  {s.chance:6.3f}  {s.chance_low:6.3f}-{s.chance_high:6.3f}"
        )
    return "\n".join(rows)


def _as_json(stanzas: list[HeardStanza], scores: dict[str, Score]) -> dict[str, Any]:
    texts = [line.text for stanza in stanzas for line in stanza.lines]
    return {
        "stanzas": [
            {
                "scheme": stanza.scheme,
                "lines": [_line_json(line) for line in stanza.lines],
                "chains": [asdict(chain) for chain in stanza.chains],
            }
            for stanza in stanzas
        ],
        "longest_breath": longest_breath(texts),
        "scores": to_json(scores),
    }


def _line_json(line: HeardLine) -> dict[str, Any]:
    found = asdict(line)
    found["rhyme"] = None if line.partner is None else found["rhyme"]
    return found


if __name__ == "__main__":
    main()
