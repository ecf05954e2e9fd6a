"""What the simulated Instagram answers the program."""

from __future__ import annotations

import json
import re
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.support.providers.instagram import Instagram, SimDirect, kind_of
from tests.support.providers.values import Sent, SimFile
from tests.support.providers.whatsapp_routes import bearer, graph_error, multipart
from tests.support.waiting import PATIENCE

_SHOWN = 20
"""Messages of a conversation that can be read in detail."""
_TEXT_MOST = 1_000
_MOST = {"image": 8_000_000}
_OTHER_MOST = 25_000_000


class InstagramRoutes:
    """The program's side of a simulated account, by either login."""

    def __init__(self, sim: Instagram) -> None:
        self._sim = sim

    def routes(self) -> list[Route]:
        """Return what it answers."""
        us = "/{version}/{us}"
        doc = "/{version}/{ig_id}"
        return [
            Route("/{version}/me", self._me, name="instagram.me|/{version}/me"),
            Route(
                us + "/conversations",
                self._conversations,
                name=f"instagram.conversations|{doc}/conversations",
            ),
            Route(
                us + "/messages",
                self._send,
                methods=["POST"],
                name=f"instagram.send|{doc}/messages",
            ),
            Route(
                us + "/subscribed_apps",
                self._subscribe,
                methods=["POST"],
                name=f"instagram.subscribe|{doc}/subscribed_apps",
            ),
            Route(us + "/subscribed_apps", self._apps, name="instagram.apps"),
            Route(
                us + "/message_attachments",
                self._upload,
                methods=["POST"],
                name="instagram.upload",
            ),
            Route(
                "/refresh_access_token",
                self._refresh,
                name="instagram.refresh|/refresh_access_token",
            ),
            Route("/{version}/debug_token", self._debug, name="instagram.debug-token"),
            Route("/debug_token", self._debug, name="instagram.debug-token"),
            Route("/cdn/{token}", self._bytes, name="instagram.storage"),
            Route("/{version}/{node}", self._node, name="instagram.node|/{version}/{node_id}"),
        ]

    def _refused(self, request: Request) -> Response | None:
        if bearer(request) != self._sim.token:
            return graph_error(401, 190, "Invalid OAuth access token")
        return None

    def _too_fast(self, request: Request) -> Response | None:
        if refused := self._refused(request):
            return refused
        if self._sim.is_too_fast(time.monotonic()):
            return graph_error(400, 613, "Calls to this api have exceeded the rate limit")
        return None

    def _me(self, request: Request) -> Response:
        told = {"id": self._sim.ig_id, "user_id": self._sim.ig_id, "username": self._sim.handle}
        return self._refused(request) or JSONResponse(told)

    def _conversations(self, request: Request) -> Response:
        if refused := self._too_fast(request):
            return refused
        asked = request.query_params
        start = int(asked.get("after", "0"))
        size = int(asked.get("limit", "25"))
        with self._sim.lock:
            newest: dict[str, datetime] = {}
            for one in self._sim.messages:
                person = self._person(one)
                newest[person] = max(one.at, newest.get(person, one.at))
        found = sorted(newest.items(), key=lambda pair: pair[1], reverse=True)
        if "user_id" in asked:
            found = [pair for pair in found if pair[0] == asked["user_id"]]
        told = [{"id": f"t_{person}", "updated_time": _time(at)} for person, at in found]
        paging: dict[str, Any] = {"cursors": {"after": str(start + size)}}
        if len(told) > start + size:
            where = f"{self._sim.url}{request.url.path}"
            query = f"platform=instagram&limit={size}&after={start + size}"
            # as Meta does: the token stands in the address
            paging["next"] = f"{where}?{query}&access_token={self._sim.token}"
        return JSONResponse({"data": told[start : start + size], "paging": paging})

    def _person(self, message: SimDirect) -> str:
        return message.to if message.sender == self._sim.ig_id else message.sender

    def _node(self, request: Request) -> Response:
        node = request.path_params["node"]
        if node in self._sim.people:
            told = {"id": node, "username": self._sim.people[node], "name": "Ada Example"}
            return self._refused(request) or JSONResponse(told)
        if node in (self._sim.ig_id, self._sim.page_id):
            return self._me(request)
        if refused := self._too_fast(request):
            return refused
        if node.startswith("t_"):
            return self._conversation(request, node.removeprefix("t_"))
        with self._sim.lock:
            found = next((one for one in self._sim.messages if one.mid == node), None)
        if found is None or found.is_unsent:
            return graph_error(400, 100, "Unsupported get request", 33)
        return JSONResponse(self._shown(found))

    def _conversation(self, request: Request, person: str) -> Response:
        with self._sim.lock:
            found = [
                one
                for one in self._sim.messages
                if self._person(one) == person and not one.is_unsent
            ]
        found.sort(key=lambda one: one.at, reverse=True)
        told: dict[str, Any] = {"id": f"t_{person}"}
        if found:
            told["updated_time"] = _time(found[0].at)
        wanted = request.query_params.get("fields", "")
        if "participants" in wanted:
            told["participants"] = {"data": [self._user(person), self._user(self._sim.ig_id)]}
        if "messages" in wanted:
            if not self._sim.has_nested_fields and re.search(r"messages(\.\w+\(\d+\))?\{", wanted):
                return graph_error(400, 100, "Nested fields are not supported here")
            shown = found[:_SHOWN] if "{" in wanted else found
            told["messages"] = {
                "data": [self._shown(one) if "{" in wanted else {"id": one.mid} for one in shown]
            }
        return JSONResponse(told)

    def _user(self, id: str) -> dict[str, str]:
        name = self._sim.handle if id == self._sim.ig_id else self._sim.people.get(id, "")
        return {"id": id, "username": name}

    def _shown(self, one: SimDirect) -> dict[str, Any]:
        told: dict[str, Any] = {
            "id": one.mid,
            "created_time": _time(one.at),
            "from": self._user(one.sender),
            "to": {"data": [self._user(one.to)]},
            "message": one.text,
        }
        if one.is_unsupported:
            told["is_unsupported"] = True
        if one.story:
            told["story"] = one.story
        if one.files:
            told["attachments"] = {"data": [self._shown_file(*pair) for pair in one.files]}
        return told

    def _shown_file(self, token: str, file: SimFile) -> dict[str, Any]:
        place = self._sim.address_of(token)
        kind = kind_of(file)
        if kind in ("image", "video"):
            return {f"{kind}_data": {"url": place, "width": 8, "height": 8}}
        return {
            "mime_type": file.content_type,
            "name": file.name or "file",
            "size": file.size,
            "file_url": place,
        }

    def _send(self, request: Request) -> Response:
        if refused := self._refused(request):
            return refused
        asked: dict[str, Any] = json.loads(request.scope["sim_body"])
        person = asked["recipient"]["id"]
        if "sender_action" in asked:
            if asked["sender_action"] == "mark_seen":
                with self._sim.lock:
                    self._sim.seen_marks.append(person)
            return JSONResponse({"recipient_id": person})
        if refused := self._not_sendable(person, asked):
            return refused
        text = asked["message"].get("text", "")
        files, refused = self._files(asked["message"])
        if refused is not None:
            return refused
        message = self._sim.add_ours(person, text, files)
        sent = Sent(
            "instagram",
            message.mid,
            self._sim.ig_id,
            person,
            text,
            message.at,
            tuple(file.data for file in files),
            tag=asked.get("tag", ""),
        )
        with self._sim.lock:
            self._sim.sent.append(sent)
        if self._sim.echoes:
            self._sim.echo(message)
        return JSONResponse({"recipient_id": person, "message_id": message.mid})

    def _not_sendable(self, person: str, asked: dict[str, Any]) -> Response | None:
        if person in self._sim.refusals:
            code, subcode = self._sim.refusals[person]
            return graph_error(400, code, "refused", subcode)
        if person not in self._sim.people:
            return graph_error(400, 100, "No matching user found", 2018001)
        if not self._sim.is_allowed(person, asked.get("tag", "")):
            return graph_error(400, 10, "Sent outside of allowed window", 2534022)
        if len(asked["message"].get("text", "").encode()) > _TEXT_MOST:
            return graph_error(400, 100, "Length of param message[text] must be at most 1000")
        return None

    def _files(self, message: dict[str, Any]) -> tuple[list[SimFile], Response | None]:
        parts = message.get("attachments") or [message.get("attachment")]
        files: list[SimFile] = []
        for part in parts:
            if part is None or "payload" not in part:
                continue
            payload = part["payload"]
            if "attachment_id" in payload:
                files.append(self._sim.uploads[payload["attachment_id"]])
                continue
            file = _fetched(payload.get("url", ""))
            if file is None or len(file.data) > _MOST.get(part["type"], _OTHER_MOST):
                return [], graph_error(400, 100, "Upload attachment failure", 2018047)
            files.append(file)
        return files, None

    def _upload(self, request: Request) -> Response:
        if refused := self._refused(request):
            return refused
        if request.headers["content-type"].startswith("multipart/"):
            file = next((one for one in multipart(request).values() if one.name), SimFile(b"", ""))
        else:
            asked = json.loads(request.scope["sim_body"])
            payload = asked["message"]["attachment"]["payload"]
            file = _fetched(payload.get("url", "")) or SimFile(b"", "")
        if not file.data:
            return graph_error(400, 100, "Upload attachment failure", 2018047)
        number = self._sim.next_id("9")
        with self._sim.lock:
            self._sim.uploads[number] = file
        return JSONResponse({"attachment_id": number})

    def _subscribe(self, request: Request) -> Response:
        if refused := self._refused(request):
            return refused
        self._sim.is_subscribed = True
        return JSONResponse({"success": True})

    def _apps(self, request: Request) -> Response:
        fields = ["messages", "message_reactions", "messaging_seen"]
        apps = [{"id": "1", "name": "Helpdesk", "subscribed_fields": fields}]
        found = apps if self._sim.is_subscribed else []
        return self._refused(request) or JSONResponse({"data": found})

    def _refresh(self, request: Request) -> Response:
        if request.query_params.get("access_token") != self._sim.token:
            return graph_error(400, 190, "Error validating access token")
        with self._sim.lock:
            self._sim.refreshed += 1
            self._sim.token = f"{self._sim.token.partition('#')[0]}#{self._sim.refreshed}"
            told = {"access_token": self._sim.token, "token_type": "bearer"}
        return JSONResponse({**told, "expires_in": 60 * 24 * 3600})

    def _debug(self, request: Request) -> Response:
        until = datetime.now(UTC) + timedelta(days=50)
        told = {
            "app_id": "1",
            "is_valid": request.query_params.get("input_token") == self._sim.token,
            "expires_at": int(until.timestamp()),
            "scopes": ["instagram_manage_messages"],
        }
        return self._refused(request) or JSONResponse({"data": told})

    def _bytes(self, request: Request) -> Response:
        with self._sim.lock:
            file = self._sim.files.get(request.path_params["token"])
        if file is None or not file.is_ready():
            return Response(status_code=404)
        if file.elsewhere:
            return Response(status_code=302, headers={"Location": file.elsewhere})
        return Response(file.data, media_type=file.content_type)


def _time(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")


def _fetched(url: str) -> SimFile | None:
    """Fetch what we are to send, as Meta does."""
    try:
        answer = httpx.get(url, timeout=PATIENCE)
    except httpx.HTTPError:
        return None
    if not answer.is_success:
        return None
    return SimFile(answer.content, answer.headers.get("content-type", ""))
