"""Put a checkpoint into 8 bits: python -m scripts.quantize_model --model FOLDER --out FOLDER

Shard by shard, in little memory. A run that was stopped goes on where it was.
"""

import argparse
import json
import logging
import resource
import sys
import time
from pathlib import Path

from tqdm import tqdm


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m scripts.quantize_model",
        description="Put the linear layers of a checkpoint into 8 or 4 bits.",
    )
    add = parser.add_argument
    add("--model", type=Path, required=True, metavar="FOLDER", help="the checkpoint, as published")
    add("--out", type=Path, required=True, metavar="FOLDER", help="where the quantized one goes")
    add("--bits", type=int, choices=(8, 4), default=8, help="8 (LLM.int8) or 4 (NF4)")
    add("--json", action="store_true", help="answer as JSON")
    arguments = parser.parse_args(argv)
    from inference.checkpoint_files import CheckpointUnusable, weights_of
    from inference.quantizing import quantize

    logging.getLogger("bitsandbytes").setLevel(logging.ERROR)  # of kernels that are not needed here
    began = time.monotonic()
    try:
        total = sum(weight.count for weight in weights_of(arguments.model))
        with tqdm(total=total, unit="", unit_scale=True, desc="Quantizing", disable=None) as bar:
            size = quantize(arguments.model, arguments.out, arguments.bits, bar.update)
    except CheckpointUnusable as error:
        sys.exit(str(error))
    except OSError as error:
        sys.exit(f"{error.filename or arguments.out} cannot be used: {error.strerror}.")
    except KeyboardInterrupt:
        sys.exit(130)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (
        1 if sys.platform == "darwin" else 1024
    )
    told = {
        "parameters": total,
        "bytes": size,
        "seconds": round(time.monotonic() - began, 1),
        "peak_memory_bytes": peak,
    }
    text = (
        f"Wrote {arguments.out}: {total:,} weights in {size / 1e9:.2f} GB, in {told['seconds']} s, "
        f"with {peak / 1e9:.2f} GB of memory at most."
    )
    print(json.dumps(told) if arguments.json else text)


if __name__ == "__main__":
    main()
