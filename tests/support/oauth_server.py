"""An OAuth 2 server on loopback: device code, code with PKCE, rotating refresh tokens."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from tests.support.dovecot import USER

CLIENT = "client-of-the-desk"


@dataclass(slots=True)
class OAuthServer:
    """What it gave out, and how it behaves."""

    port: int
    user_agrees: bool = False
    declined: bool = False
    life: float = 3600.0
    refuses: str = ""
    """An OAuth error that every token request gets."""
    rotates: bool = True
    codes: dict[str, str] = field(default_factory=dict)
    """Authorization code → PKCE challenge."""
    access: set[str] = field(default_factory=set)
    refresh: set[str] = field(default_factory=set)
    refreshes: int = 0
    requests: list[dict[str, str]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def settings(self) -> dict[str, Any]:
        """Return the channel settings that sign in here."""
        base = f"http://127.0.0.1:{self.port}"
        return {
            "oauth": "custom",
            "oauth_client_id": CLIENT,
            "oauth_token_url": f"{base}/token",
            "oauth_device_url": f"{base}/device",
            "oauth_authorize_url": f"{base}/authorize",
            "oauth_scopes": "mail offline_access",
        }

    def grant(self) -> dict[str, Any]:
        """Give out tokens."""
        access, refresh = secrets.token_urlsafe(), secrets.token_urlsafe()
        self.access.add(access)
        self.refresh.add(refresh)
        return {"access_token": access, "refresh_token": refresh, "expires_in": self.life}

    def answer(self, path: str, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """Answer a POST."""
        with self.lock:
            self.requests.append({"path": path, **form})
            if form.get("client_id") != CLIENT:
                return 401, {"error": "invalid_client"}
            if self.refuses:
                return 400, {"error": self.refuses, "error_description": "not\x1b[31m today"}
            if path == "/device":
                return 200, {
                    "device_code": "secret-device-code",
                    "user_code": "ABCD-EFGH",
                    "verification_uri": f"http://127.0.0.1:{self.port}/type-it",
                    "interval": 0.1,
                    "expires_in": 60,
                }
            kinds = {
                "authorization_code": self._by_code,
                "refresh_token": self._by_refresh,
                "urn:ietf:params:oauth:grant-type:device_code": self._by_device,
            }
            return kinds[form["grant_type"]](form)

    def _by_device(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        if self.declined:
            return 400, {"error": "access_denied"}
        if not self.user_agrees:
            return 400, {"error": "authorization_pending"}
        return 200, self.grant()

    def _by_code(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        challenge = self.codes.pop(form["code"], None)
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        if challenge != base64.urlsafe_b64encode(digest).rstrip(b"=").decode():
            return 400, {"error": "invalid_grant"}
        return 200, self.grant()

    def _by_refresh(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        if form["refresh_token"] not in self.refresh:
            return 400, {"error": "invalid_grant", "error_description": "it was taken back"}
        self.refreshes += 1
        if self.rotates:
            self.refresh.discard(form["refresh_token"])
            return 200, self.grant()
        granted = self.grant()
        self.refresh.discard(granted.pop("refresh_token"))
        return 200, granted

    def sent_back(self, query: dict[str, str]) -> str:
        """Return where the browser goes once the person has agreed."""
        if self.declined:
            return f"{query['redirect_uri']}/?{urlencode({'error': 'access_denied'})}"
        code = secrets.token_urlsafe()
        self.codes[code] = query["code_challenge"]
        return f"{query['redirect_uri']}/?{urlencode({'state': query['state'], 'code': code})}"


def _handler(server: OAuthServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            self._send(*server.answer(urlsplit(self.path).path, form))

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            if parts.path == "/authorize":
                query = {name: values[0] for name, values in parse_qs(parts.query).items()}
                self.send_response(302)
                self.send_header("Location", server.sent_back(query))
                self.end_headers()
                return
            token = self.headers.get("Authorization", "").removeprefix("Bearer ")
            good = token in server.access
            self._send(200 if good else 401, {"active": good, "email": USER if good else ""})

        def _send(self, status: int, values: dict[str, Any]) -> None:
            body = json.dumps(values).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    return Handler


@contextmanager
def running_oauth() -> Iterator[OAuthServer]:
    """Give a running server and end it afterwards."""
    state = OAuthServer(0)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(state))
    state.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
