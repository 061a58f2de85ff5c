"""An issuer of OpenID Connect on the loopback: it lets one person in, signs what it says with
RS256, and gives a token once for each code, to who knows the code's verifier."""

import base64
import hashlib
import json
import secrets
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256

from webapp.issuer import Issuer

EMAIL = "ada@example.org"
CLIENT, SECRET = "deep-hop", "a-secret+of/the=client"


def make_key():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


class FakeIssuer:
    """What it says can be changed: `says` is laid over the token's claims, `header` over its
    header, `signs` makes its signature, `refuses` is the reason for which it lets nobody in."""

    def __init__(self, key):
        self.key = key
        self.says, self.header, self.refuses = {}, {}, ""
        self.signs = lambda signed: key.sign(signed, padding.PKCS1v15(), SHA256())
        self.description = {}
        self.codes = {}
        self.refused_tokens = []
        issuer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):  # noqa: N802
                issuer.get(self)

            def do_POST(self):  # noqa: N802
                issuer.post(self)

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        # another site than the one under test, which is reached as 127.0.0.1
        self.address = f"http://localhost:{self._server.server_port}"

    @property
    def settings(self):
        discovery = f"{self.address}/.well-known/openid-configuration"
        emails = frozenset({EMAIL, "bok@example.org"})
        return Issuer(discovery, CLIENT, SECRET, emails, "Example ID")

    def stop(self):
        self._server.shutdown()
        self._server.server_close()

    def get(self, request):
        path, query = urlsplit(request.path).path, parse_qs(urlsplit(request.path).query)
        if path == "/authorize":
            request.send_response(302)
            request.send_header("Location", self.authorize({k: v[0] for k, v in query.items()}))
            request.end_headers()
            return
        told = {
            "/.well-known/openid-configuration": self._described,
            "/keys": lambda: {"keys": [self._public_key()]},
        }
        self._answer(request, 200, told[path]())

    def authorize(self, asked):
        """Where the browser is sent back to."""
        assert asked["response_type"] == "code" and asked["client_id"] == CLIENT, asked
        assert asked["code_challenge_method"] == "S256" and "openid" in asked["scope"], asked
        back = {"state": asked["state"]}
        if self.refuses:
            return f"{asked['redirect_uri']}?{urlencode({'error': self.refuses, **back})}"
        code = secrets.token_urlsafe(8)
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, **back})}"

    def post(self, request):
        length = int(request.headers["Content-Length"])
        form = {k: v[0] for k, v in parse_qs(request.rfile.read(length).decode()).items()}
        asked = self.codes.pop(form.get("code"), None)
        if not asked or not self._is_client(request) or not self._is_its_own(form, asked):
            self.refused_tokens.append(form)
            self._answer(request, 400, {"error": "invalid_grant"})
            return
        token = {"access_token": "a", "token_type": "Bearer", "expires_in": 60}
        self._answer(request, 200, token | {"id_token": self._id_token(asked["nonce"])})

    def _is_client(self, request):
        kind, _, given = request.headers.get("Authorization", "").partition(" ")
        return kind == "Basic" and base64.b64decode(given).decode() == f"{CLIENT}:{SECRET}"

    def _is_its_own(self, form, asked):
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenged = _coded(digest) == asked["code_challenge"]
        return challenged and form["redirect_uri"] == asked["redirect_uri"]

    def _id_token(self, nonce):
        now = int(time.time())
        claims = {"iss": self.address, "sub": "1", "aud": CLIENT, "iat": now, "exp": now + 300}
        claims |= {"nonce": nonce, "email": EMAIL, "email_verified": True} | self.says
        claims = {name: value for name, value in claims.items() if value is not None}
        header = {"alg": "RS256", "kid": "1"} | self.header
        signed = ".".join(_coded(json.dumps(part).encode()) for part in (header, claims))
        return f"{signed}.{_coded(self.signs(signed.encode()))}"

    def _described(self):
        return {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "jwks_uri": f"{self.address}/keys",
            "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
        } | self.description

    def _public_key(self):
        numbers = self.key.public_key().public_numbers()
        modulus = numbers.n.to_bytes(256, "big")
        key = {"kty": "RSA", "kid": "1", "use": "sig", "alg": "RS256"}
        return key | {"n": _coded(modulus), "e": _coded(numbers.e.to_bytes(3, "big"))}

    @staticmethod
    def _answer(request, status, body):
        told = json.dumps(body).encode()
        request.send_response(status)
        request.send_header("Content-Type", "application/json")
        request.send_header("Content-Length", str(len(told)))
        request.end_headers()
        request.wfile.write(told)


def _coded(raw):
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
