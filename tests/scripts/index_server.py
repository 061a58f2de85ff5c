"""A package index on loopback that serves one file, and can cut, spoil or hide it."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Index:
    """Serves `content` as `name`; `behave` is taken from the front, one word a request."""

    def __init__(self, project, name, content, html=False):
        self.asked = []
        self.behave = []
        index = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):  # noqa: N802
                if self.path == f"/simple/{project}/":
                    index.answer_page(self, name, html)
                else:
                    index.answer_file(self, content)

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/simple"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def answer_page(self, handler, name, html):
        if html:
            kind, body = "text/html", f'<a href="../../files/{name}#sha256=1">{name}</a>'
        else:
            kind = "application/vnd.pypi.simple.v1+json"
            body = json.dumps({"files": [{"filename": name, "url": f"../../files/{name}"}]})
        handler.send_response(200)
        handler.send_header("Content-Type", kind)
        handler.end_headers()
        handler.wfile.write(body.encode())

    def answer_file(self, handler, content):
        wanted = handler.headers.get("Range")
        self.asked.append(wanted)
        how = self.behave.pop(0) if self.behave else "well"
        start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted else 0
        start = 0 if how == "no ranges" else start
        body = content[start:]
        if how == "spoiled":
            body = b"x" * len(body)
        handler.send_response(206 if start else 200)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body[: len(body) // 2] if how == "cut" else body)

    def stop(self):
        self._server.shutdown()
