"""Why a provider of messages does not do what it was asked for, and what to do."""

from __future__ import annotations

from collections.abc import Mapping

from helpdesk_tui.widgets.words.language import Marked

PROVIDER_SENTENCES: Marked[Mapping[str, str]] = {
    "provider.busy": "the provider is busy (status {status}): it is asked again by itself",
    "provider.credentials": "the provider refuses the login: check the account's id and give the"
    " secret anew with 'helpdesk channel password'",
    "provider.gone": "the provider does not know it any more",
    "provider.nonsense": "the provider answered with something that cannot be understood: it is"
    " asked again by itself",
    "provider.redirects": "the provider's address leads elsewhere (status {status}): nothing is"
    " sent there",
    "provider.refused": "the provider refused (status {status})",
    "provider.slow": "the provider does not answer in time: it is asked again by itself",
    "provider.uncertain": "the line broke while sending: whether the provider has it is being"
    " looked up",
    "provider.unreachable": "the provider cannot be reached: {reason}",
    "media.changed": "the provider gave other bytes than it had told of: it is fetched again",
    "media.gone": "the provider no longer holds it",
    "media.host-refused": "it is on a host that is not the provider's ({host}): nothing is fetched"
    " from there",
    "media.larger-than-fetched": "it is larger than files that are fetched (setting largest-file)",
    "media.redirects": "the provider's address leads on and on: nothing was fetched",
    "channel.not-changed": "{name} is no number and no account of a provider: connect it anew to"
    " change it",
    "hook.needs-secret": "Twilio signs webhooks by the account's auth token: keep it with 'helpdesk"
    " secret set {name}' first",
    "hook.needs-relay": "a webhook comes in at the relay: name it with --relay",
    "number.alphanumeric": "{address} is a name, not a number: customers cannot answer a branded"
    " sender, so that it can never be the address of an inbox; use a number that receives, such as"
    " +15550001111",
    "number.bad": "{address} is no number as providers write it: give it with a plus sign and the"
    " country, such as +15550001111",
    "number.taken": "{address} is connected already, as {name}",
}
"""Sentences of what any provider may do."""

TWILIO_SENTENCES: Marked[Mapping[str, str]] = {
    "twilio.bad-api": "{address} is not where the secret may be sent: give Twilio's address with"
    " https",
    "twilio.bad-sid": "{setting}: {value} is not an id of Twilio that begins with {kind}: copy it"
    " from its console",
    "twilio.error": "Twilio refused it: {text}",
    "twilio.no-template": "the template {name} has no ContentSid of Twilio: add it with 'helpdesk"
    " channel template add'",
    "twilio.not-active": "the account at Twilio is {status}: nothing is sent or received until"
    " that is settled in its console",
    "twilio.number-missing": "{number} is not a number of this account: buy it or move it in"
    " Twilio's console",
    "twilio.number-silent": "{number} cannot carry text messages: choose another number in"
    " Twilio's console",
    "twilio.11751": "the files are too large: MMS carries 5 MB in all, WhatsApp 16 MB",
    "twilio.12300": "Twilio takes no file of this type, or it is not what it says: check the"
    " relay's address",
    "twilio.20003": "Twilio refuses the login: check the account's id and give the secret anew"
    " with 'helpdesk channel password'",
    "twilio.20005": "the account at Twilio is not active: its console says why",
    "twilio.20429": "Twilio is busy: it is tried again by itself",
    "twilio.21211": "this is not a valid number: nothing will arrive there",
    "twilio.21408": "texting this country is not switched on at Twilio: an administrator allows it"
    " in its console (geo permissions)",
    "twilio.21606": "our number cannot text this one: use another of our numbers",
    "twilio.21608": "Twilio's trial account sends to verified numbers only: upgrade it, or verify"
    " the number in its console",
    "twilio.21610": "the customer has opted out (STOP): only their START opens it again",
    "twilio.21611": "too many messages wait at Twilio for our number: it is tried again by itself",
    "twilio.21612": "our number cannot reach this one: use another of our numbers",
    "twilio.21614": "this is not a mobile number: nothing will arrive there",
    "twilio.21617": "the text is too long: Twilio takes 1,600 characters",
    "twilio.21620": "Twilio cannot use the address of the file: check the relay's address",
    "twilio.21635": "this is a landline: it takes no text messages",
    "twilio.21656": "the values do not fit the template: check how many places it has",
    "twilio.21660": "our number is not one of this account at Twilio: check the account's id",
    "twilio.30001": "too many messages wait at Twilio for our number: send it again later",
    "twilio.30002": "the account at Twilio was suspended: its console says why",
    "twilio.30003": "the phone is off or out of reach",
    "twilio.30004": "the message was blocked: the customer or their carrier takes none from us",
    "twilio.30005": "the number is not known, or no longer in use",
    "twilio.30006": "this is a landline, or its carrier takes no text messages",
    "twilio.30007": "the carrier filtered it as spam: write it in other words, without links",
    "twilio.30008": "the carrier did not say why it did not arrive: try once more",
    "twilio.30034": "our number is not registered for texting in the US (A2P 10DLC): an"
    " administrator registers it in Twilio's console",
    "twilio.63003": "this number is not on WhatsApp: use SMS",
    "twilio.63016": "more than 24 hours since their last message: only a template may be sent",
    "twilio.63018": "WhatsApp takes no more messages of ours now: it is tried again by itself",
    "twilio.63019": "WhatsApp could not fetch the file, or takes none of this type: check the"
    " relay's address",
    "twilio.63024": "this number cannot be reached by WhatsApp: use SMS",
    "twilio.63034": "the file is too large: WhatsApp carries 16 MB, 5 MB of a picture",
}
"""Sentences of what Twilio says by its numbers."""
