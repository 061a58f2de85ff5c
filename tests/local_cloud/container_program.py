"""A container for tests: a few lines of HTTP whose behaviour the model's environment chooses."""

import json
import os
import signal
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

BASE = Path(os.environ["SAGEMAKER_BASE_DIR"])
KIND = os.environ.get("KIND", "good")
NOTES = Path(os.environ.get("NOTES", os.devnull))


def note(text):
    with NOTES.open("a") as file:
        file.write(text + "\n")


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):  # noqa: N802
        self._answer(503 if KIND == "silent" else 200, b"")

    def do_POST(self):  # noqa: N802
        body = self.rfile.read(int(self.headers["Content-Length"]))
        wish = json.loads(body or b"{}")
        getattr(self, "_" + wish.get("do", "echo"))(wish)

    def _echo(self, wish):
        files = sorted(p.relative_to(BASE / "model").as_posix() for p in _files())
        told = {
            "wish": wish,
            "files": files,
            "pid": os.getpid(),
            "accept": self.headers["Accept"],
            "attributes": self.headers["X-Amzn-SageMaker-Custom-Attributes"],
        }
        self._answer(200, json.dumps(told).encode())

    def _fail(self, wish):
        self._answer(wish["status"], b'{"code": "bad"}')

    def _sleep(self, wish):
        time.sleep(wish["seconds"])
        self._answer(200, b"late")

    def _die(self, wish):
        os._exit(3)

    def _stream(self, wish):
        self.send_response(200)
        self.send_header("Content-Type", "application/x-ndjson")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        try:
            for number in range(wish["lines"]):
                line = json.dumps({"line": number, "at": time.time()}).encode() + b"\n"
                self.wfile.write(b"%x\r\n%s\r\n" % (len(line), line))
                self.wfile.flush()
                if number == wish.get("die_after"):
                    os._exit(3)
                time.sleep(wish["pause"])
            self.wfile.write(b"0\r\n\r\n")
            note("all written")
        except OSError:
            note("caller left")

    def _answer(self, status, body):
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def _files():
    return [path for path in (BASE / "model").rglob("*") if path.is_file()]


def end(*_):
    note("SIGTERM")
    if KIND == "slow":
        time.sleep(3)
    if KIND != "stubborn":
        sys.exit(0)


def main():
    signal.signal(signal.SIGTERM, end)
    print("phase=loading", flush=True)
    note("started")
    if KIND == "ends":
        sys.exit(1)
    port = int(os.environ["SAGEMAKER_BIND_TO_PORT"])
    server = ThreadingHTTPServer((os.environ["DEEP_HOP_BIND_HOST"], port), Handler)
    server.daemon_threads = True
    server.serve_forever()


main()
