"""A worker for torchrun: python dying_worker.py FOLDER

At the first start worker 0 leaves an address in the workers' store and fails; started again, each
writes to the folder what it finds of it.
"""

import os
import signal
import sys
from datetime import timedelta
from pathlib import Path

from torch.distributed.rendezvous import rendezvous

signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})  # by which torchrun ends it
store, rank, world = next(rendezvous("env://", timeout=timedelta(seconds=60)))
if os.environ["TORCHELASTIC_RESTART_COUNT"] == "0":
    if rank == 0:
        store.set("address", "127.0.0.1:1")
        sys.exit(1)
    store.wait(["what nobody says"])
Path(sys.argv[1], str(rank)).write_text("an address" if store.check(["address"]) else "nothing")
store.set(f"told by {rank}", "")
store.wait([f"told by {other}" for other in range(world)])  # one of them may host the store
