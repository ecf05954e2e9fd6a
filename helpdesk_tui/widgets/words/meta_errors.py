"""Why WhatsApp or Instagram does not do what it was asked for, by Meta's numbers."""

from __future__ import annotations

from collections.abc import Mapping

from helpdesk_tui.widgets.words.language import N_, Marked

_LOGIN = N_("Meta refuses the token: give a new one with 'helpdesk channel password'")
_BUSY = N_("Meta takes no more from this account now: it is tried again by itself")
_TEMPORARY = N_("trouble at Meta: it is tried again by itself")

META_SENTENCES: Marked[Mapping[str, str]] = {
    "hook.none": "{name} has no webhook: name a relay and an id with 'helpdesk channel change"
    " --relay URL --hook ID'",
    "meta.bad-setting": "{name}: {value} is not valid: copy it from Meta's app dashboard",
    "meta.needs-relay": "what customers write comes by webhook only: name the relay with --relay,"
    " as docs/admins/whatsapp.md says",
    "meta.no-app-secret": "the app secret is missing, which webhooks are signed with: give it with"
    " 'helpdesk secret set {name}-app'",
    "meta.not-subscribed": "Meta does not tell our app what happens in this account: do"
    " that in Meta's app dashboard (webhooks), or with 'helpdesk channel change'",
    "meta.no-token": "Meta gave no new token: sign in to the account anew",
    "meta.other-number": "the id is that of {found}, not of {wanted}: take the phone number's own"
    " id from Meta's app dashboard",
    "meta.other-account": "the token is that of {found}, not of {wanted}: sign in to the other"
    " account",
    "meta.unreadable": "what came is nothing that Meta sends ({what})",
    "meta.upload-refused": "Meta did not take the file: try another type or a smaller one",
    "meta.unknown": "Meta refused it and did not say why",
    "meta.0": _LOGIN,
    "meta.1": _TEMPORARY,
    "meta.2": "trouble at Meta, or the customer has blocked us: nobody says which",
    "meta.3": "the token lacks a permission for messages: give a new one with all that"
    " docs/admins names",
    "meta.4": _BUSY,
    "meta.10": "the token lacks a permission for messages: give a new one with all that"
    " docs/admins names",
    "meta.17": _BUSY,
    "meta.32": _BUSY,
    "meta.100": "Meta does not understand the request: the log has its trace id",
    "meta.190": "the token has run out, or was withdrawn: give a new one with 'helpdesk channel"
    " password'",
    "meta.200": "the token lacks a permission for this account: give a new one with all that"
    " docs/admins names",
    "meta.368": "Meta has restricted the account for breaking its rules: its business manager says"
    " more",
    "meta.551": "this person cannot be written to now",
    "meta.613": _BUSY,
    "meta.80007": _BUSY,
    "meta.130429": _BUSY,
    "meta.130472": "Meta kept this one back for a test of its own: it will not arrive",
    "meta.131000": _TEMPORARY,
    "meta.131005": "the token may not use this number: give a new one with all that docs/admins"
    " names",
    "meta.131008": "something is missing from the request: the log has its trace id",
    "meta.131009": "Meta does not take a value of the request: the log has its trace id",
    "meta.131016": _TEMPORARY,
    "meta.131021": "that is our own number",
    "meta.131026": "it cannot be delivered: this number is not on WhatsApp, has an old version, or"
    " has blocked us; use SMS or email",
    "meta.131031": "Meta has locked the account: its business manager says why",
    "meta.131042": "Meta does not get paid: settle the payment of the WhatsApp account",
    "meta.131045": "our number is not registered with WhatsApp: finish that in Meta's dashboard",
    "meta.131047": "more than 24 hours since their last message: only a template may be sent",
    "meta.131048": "Meta limits our number because of complaints about spam: it is not tried again",
    "meta.131049": "Meta keeps this person from more marketing now: it is not tried again",
    "meta.131050": "this person has stopped marketing messages of ours on WhatsApp",
    "meta.131051": "WhatsApp does not carry messages of this type",
    "meta.131052": "the customer's file is gone from WhatsApp: ask them to send it again",
    "meta.131053": "WhatsApp does not take the file: try another type or a smaller one",
    "meta.131056": "too fast for this one person: it leaves in some seconds by itself",
    "meta.131057": "WhatsApp is being maintained: it is tried again by itself",
    "meta.132000": "the template takes another number of values",
    "meta.132001": "there is no such template in this language, or it is not approved yet",
    "meta.132005": "the template is too long with these values: shorten them",
    "meta.132007": "the template breaks a rule of WhatsApp: its business manager says which",
    "meta.132012": "a value does not fit the template: no line breaks and no long spaces",
    "meta.132015": "the template is paused for poor quality: choose another",
    "meta.132016": "the template was switched off for poor quality: choose another",
    "meta.133010": "our number is not registered with WhatsApp: finish that in Meta's dashboard",
    "meta.gone": "Meta does not know it any more, or the token may not see it",
    "meta.no-such-person": "this person is not known to our account on Instagram",
    "meta.outside-window": "the time for answers is over: until the customer writes again nothing"
    " can be sent",
}
"""Sentences of what Meta says by its numbers."""
