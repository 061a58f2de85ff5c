"""Songs per second and peak memory of preparing data: python -m tests.bench_prepare --songs 1000

The songs are made up from dictionary words, as common words come oftener, in rhyming couplets.
"""

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from itertools import accumulate
from pathlib import Path

import psutil

from bars.dictionary import commonness, listed_words
from bars.rhyme_index import find_rhymes

SECTIONS = (("Verse 1", 16), ("Chorus", 8), ("Verse 2", 16), ("Chorus", 8), ("Verse 3", 12))
SONGS_OF_AN_ARTIST = 50


def main():
    parser = argparse.ArgumentParser(description="Measure scripts.prepare_data.")
    parser.add_argument("--songs", type=int, nargs="+", default=[1000, 10_000], help="sizes")
    parser.add_argument("--workers", type=int, nargs="+", default=[2], help="processes (2)")
    parser.add_argument("--sounds", type=int, default=5000, help="lessons of each sound task")
    arguments = parser.parse_args()
    for count in arguments.songs:
        with tempfile.TemporaryDirectory() as folder:
            songs = Path(folder) / "songs.jsonl"
            with songs.open("w") as file:
                file.writelines(json.dumps(song) + "\n" for song in made_up(count))
            for workers in arguments.workers:
                command = ["--songs", songs, "--out", Path(folder) / "data"]
                command += ["--workers", workers, "--sounds", arguments.sounds, "--json"]
                print(json.dumps({"songs": count, "workers": workers} | measured(command)))


def made_up(count, seed=1):
    """Songs that no two runs of eight words are likely to have in common."""
    draw = random.Random(seed)
    words = [word for word in listed_words() if commonness(word) >= 3 and word.isalpha()]
    weights = list(accumulate(10 ** commonness(word) for word in words))
    rhymes = [pair for word in draw.sample(words, 4000) for pair in _pairs(word)]
    for number in range(count):
        lines = []
        for name, size in SECTIONS:
            lines.append(f"\n[{name}]")
            for _ in range(size // 2):
                for end in draw.choice(rhymes):
                    inner = draw.choices(words, cum_weights=weights, k=draw.randint(5, 8))
                    lines.append(" ".join([*inner, end]))
        artist = f"Artist {number // SONGS_OF_AN_ARTIST}"
        yield {
            "artist": artist,
            "title": f"Song {number}",
            "text": "\n".join(lines),
            "source": "made up",
            "id": str(number),
        }


def _pairs(word):
    return [(word, each.word) for each in find_rhymes(word, near=False, limit=8)]


def measured(command):
    began, used = time.perf_counter(), cpu_seconds()
    run = [sys.executable, "-m", "scripts.prepare_data", *map(str, command)]
    with subprocess.Popen(run, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        peak = peak_main = peak_worker = 0
        while process.poll() is None:
            main, *others = memory(psutil.Process(process.pid))
            peak = max(peak, main + sum(others))
            peak_main, peak_worker = max(peak_main, main), max(peak_worker, *others, 0)
            time.sleep(0.2)
        told = json.load(process.stdout)
    seconds, used = time.perf_counter() - began, cpu_seconds() - used
    return {
        "seconds": round(seconds, 1),
        "cpu_seconds": round(used, 1),
        "songs_per_second": round(told["songs"]["read"] / seconds, 1),
        "songs_per_cpu_second": round(told["songs"]["read"] / used, 1),
        "peak_mib": round(peak / 2**20),
        "peak_main_mib": round(peak_main / 2**20),
        "peak_worker_mib": round(peak_worker / 2**20),
        "taken": sum(told["songs"]["taken"].values()),
        "verses": sum(told["verses"].values()),
        "dropped": told["songs"]["dropped"],
    }


def cpu_seconds():
    """What finished children and theirs have used."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def memory(root):
    """Resident bytes of a process and of each below it; what they share is counted for each."""
    found = []
    try:
        for process in (root, *root.children(recursive=True)):
            found.append(process.memory_info().rss)
    except psutil.NoSuchProcess:
        pass
    return found or [0]


if __name__ == "__main__":
    main()
