"""A small Genius on loopback: its API, its public search and its pages of lyrics.

`pages` and `api` say how the next requests of their kind are answered, one word a request: well,
blocked, busy, down, cut, slow, layout or gone; when the words run out, all is well.
"""

import json
import threading
from collections import deque
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from training_job.songs import read_songs

TOKEN = "our-token"
BLOCK_PAGE = "<html><title>Attention Required!</title><h1>You have been blocked</h1></html>"
PAGE = """<html><body><div data-lyrics-container="true"><div class="LyricsHeader__Container"
data-exclude-from-selection="true">12 ContributorsTranslations{title} Lyrics</div>{lines}</div>
</body></html>"""
FIRST = "[Verse 1]\nI wrote number 1 on the morning train\nIn the rain"  # the lyrics of song 1
STATUS = {"blocked": 403, "busy": 429, "down": 500, "gone": 404}


def song(id, title, by=7, state="complete", instrumental=False, lines=None, also=()):
    """What an artist's list says about a song, and the lines of its page."""
    lines = lines or ["[Verse 1]", f"I wrote number {id} on the morning train", "In the rain"]
    return {
        "id": id,
        "title": title,
        "url": f"https://genius.com/song-{id}-lyrics",
        "lyrics_state": state,
        "instrumental": instrumental,
        "primary_artist": {"id": by, "name": "Paper Lantern"},
        "primary_artists": [{"id": each} for each in (by, *also)],
        "lines": lines,
    }


def texts(folder):
    """What a folder of songs has, by id."""
    return {song.id: song.text for song in read_songs([folder])}


class GeniusServer:
    """Knows artists by number and songs in the order of their list; remembers what was asked."""

    def __init__(self):
        self.artists = {7: "Paper Lantern"}
        self.songs = [song(1, "First Light"), song(2, "Second Wind")]
        self.page_size = 50
        self.asked, self.agents = [], set()
        self.pages, self.api = deque(), deque()
        self.hold, self.held = "", threading.Event()  # a path that is never answered
        self._over = threading.Event()
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):  # noqa: N802
                server.answer(self)

            def log_message(self, *_):
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self._http.server_port}"
        threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True).start()

    def asked_for(self, id):
        return self.asked.count(f"/song-{id}-lyrics")

    def stop(self):
        self._over.set()
        self._http.shutdown()
        self._http.server_close()

    def answer(self, handler):
        url = urlsplit(handler.path)
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        self.asked.append(url.path + (f"?page={query['page']}" if "page" in query else ""))
        self.agents.add(handler.headers["User-Agent"])
        if self.hold == self.asked[-1]:
            self.held.set()
            self._over.wait()
        is_page = url.path.endswith("-lyrics")
        moods = self.pages if is_page else self.api
        mood = moods.popleft() if moods else "well"
        if mood == "slow":
            self._over.wait(2)
        if mood in STATUS:
            self._send(
                handler, STATUS[mood], BLOCK_PAGE, {"Retry-After": "90"} if mood == "busy" else {}
            )
        elif is_page:
            self._send(handler, 200, self._page(url.path, mood), cut=mood == "cut")
        else:
            self._send_json(handler, url.path, query, cut=mood == "cut")

    def _page(self, path, mood):
        found = next(each for each in self.songs if path == urlsplit(each["url"]).path)
        lines = found["lines"] if mood != "layout" else ["", ""]
        page = PAGE.format(title=found["title"], lines="<br/>".join(lines))
        return page if mood != "layout" else page.replace("data-lyrics-container", "data-other")

    def _send_json(self, handler, path, query, cut):
        if path == "/api/search/artist":
            hits = [self._hit(id, name) for id, name in self.artists.items()]
            return self._respond(handler, {"sections": [{"type": "artist", "hits": hits}]}, cut)
        if handler.headers["Authorization"] != f"Bearer {TOKEN}":
            return self._send(handler, 401, '{"error": "invalid_token"}')
        id = int(path.split("/")[2])
        if id not in self.artists:
            return self._send(handler, 404, "{}")
        if path.endswith("/songs"):
            return self._respond(handler, self._list(int(query["page"])), cut)
        return self._respond(handler, {"artist": {"id": id, "name": self.artists[id]}}, cut)

    def _hit(self, id, name):
        return {"index": "artist", "type": "artist", "result": {"id": id, "name": name}}

    def _list(self, page):
        start = (page - 1) * self.page_size
        songs = [{k: v for k, v in s.items() if k != "lines"} for s in self.songs]
        more = page + 1 if start + self.page_size < len(songs) else None
        return {"songs": songs[start : start + self.page_size], "next_page": more}

    def _respond(self, handler, response, cut):
        self._send(
            handler, 200, json.dumps({"meta": {"status": 200}, "response": response}), cut=cut
        )

    def _send(self, handler, status, text, headers=None, cut=False):
        body = text.encode()
        try:
            handler.send_response(status)
            for name, value in (headers or {}).items():
                handler.send_header(name, value)
            handler.send_header("Content-Length", str(len(body)))
            handler.end_headers()
            handler.wfile.write(body[: len(body) // 2] if cut else body)
        except OSError:
            pass  # whoever asked has gone
