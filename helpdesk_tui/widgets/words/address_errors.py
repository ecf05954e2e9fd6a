"""What is wrong with a support address, and what can be done about it."""

from __future__ import annotations

from collections.abc import Mapping

from helpdesk_tui.widgets.words.language import Marked

ADDRESS_SENTENCES: Marked[Mapping[str, str]] = {
    "address.bad-provider": "there are no instructions for {provider}; there are for {known}",
    "address.exists": "{address} is already one of our addresses",
    "address.invalid": "{address} is no mail address: write it as name@shop.example",
    "address.is-mailbox": "{address} is the connected mailbox itself and cannot be removed",
    "address.mailbox-off": "the mailbox {name} is switched off: helpdesk channel enable {name}",
    "address.no-mailbox": "no mailbox is connected yet: helpdesk channel add email --help",
    "address.off": "{address} is switched off: switch it on first",
    "address.state-not-set": "an address cannot be set to {state}: only a test does that",
    "address.test-bounced": "the test mail to {address} came back: the address does not exist or"
    " refuses mail; 'helpdesk intake list' holds the report",
    "address.test-by-hand": "the test mail to {address} was forwarded by a person, or by a rule"
    " that writes a new mail: customers would all seem to be {address}; use the provider's"
    " automatic forwarding (redirect)",
    "address.test-refused": "the mail server refused the test mail to {address}: does it exist?",
    "address.test-timed-out": "the test mail to {address} did not arrive in time: check whether the"
    " forwarding is finished, confirmed and switched on at the provider",
    "address.unknown": "{address} is none of our support addresses: helpdesk channel address list"
    " names them",
    "address.used": "{address} was used in tickets and is kept: switch it off instead",
    "address.which-mailbox": "several mailboxes are connected: name one of {known} with --channel",
}
