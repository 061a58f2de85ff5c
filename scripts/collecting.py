"""What collect_lyrics needs of its user: arguments, a token, and a yes to Genius's terms."""

import argparse
import sys
from pathlib import Path

from training_job import terms
from training_job.collect import EXCLUDED

_ASK_FOR_ONE = (
    "Genius asks for an access token. Make one at https://genius.com/api-clients and name a file "
    "that holds it with --token-file, or set GENIUS_ACCESS_TOKEN. Your own lyrics need none: --own."
)


def parsed(argv: list[str] | None) -> argparse.Namespace:
    """The arguments, after a look at whether they go together."""
    arguments = _parser().parse_args(argv)
    if bool(arguments.own) == arguments.genius:
        sys.exit("Say where the songs are: --own PATH... or --genius (one of them).")
    if arguments.check and not arguments.own:
        sys.exit("--check looks at your own files. Name them with --own.")
    if not (arguments.out or arguments.check):
        sys.exit("Name the folder that the songs are to be kept in with --out.")
    if missing := [path for path in arguments.own if not path.exists()]:
        sys.exit(f"{missing[0]} does not exist. Name a file or folder of lyrics.")
    if arguments.pause < 0 or arguments.refusals < 1:
        sys.exit("--pause must be 0 or more seconds, and --refusals 1 or more.")
    if arguments.max_songs is not None and arguments.max_songs < 1:
        sys.exit(f"--max-songs is {arguments.max_songs}; it must be 1 or more.")
    return arguments


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Collect songs to train on.")
    add = parser.add_argument
    add("--own", nargs="+", type=Path, default=[], metavar="PATH", help="your files or folders")
    add("--check", action="store_true", help="with --own: tell how far they do; keep nothing")
    add("--out", type=Path, metavar="FOLDER", help="folder that the songs are kept in")
    add("--json", action="store_true", help="answer as JSON")
    add("--genius", action="store_true", help="ask Genius, which forbids it without permission")
    add("--artist", nargs="+", action="extend", default=[], metavar="NAME", help="whose songs")
    add("--artist-id", nargs="+", type=int, default=[], metavar="N", help="Genius's numbers")
    add("--artists-file", type=Path, metavar="FILE", help="names, one a line; # for comments")
    add("--max-songs", type=int, metavar="N", help="at most so many of each artist (all)")
    excluded = f"leave out titles that say so in brackets ({', '.join(EXCLUDED)})"
    add("--exclude", nargs="*", default=EXCLUDED, metavar="WORD", help=excluded)
    add("--token-file", type=Path, metavar="FILE", help="a file with the token, if not in "
        "GENIUS_ACCESS_TOKEN")  # fmt: skip
    add("--accept-terms", action="store_true", help="say yes to the notice of Genius's terms")
    add("--pause", type=float, default=1.0, metavar="S", help="seconds between requests (1)")
    add("--refusals", type=int, default=5, metavar="N", help="stop after so many in a row (5)")
    add("--genius-address", default="", metavar="URL", help="ask this address instead, for tests")
    return parser


def wanted_artists(arguments: argparse.Namespace) -> list[str | int]:
    """Names and numbers in the order given, each once."""
    names: list[str] = list(arguments.artist)
    if arguments.artists_file:
        try:
            lines = arguments.artists_file.read_text(encoding="utf-8-sig").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            sys.exit(f"{arguments.artists_file} cannot be read ({error}). Save names as UTF-8.")
        names += [line.strip() for line in lines if line.strip() and line.strip()[0] != "#"]
    wanted = list(dict.fromkeys([*names, *arguments.artist_id]))
    if not wanted:
        sys.exit("Say whose songs: --artist NAME..., --artists-file FILE or --artist-id N.")
    return wanted


def token_of(file: Path | None, from_environment: str) -> str:
    """The access token of the file, or else of the environment."""
    token = from_environment.strip()
    if file:
        try:
            token = file.read_text(encoding="utf-8-sig").strip()
        except (OSError, UnicodeDecodeError) as error:
            sys.exit(f"The token cannot be read from {file} ({type(error).__name__}).")
    if not token:
        sys.exit(_ASK_FOR_ONE)
    if not (token.isascii() and token.isprintable()) or " " in token:
        sys.exit(f"What was given is no access token: one word in ASCII. {_ASK_FOR_ONE}")
    return token


def require_terms(folder: Path, accept: bool) -> None:
    """Show Genius's terms unless they were accepted for this folder; go on only after a yes."""
    if terms.accepted(folder):
        return
    print(terms.TERMS, file=sys.stderr)
    if not accept and sys.stdin.isatty():
        print("Do you accept this? Type yes or no: ", end="", file=sys.stderr, flush=True)
        accept = sys.stdin.readline().strip().lower() == "yes"
    if not accept:
        sys.exit("Nothing was collected. Type yes, or add --accept-terms, if you accept.")
    terms.accept(folder)
