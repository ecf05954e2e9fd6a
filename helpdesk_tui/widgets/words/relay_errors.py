"""Why a relay does not start or does not answer, and what to do."""

from __future__ import annotations

from collections.abc import Mapping

from helpdesk_tui.widgets.words.language import Marked

RELAY_SENTENCES: Marked[Mapping[str, str]] = {
    "relay.bad-proxy": "{address} is no address of a proxy: write 127.0.0.1, or a network such as"
    " 10.0.0.0/8",
    "relay.bad-url": "{url} is no address of a relay: write it as https://chat.shop.example",
    "relay.busy": "the relay is busy or out of order (status {status}): it is asked again soon",
    "relay.cannot-listen": "the relay cannot listen on {host} port {port}: {reason}",
    "relay.clock": "the relay's clock differs by {seconds} s from ours: set the clocks of both"
    " machines, else visitors cannot log in",
    "relay.file-gone": "the relay has {name} no more",
    "relay.gone": "the relay does not know it any more ({reason})",
    "relay.hook-unknown": "the relay does not know this webhook yet: the worker publishes it by"
    " itself",
    "relay.keeps-no-file": "the relay does not keep the files of a reply: its log says why",
    "relay.no-relay": "there is no relay at this address (status {status}): check the address, and"
    " the proxy in front of it",
    "relay.plain-refused": "{address} is not encrypted: only a relay on this machine may be asked"
    " by http",
    "relay.redirects": "the relay's address leads elsewhere (status {status}): give the address"
    " that it leads to",
    "relay.refused": "the relay refused: {reason}",
    "relay.slow": "the relay does not answer in time: it is asked again by itself",
    "relay.token-refused": "the relay refuses the token: it has to be the same on both sides, see"
    " 'helpdesk channel password'",
    "relay.too-old": "the relay is too old for webhooks, files and links: update it",
    "relay.unreachable": "the relay cannot be reached: {reason}",
    "relay.version": "the relay speaks version {found}, this program version {known}: update the"
    " older one",
    "relay.no-token": "the relay needs the token that the worker shows it: make one with"
    " 'helpdesk relay --new-token FILE' and start it with --token-file FILE",
    "relay.store-of-desk": "{path} is the store of a desk: the relay keeps a folder of its own,"
    " name another with --store",
    "relay.store-taken": "another relay runs over the store in {path}",
    "relay.store-unusable": "the relay's store in {path} cannot be used: {reason}",
    "relay.token-exists": "{path} is there already and is not overwritten: name a new file",
    "relay.token-open": "others can read {path}: chmod 600 {path}",
    "relay.token-weak": "the relay's token must have at least 32 letters and digits: make one with"
    " 'helpdesk relay --new-token FILE'",
}
