"""The site over a real switch and real tables, with a model that tells what a test wants."""

import re
import threading
from types import SimpleNamespace

from botocore.exceptions import EndpointConnectionError
from werkzeug.security import generate_password_hash

from bars.analysis import describe_bar, score_verse
from bars.events import Started, Token, VerseWritten, to_json
from bars.language import Severity
from bars.plan import plan_verse
from webapp.app import create_app
from webapp.settings import Limits, Price, WebSettings
from webapp.wiring import Parts

PASSWORD = "open sesame, please"
SETTINGS = WebSettings(
    price=Price(per_hour=3.6),
    limits=Limits(most_minutes=120),
    secret_key="s" * 32,
    host_password_hash=generate_password_hash(PASSWORD, method="scrypt:1024:8:1"),
    secure_cookies=False,
)
OPENING = "I came up from the bottom with a pen and a plan"
WRITTEN = [
    "Now I walk through the city like a different man",
    "The lights go low",
    "And still I flow",
]


class FakeLyricist:
    """Writes the same bars for everybody; remembers what it was asked and whether it was left."""

    def __init__(self, bars=WRITTEN):
        self.bars = bars
        self.asked = []
        self.visitors = []
        self.notes = {}  # by the bar's place
        self.left = []
        self.was_left = threading.Event()
        self.refuses_with = None
        self.before_each = lambda: None

    def write(self, request, visitor=""):
        self.asked.append(request)
        self.visitors.append(visitor)
        if self.refuses_with:
            raise self.refuses_with
        return self._events(request)

    def _events(self, request):
        try:
            for event in self._verse(request):
                yield to_json(event)
                self.before_each()
        except GeneratorExit:
            self.left.append(request)
            self.was_left.set()
            raise

    def _verse(self, request):
        yield Started("r", "fake", None, 1, 7)
        verse, told = {}, []
        for plan in plan_verse(request):
            given = plan.index < len(request.opening)
            bars = request.opening if given else self.bars[len(request.opening) - 1 :]
            texts = [bars[plan.index if given else (plan.index - len(request.opening)) % len(bars)]]
            if plan.kept is not None:
                texts, given = [plan.kept], True
            elif (wish := request.alternatives) and plan.index == wish.bar:
                texts = [f"Another line {'so ' * n}slow" for n in range(wish.count)]
            for text in texts:
                if not given:
                    yield from (Token(plan.index, f"{word} ") for word in text.split())
                attempts, note = 0 if given else 8, self.notes.get(plan.index)
                stands, sounds = request.kept | verse, request.sounds
                masked = Severity.STRONG if request.language == "mask" else None
                told.append(describe_bar(text, plan, stands, attempts, note, masked, sounds))
                yield told[-1]
            verse[plan.index] = texts[0]
        yield VerseWritten(score_verse(told), 2.5, 40)


def make_site(world, settings=SETTINGS):
    """The Flask app, its lyricist and the world behind it."""
    lyricist = FakeLyricist()
    parts = Parts(
        world.switch,
        world.schedule,
        lyricist,
        world.verses,
        world.unfinished,
        world.feedback,
        world.throttle,
        world.accounts,
        world.audit,
        world.wall,
        world.shared,
        world.watch,
        None,
        None,
        world.pins,
    )
    app = create_app(settings, parts)
    return SimpleNamespace(app=app, lyricist=lyricist, world=world)


class Visitor:
    """A browser without a screen: keeps cookies and knows the forms' tokens."""

    def __init__(self, app):
        self.client = app.test_client()

    def token(self, path="/"):
        page = self.client.get(path, follow_redirects=True).text
        return re.search(r'name="csrf_token" value="([^"]+)"', page)[1]

    def send(self, path, form_on="/", **fields):
        return self.client.post(path, data={"csrf_token": self.token(form_on), **fields})

    def sign_in(self, password=PASSWORD):
        return self.send("/signin", form_on="/signin", password=password)

    def call(self, verb, path, body=None):
        headers = {"X-CSRFToken": self.token("/host")}
        return self.client.open(f"/api{path}", method=verb, json=body, headers=headers)


def unreachable(*_):
    """What boto3 does where there is no AWS."""
    raise EndpointConnectionError(endpoint_url="http://127.0.0.1:1")


def make_ready(world):
    """Start the model and let the time pass that it needs."""
    lease = world.switch.start(60, "ada", "talk")
    world.clock.pass_(minutes=5)
    world.switch.reconcile()
    return lease
