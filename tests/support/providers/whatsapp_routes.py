"""What the simulated WhatsApp Cloud API answers the program."""

from __future__ import annotations

import json
import secrets
from datetime import UTC, datetime, timedelta
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.support.providers.values import Sent, SimFile
from tests.support.providers.whatsapp import SimMedia, WhatsApp

_URL_LIVES = timedelta(minutes=5)
_MOST = {"image": 5_000_000, "video": 16_000_000, "audio": 16_000_000}
_DOCUMENT_MOST = 100_000_000
_TEXT_MOST = 4_096


def graph_error(status: int, code: int, message: str, subcode: int | None = None) -> Response:
    """Return a refusal as Meta words it."""
    told: dict[str, Any] = {
        "message": f"(#{code}) {message}",
        "type": "OAuthException",
        "code": code,
        "fbtrace_id": "SIM",
    }
    if subcode is not None:
        told["error_subcode"] = subcode
    return JSONResponse({"error": told}, status)


def bearer(request: Request) -> str:
    """Return the token that a request came with."""
    return request.headers.get("authorization", "").removeprefix("Bearer ")


class WhatsAppRoutes:
    """The program's side of a simulated number."""

    def __init__(self, sim: WhatsApp) -> None:
        self._sim = sim

    def routes(self) -> list[Route]:
        """Return what it answers."""
        phone = "/{version}/" + self._sim.phone_id
        waba = "/{version}/" + self._sim.waba_id
        doc = "/{Version}/{Phone-Number-ID}"
        of_waba = "/{Version}/{WABA-ID}"
        apps = f"|{of_waba}/subscribed_apps"
        return [
            Route(
                phone + "/messages",
                self._send,
                methods=["POST"],
                name=f"whatsapp.send|{doc}/messages",
            ),
            Route(
                phone + "/media",
                self._upload,
                methods=["POST"],
                name=f"whatsapp.upload|{doc}/media",
            ),
            Route(phone, self._phone, name=f"whatsapp.phone|{doc}"),
            Route(
                waba + "/message_templates",
                self._templates,
                name=f"whatsapp.templates|{of_waba}/message_templates",
            ),
            Route(
                waba + "/phone_numbers",
                self._phones,
                name=f"whatsapp.phones|{of_waba}/phone_numbers",
            ),
            Route(waba + "/subscribed_apps", self._apps, name="whatsapp.apps" + apps),
            Route(
                waba + "/subscribed_apps",
                self._subscribe,
                methods=["POST"],
                name="whatsapp.subscribe" + apps,
            ),
            Route("/{version}/debug_token", self._debug, name="whatsapp.debug-token"),
            Route("/debug_token", self._debug, name="whatsapp.debug-token"),
            Route("/whatsapp_business/attachments/{token}", self._bytes, name="whatsapp.storage"),
            Route("/{version}/{media}", self._media, name="whatsapp.media|/{Version}/{Media-ID}"),
        ]

    def _refused(self, request: Request) -> Response | None:
        if bearer(request) != self._sim.token:
            return graph_error(401, 190, "Invalid OAuth access token")
        return None

    def _send(self, request: Request) -> Response:
        if refused := self._refused(request):
            return refused
        asked: dict[str, Any] = json.loads(request.scope["sim_body"])
        if asked.get("status") == "read":
            with self._sim.lock:
                self._sim.read_marks.append(asked["message_id"])
            return JSONResponse({"success": True})
        to = "+" + str(asked.get("to", "")).lstrip("+")
        if to in self._sim.refusals:
            return graph_error(400, self._sim.refusals[to], "refused")
        if refused := self._not_sendable(asked):
            return refused
        sent = self._sent(asked, to)
        is_open = self._sim.is_open(to)
        with self._sim.lock:
            if asked["type"] != "reaction":
                self._sim.sent.append(sent)
        told = {
            "messaging_product": "whatsapp",
            "contacts": [{"input": asked["to"], "wa_id": to.lstrip("+")}],
            "messages": [{"id": sent.external_id, "message_status": "accepted"}],
        }
        # news may well be there before the answer
        self._sim.settle(sent, is_open=is_open)
        return JSONResponse(told)

    def _not_sendable(self, asked: dict[str, Any]) -> Response | None:
        kind = asked["type"]
        if kind == "text" and len(asked["text"]["body"]) > _TEXT_MOST:
            return graph_error(400, 100, "Param text['body'] must be at most 4096 characters")
        if kind == "template":
            return self._template_refused(asked["template"])
        medium = asked.get(kind, {}).get("id") if kind in ("image", "video", "audio") else None
        medium = asked.get("document", {}).get("id") if kind == "document" else medium
        if medium is not None and medium not in self._sim.uploads:
            return graph_error(400, 100, "Media not found")
        return None

    def _template_refused(self, template: dict[str, Any]) -> Response | None:
        for known in self._sim.templates:
            wanted = (template["name"], template["language"]["code"])
            if (known["name"], known["language"]) != wanted:
                continue
            if known["status"] != "APPROVED":
                return graph_error(400, 132015, "Template is paused")
            text = next(one["text"] for one in known["components"] if one["type"] == "BODY")
            if text.count("{{") != len(_values(template)):
                return graph_error(400, 132000, "Number of parameters does not match")
            return None
        return graph_error(404, 132001, "Template does not exist in the translation")

    def _sent(self, asked: dict[str, Any], to: str) -> Sent:
        kind = asked["type"]
        part = asked.get(kind, {})
        upload = self._sim.uploads.get(part.get("id", "")) if kind != "text" else None
        return Sent(
            "whatsapp",
            self._sim.next_id("wamid.OUT"),
            self._sim.number,
            to,
            part.get("body", "") if kind == "text" else part.get("caption", ""),
            datetime.now(UTC),
            (upload.data,) if upload else (),
            asked.get("biz_opaque_callback_data", ""),
            part.get("name", "") if kind == "template" else "",
            _values(part) if kind == "template" else (),
        )

    def _upload(self, request: Request) -> Response:
        if refused := self._refused(request):
            return refused
        fields = multipart(request)
        if "file" not in fields or "messaging_product" not in fields:
            return graph_error(400, 100, "Param file is required")
        file = fields["file"]
        main = file.content_type.partition("/")[0]
        if len(file.data) > _MOST.get(main, _DOCUMENT_MOST) or not file.data:
            return graph_error(400, 131053, "Media upload error")
        number = self._sim.next_id("5")
        with self._sim.lock:
            self._sim.uploads[number] = file
        return JSONResponse({"id": number})

    def _media(self, request: Request) -> Response:
        if refused := self._refused(request):
            return refused
        with self._sim.lock:
            media = self._sim.media.get(request.path_params["media"])
            if media is None or media.file.is_expired:
                return graph_error(404, 100, "Object does not exist", 33)
            if media.file.lag > 0:
                media.file.lag -= 1
                return graph_error(404, 100, "Object does not exist", 33)
            media.url_token = secrets.token_urlsafe(12)
            media.url_until = datetime.now(UTC) + _URL_LIVES
        told = {
            "messaging_product": "whatsapp",
            "id": request.path_params["media"],
            "url": f"{self._sim.url}/whatsapp_business/attachments/{media.url_token}",
            "mime_type": media.file.content_type,
            "sha256": media.file.sha256,
            "file_size": str(media.file.size),
        }
        return JSONResponse(told)

    def _bytes(self, request: Request) -> Response:
        if refused := self._refused(request):
            return refused
        media = self._by_token(request.path_params["token"])
        if media is None or media.url_until < datetime.now(UTC) or not media.file.is_ready():
            return Response(status_code=404)
        if media.file.elsewhere:
            return Response(status_code=302, headers={"Location": media.file.elsewhere})
        return Response(media.file.data, media_type=media.file.content_type)

    def _by_token(self, token: str) -> SimMedia | None:
        with self._sim.lock:
            return next((one for one in self._sim.media.values() if one.url_token == token), None)

    def _phone(self, request: Request) -> Response:
        return self._refused(request) or JSONResponse(
            {
                "id": self._sim.phone_id,
                "display_phone_number": self._sim.number,
                "verified_name": "Acme",
                "quality_rating": "GREEN",
                "code_verification_status": "VERIFIED",
            }
        )

    def _phones(self, request: Request) -> Response:
        told = {
            "id": self._sim.phone_id,
            "display_phone_number": self._sim.number,
            "verified_name": "Acme",
            "status": "CONNECTED",
        }
        return self._refused(request) or JSONResponse({"data": [told]})

    def _templates(self, request: Request) -> Response:
        if refused := self._refused(request):
            return refused
        asked = request.query_params
        start = int(asked.get("after", "0"))
        size = int(asked.get("limit", "25"))
        wanted = asked.get("name")
        all_of_them = [one for one in self._sim.templates if wanted in (None, one["name"])]
        shown = all_of_them[start : start + size]
        paging: dict[str, Any] = {"cursors": {"before": str(start), "after": str(start + size)}}
        if len(all_of_them) > start + size:
            query = f"limit={size}&after={start + size}"
            paging["next"] = f"{self._sim.url}{request.url.path}?{query}"
        return JSONResponse({"data": shown, "paging": paging})

    def _apps(self, request: Request) -> Response:
        apps = [{"id": "1", "name": "Helpdesk"}] if self._sim.is_subscribed else []
        return self._refused(request) or JSONResponse({"data": apps})

    def _subscribe(self, request: Request) -> Response:
        if refused := self._refused(request):
            return refused
        body = request.scope["sim_body"]
        asked = json.loads(body) if body else {}
        self._sim.is_subscribed = True
        self._sim.subscribed_to = asked.get("override_callback_uri", "")
        return JSONResponse({"success": True})

    def _debug(self, request: Request) -> Response:
        until = datetime.now(UTC) + timedelta(days=50)
        told = {
            "app_id": "1",
            "is_valid": request.query_params.get("input_token") == self._sim.token,
            "expires_at": int(until.timestamp()),
            "scopes": ["whatsapp_business_messaging", "whatsapp_business_management"],
        }
        return self._refused(request) or JSONResponse({"data": told})


def _values(template: dict[str, Any]) -> tuple[str, ...]:
    return tuple(
        parameter.get("text", "")
        for component in template.get("components", ())
        if component.get("type", "").lower() == "body"
        for parameter in component.get("parameters", ())
    )


def multipart(request: Request) -> dict[str, SimFile]:
    """Return the fields of a form with files."""
    head = f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode()
    whole = BytesParser(policy=HTTP).parsebytes(head + request.scope["sim_body"])
    found = {}
    for part in whole.iter_parts():
        name = str(part.get_param("name", "", "content-disposition"))
        data = part.get_payload(decode=True)
        assert isinstance(data, bytes)
        found[name] = SimFile(data, part.get_content_type(), part.get_filename() or "")
    return found
