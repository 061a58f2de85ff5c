"""The container's program: python -m inference serve"""

import argparse
import logging
import os
import sys

from inference.settings import ServeSettings, ServeSettingsWrong

_VARIABLES = """environment:
  SAGEMAKER_BASE_DIR      folder that holds model/ (/opt/ml)
  SAGEMAKER_BIND_TO_PORT  port (8080)
  DEEP_HOP_BIND_HOST      address to listen on (0.0.0.0)
  DEEP_HOP_QUANTIZATION   auto (int8 on CUDA, none on a CPU), none or int8 (auto)
  DEEP_HOP_ROWS           candidates that are written at once for a bar (16)
  DEEP_HOP_STRESS         1 to prefer bars that are stressed as the verse, 0 not to (1)
  DEEP_HOP_THREADS        cores that torch uses (all)
  DEEP_HOP_SEATS          verses that are written side by side (as many as fit into memory)
  DEEP_HOP_WAITING        requests that may wait; beyond, 429 (8)
  DEEP_HOP_DEADLINE       seconds from asking for a verse to its end, at most (240)
"""


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m inference",
        description="Serve a model that writes verses.",
        epilog=_VARIABLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("command", choices=["serve"], help="load the model and answer requests")
    parser.parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stdout)
    try:
        settings = ServeSettings.from_env(os.environ)
    except ServeSettingsWrong as error:
        sys.exit(str(error))
    from inference.serve import serve

    code = serve(settings)
    sys.stdout.flush()
    os._exit(code)  # the writer's thread may be inside torch, which does not like to be unloaded


if __name__ == "__main__":
    main()
