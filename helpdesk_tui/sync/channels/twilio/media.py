"""Fetching the files of received messages from Twilio."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from helpdesk_tui.domain.accounts import Account
from helpdesk_tui.domain.messaging.twilio import is_sid
from helpdesk_tui.sync.channels.errors import Gone
from helpdesk_tui.sync.channels.twilio.client import TwilioClient, login_headers
from helpdesk_tui.sync.channels.twilio.settings import read_settings
from helpdesk_tui.sync.cutting import Cutter
from helpdesk_tui.sync.downloads import Downloaded, Hosts, download, own_headers
from helpdesk_tui.sync.receiving import Password

HOSTS = ("api.twilio.com", ".twiliocdn.com", "s3-external-1.amazonaws.com")
"""The interface, and the storages that it leads on to."""


class TwilioMedia:
    """Fetches the files of one account; used by one thread."""

    def __init__(self, account: Account, password: Password) -> None:
        self._account = account
        self._password = password

    def fetch(self, source: Mapping[str, str], most: int, cutter: Cutter) -> Downloaded:
        """Return a file; blocks.

        Args:
            source: Which message, and which of its files, by id or by place.
            most: Bytes of the largest one.
            cutter: Ends it from another thread.

        Raises:
            Gone: it is not there, or not yet: files may come after their message.
            ChannelError: as Twilio answers.
        """
        settings, secret = read_settings(self._account), self._password(self._account, "token")
        sid = source.get("message", "")
        if not is_sid(sid):
            raise Gone("media.gone", status="id")
        client = TwilioClient(settings, secret, cutter=cutter)
        try:
            media, kind = source.get("media", ""), ""
            if not media:
                media, kind = _at(client, sid, source.get("index", ""))
            if not is_sid(media):
                raise Gone("media.gone", status="id")
            found = download(
                client.media_url(sid, media),
                hosts=Hosts(settings.api, HOSTS),
                headers_for=own_headers(settings.api, login_headers(settings, secret)),
                most=most,
                cutter=cutter,
            )
        finally:
            client.close()
        return found if found.content_type else replace(found, content_type=kind)


def _at(client: TwilioClient, sid: str, index: str) -> tuple[str, str]:
    """Return id and type of the file at a place; the list may lag behind the message."""
    try:
        listed = client.media(sid)
    except Gone as error:
        raise Gone("media.gone", status=404) from error
    place = int(index) if index.isascii() and index.isdecimal() and len(index) < 4 else 0
    if place >= len(listed):
        raise Gone("media.gone", status="late")
    return listed[place]
