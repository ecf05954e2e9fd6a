"""Why a relay does not start, and what to do."""

from __future__ import annotations

from collections.abc import Mapping

from helpdesk_tui.widgets.words.language import Marked

RELAY_SENTENCES: Marked[Mapping[str, str]] = {
    "relay.bad-proxy": "{address} is no address of a proxy: write 127.0.0.1, or a network such as"
    " 10.0.0.0/8",
    "relay.bad-url": "{url} is no address of a relay: write it as https://chat.shop.example",
    "relay.cannot-listen": "the relay cannot listen on {host} port {port}: {reason}",
    "relay.no-token": "the relay needs the token that the worker shows it: make one with"
    " 'helpdesk relay --new-token FILE' and start it with --token-file FILE",
    "relay.store-of-desk": "{path} is the store of a desk: the relay keeps a folder of its own,"
    " name another with --store",
    "relay.token-exists": "{path} is there already and is not overwritten: name a new file",
    "relay.token-open": "others can read {path}: chmod 600 {path}",
    "relay.token-weak": "the relay's token must have at least 32 letters and digits: make one with"
    " 'helpdesk relay --new-token FILE'",
}
