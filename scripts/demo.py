"""The whole product on this machine: python -m scripts.demo (what `make demo` runs)

Starts the local cloud, deploys the small model into it with the script that also goes to AWS,
starts the site, and waits for Ctrl-C. Everything it starts ends with it, even after kill -9.
"""

import argparse
import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import requests

from infrastructure.local_cloud.tether import spawn
from scripts import deploy, fetch_model
from scripts.cloud_process import CloudNotStarted, start_cloud, stop_process
from scripts.demo_secrets import HostSecrets, host_secrets
from scripts.target import (
    LOCAL_CREDENTIALS,
    LOCAL_PRICE_NOTE,
    cache_dir,
    data_dir,
)

ROOT = Path(__file__).parent.parent


@dataclass
class Demo:
    """The running processes of the demo."""

    data: Path
    port: int
    minute: int
    secrets: HostSecrets
    cloud: subprocess.Popen[bytes] | None = None
    site: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}"

    def start_cloud(self, env: Mapping[str, str]) -> str:
        """Start the local cloud and return its address."""
        told = {**env, "DEEP_HOP_PRICE_NOTE": LOCAL_PRICE_NOTE}
        try:
            self.cloud, address = start_cloud(self.data, told, ["--minute", str(self.minute)])
        except CloudNotStarted as error:
            sys.exit(str(error))
        return address

    def start_site(self, env: Mapping[str, str], cloud: str) -> None:
        site_env = {
            **env,
            **LOCAL_CREDENTIALS,
            "AWS_ENDPOINT_URL": cloud,
            "PORT": str(self.port),
            "DEEP_HOP_SECRET_KEY": self.secrets.secret_key,
            "DEEP_HOP_HOST_PASSWORD_HASH": self.secrets.password_hash,
            "DEEP_HOP_SECURE_COOKIES": "0",  # http on the loopback interface
            "DEEP_HOP_PRICE_NOTE": LOCAL_PRICE_NOTE,
        }
        (self.data / "logs").mkdir(parents=True, exist_ok=True)
        with (self.data / "logs" / "site.log").open("ab") as log:
            command = [sys.executable, "-m", "gunicorn", "-c", "python:webapp.gunicorn_conf"]
            self.site = spawn(
                [*command, "webapp.wsgi:app"],
                env=site_env,
                cwd=ROOT,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self._wait_for_site()

    def _wait_for_site(self) -> None:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and self.site and self.site.poll() is None:
            with contextlib.suppress(requests.RequestException):
                if requests.get(f"{self.address}/healthz", timeout=2).ok:
                    return
            time.sleep(0.1)
        sys.exit(f"The site did not start. Its log is {self.data}/logs/site.log.")

    def keep(self, env: Mapping[str, str], cloud: str) -> None:
        """Wait; start the site again if it dies; end if the local cloud does."""
        while True:
            time.sleep(0.5)
            if self.cloud and self.cloud.poll() is not None:
                sys.exit(f"The local cloud has ended. Its log is in {self.data}/logs.")
            if self.site and self.site.poll() is not None:
                print("The site has ended; starting it again.", flush=True)
                self.start_site(env, cloud)

    def stop(self) -> None:
        for process in (self.site, self.cloud):
            stop_process(process)


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        description="Run the site, the local cloud and a small real model on this machine.",
        epilog="environment: PORT (8000), DEEP_HOP_HOST_PASSWORD, DEEP_HOP_DATA, DEEP_HOP_CACHE",
    )
    parser.add_argument("--port", type=int, default=os.environ.get("PORT", "8000"))
    parser.add_argument(
        "--minute", type=int, default=60, help="seconds between two runs of the minute rule (60)"
    )
    arguments = parser.parse_args(argv)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    _check_port(arguments.port)
    fetch_model.main(["--cache", str(cache_dir())])
    data = data_dir()
    data.mkdir(parents=True, exist_ok=True)
    demo = Demo(data, arguments.port, arguments.minute, host_secrets(data, os.environ))
    try:
        cloud = demo.start_cloud(os.environ)
        deploy.main(["--target", "local"])
        demo.start_site(os.environ, cloud)
        _greet(demo)
        demo.keep(os.environ, cloud)
    except KeyboardInterrupt:
        print("\nStopping.", flush=True)
    finally:
        demo.stop()


def _check_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            sys.exit(f"Port {port} cannot be used ({error.strerror}). Choose another: PORT=8001.")


def _greet(demo: Demo) -> None:
    print(
        f"\nDeep Hop is at {demo.address}"
        f"\nSign in as host at {demo.address}/signin with the password: {demo.secrets.password}"
        "\nThe model is off until a host starts it. Ctrl-C ends everything.\n",
        flush=True,
    )


if __name__ == "__main__":
    main()
