"""Write a verse in the terminal: python -m scripts.write_verse --topic rain --bars 8"""

import argparse
import json
import sys
from collections.abc import Iterable
from typing import Any

from bars.verse import RequestRefused, VerseRequest
from scripts.target import Target, add_target_arguments, run_on_target
from webapp.lyricist import LyricistBusy, LyricistUnavailable
from webapp.wiring import build

_FIELDS = ("topic", "bars", "scheme", "rhyme", "temperature", "top_p", "seed")


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Write a verse and watch it appear.")
    add_target_arguments(parser)
    parser.add_argument(
        "--opening", action="append", metavar="BAR", help="first bar; again for up to four"
    )
    parser.add_argument("--topic", help="what the verse is about")
    parser.add_argument("--bars", type=int, default=4, help="bars in all, opening included (4)")
    parser.add_argument("--scheme", default="AABB", help="AABB, ABAB, ABBA, ... or free (AABB)")
    parser.add_argument("--syllables", help="4 to 20, match (the opening's) or free")
    parser.add_argument("--rhyme", choices=("perfect", "slant"), default="perfect", help="kind")
    parser.add_argument("--temperature", type=float, default=0.8, help="0.1 to 2 (0.8)")
    parser.add_argument("--top-p", type=float, default=0.95, help="up to 1 (0.95)")
    parser.add_argument("--seed", type=int, help="makes the same verse again")
    parser.add_argument("--json", action="store_true", help="print the request and every event")
    arguments = parser.parse_args(argv)
    try:
        request = VerseRequest.from_json(_body(arguments))
    except RequestRefused as error:
        problems = (f"  {p.field}: {p.message} (got {p.value!r})" for p in error.problems)
        sys.exit("This verse cannot be asked for.\n" + "\n".join(problems))
    run_on_target(lambda target, _: _write(target, request, arguments.json), arguments)


def _body(arguments: argparse.Namespace) -> dict[str, Any]:
    body = {name: getattr(arguments, name) for name in _FIELDS}
    syllables = arguments.syllables
    body["syllables"] = int(syllables) if syllables and syllables.isdigit() else syllables
    body["opening"] = arguments.opening
    return {name: value for name, value in body.items() if value is not None}


def _write(target: Target, request: VerseRequest, as_json: bool) -> None:
    try:
        events = build(target.settings, target.aws).lyricist.write(request)
    except LyricistBusy as error:
        sys.exit(f"{error} Try again in {error.seconds} s.")
    except LyricistUnavailable as error:
        sys.exit(f"{error} A host starts it with `python -m scripts.start_endpoint --minutes 30`.")
    failure = _print_json(request, events) if as_json else _print_bars(events)
    if failure:
        sys.exit(f"{failure['message']} {failure['remedy']}")


def _print_json(request: VerseRequest, events: Iterable[dict[str, Any]]) -> dict[str, Any] | None:
    told = list(events)
    bars = [event for event in told if event["event"] == "bar"]
    last = told[-1]
    body = {"request": request.to_json(), "bars": bars, last["event"]: last, "start": told[0]}
    print(json.dumps(body, ensure_ascii=False, indent=2))
    return last if last["event"] == "error" else None


def _print_bars(events: Iterable[dict[str, Any]]) -> dict[str, Any] | None:
    preview = sys.stdout.isatty()
    for event in events:
        match event["event"]:
            case "token" if preview:
                print(f"\x1b[2m{event['text']}\x1b[0m", end="", flush=True)
            case "queued" if preview:
                print(f"\r\x1b[KWaiting, place {event['position']}.", end="", flush=True)
            case "bar":
                start = "\r\x1b[K" if preview else ""
                print(f"{start}{event['text']}", flush=True)
                if event["note"]:  # what could not be as asked
                    print(f"  ({event['note']})", file=sys.stderr)
            case "error":
                return event
    return None


if __name__ == "__main__":
    main()
