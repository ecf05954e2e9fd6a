"""The WhatsApp Cloud API as the program sees it: news go out by webhook only."""

from __future__ import annotations

import hashlib
import hmac
import itertools
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.support.providers.postman import Postman
from tests.support.providers.values import Hook, Sent, SimFile

TOKEN = "token-of-whatsapp-in-tests-0123456789"
SECRET = "app-secret-in-tests-0123456789abcdef"
PHONE_ID = "900800700600"
WABA_ID = "200300400500"
NUMBER = "+15550001111"
TEMPLATES: tuple[dict[str, Any], ...] = (
    {
        "id": "920070000000001",
        "name": "order_update",
        "language": "en_US",
        "status": "APPROVED",
        "category": "UTILITY",
        "components": [{"type": "BODY", "text": "Hello {{1}}, news of your order {{2}}."}],
    },
    {
        "id": "920070000000002",
        "name": "spring_sale",
        "language": "en_US",
        "status": "PAUSED",
        "category": "MARKETING",
        "components": [{"type": "BODY", "text": "Everything must go."}],
    },
)
_WINDOW = timedelta(hours=24)


def signed(body: bytes, secret: str) -> Mapping[str, str]:
    """Return the signature that Meta puts to a body."""
    found = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return {"X-Hub-Signature-256": f"sha256={found}"}


@dataclass(slots=True)
class SimMedia:
    """A file by its id; its address lives five minutes."""

    file: SimFile
    url_token: str = ""
    url_until: datetime = field(default_factory=lambda: datetime.now(UTC))


class WhatsApp:
    """The side that tests talk to; ``WhatsAppRoutes`` is the other."""

    def __init__(self, postman: Postman) -> None:
        self.url = ""
        self.token = TOKEN
        self.phone_id = PHONE_ID
        self.waba_id = WABA_ID
        self.number = NUMBER
        self.hook = Hook(secret=SECRET)
        self.is_subscribed = True
        self.subscribed_to = ""
        """Address that the program asked news to go to."""
        self.templates: list[dict[str, Any]] = [dict(one) for one in TEMPLATES]
        self.media: dict[str, SimMedia] = {}
        self.uploads: dict[str, SimFile] = {}
        self.sent: list[Sent] = []
        self.read_marks: list[str] = []
        self.refusals: dict[str, int] = {}
        """Code that a send to an address is refused with at once."""
        self.outcomes: dict[str, tuple[str, int | None]] = {}
        """What is told of messages to an address in the end: status and code."""
        self.steps: tuple[str, ...] = ("sent", "delivered")
        """What is told of messages by themselves; empty: nothing."""
        self.has_window = True
        self.status_count = 0
        self._heard: dict[str, datetime] = {}
        self._postman = postman
        self._numbers = itertools.count(1)
        self.lock = threading.RLock()

    def next_id(self, prefix: str) -> str:
        """Return an id that was not there before."""
        with self.lock:
            return f"{prefix}{next(self._numbers):012d}"

    # what customers do

    def customer_sends(
        self,
        sender: str,
        text: str = "",
        *,
        file: SimFile | None = None,
        at: datetime | None = None,
        name: str = "Ada Example",
        quotes: str = "",
        **more: Any,
    ) -> str:
        """Let a customer write; return the message's id.

        Args:
            sender: Their number.
            text: What they write, or the caption of the file.
            file: What they attach.
            at: When, by the provider's clock.
            name: How they call themselves.
            quotes: Id of the message that they answer.
            more: Further fields; ``type`` makes it another kind of message.
        """
        moment = at or datetime.now(UTC)
        message: dict[str, Any] = {
            "from": sender.lstrip("+"),
            "id": self.next_id("wamid.SIM"),
            "timestamp": str(int(moment.timestamp())),
            "type": "text",
            **more,
        }
        if file is not None:
            message.update(self._with_file(file, text))
        elif message["type"] == "text":
            message["text"] = {"body": text}
        if quotes:
            message["context"] = {"from": self.number.lstrip("+"), "id": quotes}
        with self.lock:
            self._heard[sender] = max(moment, self._heard.get(sender, moment))
        contact = {"profile": {"name": name}, "wa_id": sender.lstrip("+")}
        self.push({"contacts": [contact], "messages": [message]})
        return str(message["id"])

    def _with_file(self, file: SimFile, caption: str) -> dict[str, Any]:
        number = self.next_id("7")
        with self.lock:
            self.media[number] = SimMedia(file)
        main = file.content_type.partition("/")[0]
        kind = main if main in ("image", "video", "audio") else "document"
        told: dict[str, Any] = {
            "id": number,
            "mime_type": file.content_type,
            "sha256": file.sha256,
        }
        if caption and kind != "audio":
            told["caption"] = caption
        if kind == "document":
            told["filename"] = file.name or "file"
        return {"type": kind, kind: told}

    def customer_reacts(self, sender: str, message_id: str, emoji: str = "👍") -> None:
        """Let a customer put a sign to a message; an empty one takes it away."""
        reaction = {"message_id": message_id, **({"emoji": emoji} if emoji else {})}
        self.customer_sends(sender, type="reaction", reaction=reaction)

    def customer_wrote(self, sender: str, at: datetime) -> None:
        """Let the window of a customer have begun at a moment, without any news."""
        with self.lock:
            self._heard[sender] = at

    def is_open(self, to: str) -> bool:
        """Tell whether free replies to an address are allowed."""
        with self.lock:
            heard = self._heard.get(f"+{to.lstrip('+')}")
        return not self.has_window or (heard is not None and datetime.now(UTC) - heard < _WINDOW)

    # news

    def push(self, value: Mapping[str, Any]) -> None:
        """Send news to the hook."""
        metadata = {
            "display_phone_number": self.number.lstrip("+"),
            "phone_number_id": self.phone_id,
        }
        whole = {"messaging_product": "whatsapp", "metadata": metadata, **value}
        change = {"field": "messages", "value": whole}
        body = {
            "object": "whatsapp_business_account",
            "entry": [{"id": self.waba_id, "changes": [change]}],
        }
        self._postman.bring_json(self.hook, body, signed)

    def becomes(
        self, message: Sent, status: str, code: int | None = None, at: datetime | None = None
    ) -> None:
        """Tell what became of a message of ours."""
        with self.lock:
            self.status_count += 1
        told: dict[str, Any] = {
            "id": message.external_id,
            "status": status,
            "timestamp": str(int((at or datetime.now(UTC)).timestamp())),
            "recipient_id": message.to.lstrip("+"),
        }
        if message.reference:
            told["biz_opaque_callback_data"] = message.reference
        if code is not None:
            told["errors"] = [{"code": code, "title": "refused", "message": "refused"}]
        self.push({"statuses": [told]})

    def settle(self, message: Sent, *, is_open: bool) -> None:
        """Tell what becomes of a message that was just accepted."""
        if not is_open and not message.template:
            self.becomes(message, "failed", 131047)
            return
        status, code = self.outcomes.get(message.to, ("", None))
        for step in self.steps:
            self.becomes(message, step)
        if status:
            self.becomes(message, status, code)

    def expire_urls(self) -> None:
        """Let all addresses of files be over, as after five minutes."""
        with self.lock:
            for media in self.media.values():
                media.url_until = datetime.now(UTC) - timedelta(seconds=1)
