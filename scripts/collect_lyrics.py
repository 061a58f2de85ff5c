"""Collect songs to train on: python -m scripts.collect_lyrics --own FOLDER --out songs

Bring your own files, or ask Genius (--genius), about which a notice says more at first use.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Iterable, Mapping
from typing import Any

from tqdm import tqdm

from scripts.collecting import parsed, require_terms, token_of, wanted_artists
from training_job.collect import Collector
from training_job.genius import GeniusUnusable, connect
from training_job.own_check import check_songs
from training_job.own_lyrics import keep_own, read_own
from training_job.patience import Clock, Patience, Stopped
from training_job.song_store import SongStore
from training_job.songs import SongsUnreadable
from training_job.tally import Fate, Outcome, Tally

_BAR: dict[str, Any] = {"unit": " songs", "leave": False, "disable": None}  # on a terminal only


def main(
    argv: list[str] | None = None, env: Mapping[str, str] = os.environ, clock: Clock = time
) -> None:
    arguments = parsed(argv)
    try:
        if arguments.check:
            failure = _check(arguments)
        elif arguments.own:
            failure = _keep_own(arguments)
        else:
            failure = _ask_genius(arguments, env.get("GENIUS_ACCESS_TOKEN", ""), clock)
    except (GeniusUnusable, SongsUnreadable) as error:
        failure = str(error)
    except OSError as error:
        failure = f"The songs cannot be kept: {error}. What was kept before stays whole."
    except KeyboardInterrupt:
        sys.exit(130)
    if failure:
        sys.exit(failure)


def _check(arguments: argparse.Namespace) -> str:
    songs = read_own(arguments.own, _notice, arguments.out)
    check = check_songs(tqdm(songs, **_BAR))
    _print(check.to_json(), check.lines(), arguments.json)
    return "" if check.songs else "Nothing can be trained on these files."


def _keep_own(arguments: argparse.Namespace) -> str:
    with SongStore(arguments.out, _notice) as store:
        songs = read_own(arguments.own, _notice, arguments.out)
        tally = _tallied(keep_own(songs, store), arguments.json)
    kept = tally.total(Fate.TAKEN) + tally.total(Fate.THERE)
    return "" if kept else "There is no song in these files; see the reasons above."


def _ask_genius(arguments: argparse.Namespace, token: str, clock: Clock) -> str:
    wanted = wanted_artists(arguments)
    genius = connect(token_of(arguments.token_file, token), arguments.genius_address)
    require_terms(arguments.out, arguments.accept_terms)
    patience = Patience(arguments.pause, most=arguments.refusals, clock=clock, notice=_notice)
    with SongStore(arguments.out, _notice) as store:
        collector = Collector(genius, store, patience, arguments.max_songs, arguments.exclude)
        tally = _tallied(collector.collect(wanted), arguments.json)
    if tally.total(Fate.REFUSED) and not tally.stopped:
        return "Not every artist was found; see the reasons above."
    rest = "Not everything came. Run the same command again for the rest."
    return tally.stopped or (rest if tally.total(Fate.LATER) else "")


def _tallied(outcomes: Iterable[Outcome], as_json: bool) -> Tally:
    tally = Tally()
    try:
        for outcome in tqdm(outcomes, **_BAR):
            tally.add(outcome)
    except (Stopped, GeniusUnusable) as error:
        tally.stopped = str(error)
    _print(tally.to_json(), tally.lines(), as_json)
    return tally


def _print(answer: Mapping[str, object], lines: Iterable[str], as_json: bool) -> None:
    print(json.dumps(answer, ensure_ascii=False, indent=2) if as_json else "\n".join(lines))


def _notice(text: str) -> None:
    tqdm.write(text, file=sys.stderr)


if __name__ == "__main__":
    main()
