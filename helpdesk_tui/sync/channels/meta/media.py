"""Fetching files of received messages from Meta, soon after they came: its addresses expire."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping

from helpdesk_tui.domain.accounts import Account
from helpdesk_tui.domain.json_fields import url_at, word_at
from helpdesk_tui.sync.channels.errors import AuthFailed, Gone, Rejected, Retry
from helpdesk_tui.sync.channels.meta.graph import Graph
from helpdesk_tui.sync.channels.meta.settings import read_settings
from helpdesk_tui.sync.cutting import Cutter
from helpdesk_tui.sync.downloads import Downloaded, Headers, Hosts, download, own_headers
from helpdesk_tui.sync.receiving import Password

_STORAGE = "https://lookaside.fbsbx.com"
"""Where WhatsApp's files lie: the one other host that the token is for."""
HOSTS = ("lookaside.fbsbx.com", ".fbcdn.net", ".cdninstagram.com")
"""Where Meta's files lie."""


class MetaMedia:
    """Fetches the files of one account; used by one thread."""

    def __init__(self, account: Account, password: Password) -> None:
        self._account = account
        self._password = password

    def fetch(self, source: Mapping[str, str], most: int, cutter: Cutter) -> Downloaded:
        """Return a file; blocks.

        Args:
            source: As it was received (``Medium.source``).
            most: Bytes of the largest one.
            cutter: Ends it from another thread.

        Raises:
            Gone: Meta has it no more.
            ChannelError: as Meta answers.
        """
        settings = read_settings(self._account)
        hosts = Hosts(settings.api, HOSTS)
        if source.get("kind") != "whatsapp":
            # what is in an address of Instagram is all that it takes to fetch it
            return download(source.get("url", ""), hosts=hosts, headers_for=_nothing, most=most,
                            cutter=cutter)  # fmt: skip
        token = self._password(self._account, "token")
        graph = Graph(settings, token)
        try:
            said = _described(graph, source.get("id", ""))
        finally:
            graph.close()
        size = word_at(said, "file_size")
        if size.isascii() and size.isdecimal() and int(size[:20]) > most:
            raise Rejected("media.too-large", size=int(size[:20]), most=most)
        found = download(
            url_at(said, "url"),
            hosts=hosts,
            headers_for=_with_token(settings.api, token),
            most=most,
            cutter=cutter,
        )
        expected = _hex(word_at(said, "sha256"))
        if expected and expected != found.sha256:
            raise Retry("media.changed")
        return found


def _described(graph: Graph, media_id: str) -> Mapping[str, object]:
    """Return what Meta says of a file; the address in it is good for five minutes."""
    if not (media_id.isascii() and media_id.isalnum()):
        raise Gone("media.gone", status="id")
    try:
        return graph.get(media_id, {"phone_number_id": graph.settings.account_id})
    except AuthFailed:
        raise
    except (Rejected, Gone) as error:
        raise Gone("media.gone", status=error.values.get("number", "")) from error


def _with_token(api: str, token: str) -> Headers:
    headers = {"Authorization": f"Bearer {token}"}
    own = own_headers(api, headers)

    def headers_for(url: str) -> Mapping[str, str]:
        return headers if url.startswith(f"{_STORAGE}/") else own(url)

    return headers_for


def _nothing(url: str) -> Mapping[str, str]:
    return {}


def _hex(digest: str) -> str:
    """Return a SHA-256 in hex, which Meta writes in either form."""
    if len(digest) == 64:
        return digest.lower()
    try:
        return base64.b64decode(digest, validate=True).hex()
    except (binascii.Error, ValueError):
        return ""
