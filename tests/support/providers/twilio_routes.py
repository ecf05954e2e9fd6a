"""What the simulated Twilio answers the program."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qs, urlencode

import httpx
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from tests.support.providers.twilio import BASE, SimMessage, Twilio
from tests.support.providers.values import Sent, SimFile
from tests.support.waiting import PATIENCE

_MMS_MOST = 5_000_000
_TEXT_MOST = 1_600
_ENDS = frozenset(("delivered", "undelivered", "failed", "read", "received", "canceled"))
_WINDOW = timedelta(hours=24)


class TwilioRoutes:
    """The program's side of a simulated account."""

    def __init__(self, sim: Twilio) -> None:
        self._sim = sim

    def routes(self) -> list[Route]:
        """Return what it answers."""
        account = BASE + "/{account}"
        one = account + "/Messages/{sid}"
        docs = BASE + "/{AccountSid}"
        return [
            Route(account + ".json", self._account, name=f"twilio.account|{BASE}/{{Sid}}.json"),
            Route(
                account + "/IncomingPhoneNumbers.json",
                self._phones,
                name=f"twilio.numbers|{docs}/IncomingPhoneNumbers.json",
            ),
            Route(account + "/Messages.json", self._list, name=f"twilio.list|{docs}/Messages.json"),
            Route(
                account + "/Messages.json",
                self._send,
                methods=["POST"],
                name=f"twilio.send|{docs}/Messages.json",
            ),
            Route(
                one + "/Media.json",
                self._media,
                name=f"twilio.media-list|{docs}/Messages/{{MessageSid}}/Media.json",
            ),
            Route(
                one + "/Media/{media}.json",
                self._medium,
                name=f"twilio.medium|{docs}/Messages/{{MessageSid}}/Media/{{Sid}}.json",
            ),
            Route(one + "/Media/{media}", self._bytes, name="twilio.media"),
            Route(one + ".json", self._one, name=f"twilio.status|{docs}/Messages/{{Sid}}.json"),
            Route("/storage/{media}", self._storage, name="twilio.storage"),
        ]

    def _refused(self, request: Request) -> Response | None:
        given = request.headers.get("authorization", "").removeprefix("Basic ")
        try:
            name, _, secret = base64.b64decode(given).decode().partition(":")
        except ValueError:
            name, secret = "", ""
        known = {**self._sim.keys, self._sim.account_sid: self._sim.token}
        if not secret or known.get(name) != secret or self._sim.account_status != "active":
            return _error(401, 20003, "Authenticate")
        if request.path_params["account"] != self._sim.account_sid:
            return _error(404, 20404, "The requested resource was not found")
        return None

    def _account(self, request: Request) -> Response:
        if refused := self._refused(request):
            return refused
        told = {
            "sid": self._sim.account_sid,
            "friendly_name": "Acme",
            "status": self._sim.account_status,
            "type": "Full",
        }
        return JSONResponse(told)

    def _phones(self, request: Request) -> Response:
        if refused := self._refused(request):
            return refused
        wanted = request.query_params.get("PhoneNumber", "")
        found = [
            {
                "sid": f"PN{position:032x}",
                "account_sid": self._sim.account_sid,
                "phone_number": number,
                "capabilities": {"sms": True, "mms": True, "voice": False, "fax": False},
                "sms_url": self._sim.hook.url,
                "sms_method": "POST",
            }
            for position, number in enumerate(self._sim.numbers)
            if wanted in number
        ]
        return JSONResponse(_page(request, found, "incoming_phone_numbers", len(found) or 1, 0))

    def _list(self, request: Request) -> Response:
        if refused := self._refused(request):
            return refused
        asked = request.query_params
        size = min(int(asked.get("PageSize", "50")), self._sim.page_most)
        page = int(asked.get("Page", "0"))
        since = _moment(asked.get("DateSent>", ""))
        with self._sim.lock:
            found = [
                one
                for one in self._sim.messages
                if asked.get("To", one.to) == one.to
                and asked.get("From", one.sender) == one.sender
                and (since is None or one.at >= since)
            ]
            # newest first; what arrives meanwhile shifts all pages
            found.sort(key=lambda one: one.at, reverse=True)
            told = [self._told(one) for one in found]
        answer = JSONResponse(_page(request, told, "messages", size, page))
        self._sim.between_pages(page)
        return answer

    def _one(self, request: Request) -> Response:
        if refused := self._refused(request):
            return refused
        with self._sim.lock:
            found = self._found(request)
            if found is None:
                return _error(404, 20404, "The requested resource was not found")
            if found.next_statuses:
                status = found.next_statuses.pop(0)
                self._sim.set_status(found, status, found.fate if status in _ENDS else None)
            return JSONResponse(self._told(found))

    def _found(self, request: Request) -> SimMessage | None:
        sid = request.path_params["sid"]
        return next((one for one in self._sim.messages if one.sid == sid), None)

    def _told(self, one: SimMessage) -> dict[str, Any]:
        path = f"{BASE}/{self._sim.account_sid}/Messages/{one.sid}"
        moment = format_datetime(one.at)
        is_new = one.status in ("queued", "accepted", "sending")
        return {
            "sid": one.sid,
            "account_sid": self._sim.account_sid,
            "api_version": "2010-04-01",
            "body": one.body,
            "direction": one.direction,
            "from": one.sender,
            "to": one.to,
            "status": one.status,
            "num_media": str(len(one.files)),
            "num_segments": str(len(one.body) // 160 + 1),
            "date_created": moment,
            "date_updated": moment,
            "date_sent": None if is_new else moment,
            "error_code": one.error_code,
            "error_message": one.error_message,
            "messaging_service_sid": one.service,
            "price": None,
            "price_unit": "USD",
            "uri": path + ".json",
            "subresource_uris": {"media": path + "/Media.json"},
        }

    def _send(self, request: Request) -> Response:
        if refused := self._refused(request):
            return refused
        form = parse_qs(request.scope["sim_body"].decode(), keep_blank_values=True)
        given = {name: values[0] for name, values in form.items()}
        sender = given.get("From") or given.get("MessagingServiceSid", "")
        if refused := self._not_sendable(given, sender):
            return refused
        urls = form.get("MediaUrl", [])
        to = given["To"]
        files, code = _fetched(urls, is_whatsapp=to.startswith("whatsapp:"))
        with self._sim.lock:
            text = given.get("Body", "")
            message = self._sim.make(sender, to, text, "outbound-api", "queued", None, files)
            message.callback = given.get("StatusCallback", "")
            if "MessagingServiceSid" in given:
                message.service = given["MessagingServiceSid"]
                message.sender = given.get("From") or self._sim.numbers[0]
            self._foresee(message, code or self._window_code(given))
            self._sim.messages.append(message)
            self._sim.sent.append(
                Sent(
                    "twilio",
                    message.sid,
                    message.sender,
                    to,
                    text,
                    message.at,
                    tuple(file.data for file in files),
                    template=given.get("ContentSid", ""),
                    values=(given.get("ContentVariables", ""),),
                )
            )
            told = self._told(message)
            if message.callback:
                for status in message.next_statuses:
                    code = message.fate if status in _ENDS else None
                    self._sim.set_status(message, status, code)
                message.next_statuses = []
        return JSONResponse(told, 201)

    def _not_sendable(self, given: dict[str, str], sender: str) -> Response | None:
        to = given.get("To", "")
        plain = sender.removeprefix("whatsapp:")
        if plain not in (*self._sim.numbers, *self._sim.services):
            return _error(400, 21606, "The From phone number is not valid for this account")
        if not to.removeprefix("whatsapp:").startswith("+"):
            return _error(400, 21211, f"The 'To' number {to} is not a valid phone number.")
        if to in self._sim.refusals:
            return _error(400, *self._sim.refusals[to])
        if any((to, ours) in self._sim.opted_out for ours in (sender, *self._sim.numbers)):
            return _error(400, 21610, "Attempt to send to unsubscribed recipient")
        if len(given.get("Body", "")) > _TEXT_MOST:
            return _error(400, 21617, "The concatenated message body exceeds 1600 characters")
        if not {"Body", "MediaUrl", "ContentSid"} & {name for name in given if given[name]}:
            return _error(400, 21602, "Message body is required.")
        return None

    def _window_code(self, given: dict[str, str]) -> int | None:
        to = given["To"]
        if not self._sim.has_window or "ContentSid" in given or not to.startswith("whatsapp:"):
            return None
        since = datetime.now(UTC) - _WINDOW
        is_open = any(one.sender == to and one.at > since for one in self._sim.messages)
        return None if is_open else 63016

    def _foresee(self, message: SimMessage, code: int | None) -> None:
        """Decide what becomes of a message, told one status at each question."""
        planned = self._sim.outcomes.get(message.to, ("delivered", None))
        last, message.fate = planned if code is None else ("failed", code)
        message.next_statuses = [*self._sim.steps, last]

    def _media(self, request: Request) -> Response:
        if refused := self._refused(request):
            return refused
        found = self._found(request)
        if found is None:
            return _error(404, 20404, "The requested resource was not found")
        told = [self._told_medium(found, position) for position in range(len(found.files))]
        return JSONResponse(_page(request, told, "media_list", len(told) or 1, 0))

    def _told_medium(self, message: SimMessage, position: int) -> dict[str, Any]:
        moment = format_datetime(message.at)
        return {
            "sid": message.media_sids[position],
            "account_sid": self._sim.account_sid,
            "parent_sid": message.sid,
            "content_type": message.files[position].content_type,
            "date_created": moment,
            "date_updated": moment,
            "uri": self._sim.media_path(message, position) + ".json",
        }

    def _place(self, request: Request) -> tuple[SimMessage, int] | None:
        wanted = request.path_params["media"]
        for message in self._sim.media_holders():
            if wanted in message.media_sids:
                return message, message.media_sids.index(wanted)
        return None

    def _medium(self, request: Request) -> Response:
        if refused := self._refused(request):
            return refused
        found = self._place(request)
        if found is None:
            return _error(404, 20404, "The requested resource was not found")
        return JSONResponse(self._told_medium(*found))

    def _bytes(self, request: Request) -> Response:
        if refused := self._refused(request):
            return refused
        found = self._place(request)
        file = found[0].files[found[1]] if found else None
        if file is None or file.is_expired or file.lag > 0:
            if file is not None and file.lag > 0:
                file.lag -= 1
            return _error(404, 20404, "The requested resource was not found")
        base = file.elsewhere or self._sim.url
        return RedirectResponse(f"{base}/storage/{request.path_params['media']}", 307)

    def _storage(self, request: Request) -> Response:
        found = self._place(request)
        file = found[0].files[found[1]] if found else None
        if file is None or not file.is_ready():
            return Response(status_code=404)
        return Response(file.data, media_type=file.content_type)


def _error(status: int, code: int, message: str) -> Response:
    info = f"https://www.twilio.com/docs/errors/{code}"
    told = {"code": code, "message": message, "more_info": info, "status": status}
    return JSONResponse(told, status)


def _moment(text: str) -> datetime | None:
    if not text:
        return None
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _page(
    request: Request, rows: list[dict[str, Any]], name: str, size: int, page: int
) -> dict[str, Any]:
    def uri(wanted: int) -> str:
        kept = [
            (key, value)
            for key, value in request.query_params.multi_items()
            if key not in ("Page", "PageToken", "PageSize")
        ]
        more = [("PageSize", str(size)), ("Page", str(wanted))]
        token = [("PageToken", f"PA{wanted}")] if wanted else []
        return f"{request.url.path}?{urlencode([*kept, *more, *token])}"

    start = page * size
    shown = rows[start : start + size]
    return {
        name: shown,
        "page": page,
        "page_size": size,
        "start": start,
        "end": start + max(len(shown) - 1, 0),
        "uri": uri(page),
        "first_page_uri": uri(0),
        "previous_page_uri": uri(page - 1) if page else None,
        "next_page_uri": uri(page + 1) if len(rows) > start + size else None,
    }


def _fetched(urls: list[str], *, is_whatsapp: bool) -> tuple[list[SimFile], int | None]:
    """Fetch what we are to send, as Twilio does; return what it got, or why it could not."""
    files: list[SimFile] = []
    with httpx.Client(timeout=PATIENCE) as client:
        for url in urls:
            try:
                head = client.head(url)
                got = client.get(url)
            except httpx.TransportError:
                return files, 63019 if is_whatsapp else 11200
            announced = head.headers.get("content-length")
            same = head.headers.get("content-type") == got.headers.get("content-type")
            if not got.is_success or not head.is_success or not same:
                return files, 63019 if is_whatsapp else 11200
            if announced != str(len(got.content)):
                return files, 12300
            files.append(SimFile(got.content, got.headers.get("content-type", "")))
    if sum(len(file.data) for file in files) > _MMS_MOST and not is_whatsapp:
        return files, 11751
    return files, None
