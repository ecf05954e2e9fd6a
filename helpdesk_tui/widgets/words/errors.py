"""The English sentences of error codes: what failed, on what, what to do. One table.

Everything else in the program passes codes and values; only screens and commands make sentences.
"""

from __future__ import annotations

from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.domain.text import clean
from helpdesk_tui.widgets.words.actions import ACTION_SENTENCES
from helpdesk_tui.widgets.words.address_errors import ADDRESS_SENTENCES
from helpdesk_tui.widgets.words.chat_errors import CHAT_SENTENCES
from helpdesk_tui.widgets.words.commerce import COMMERCE_SENTENCES
from helpdesk_tui.widgets.words.consent import CONSENT_SENTENCES
from helpdesk_tui.widgets.words.faq import FAQ_SENTENCES
from helpdesk_tui.widgets.words.files import FILE_SENTENCES
from helpdesk_tui.widgets.words.keymap import KEYMAP_SENTENCES
from helpdesk_tui.widgets.words.language import Marked, _
from helpdesk_tui.widgets.words.macros import MACRO_SENTENCES
from helpdesk_tui.widgets.words.mail_errors import MAIL_SENTENCES
from helpdesk_tui.widgets.words.media import MEDIA_SENTENCES
from helpdesk_tui.widgets.words.messaging import MESSAGING_SENTENCES
from helpdesk_tui.widgets.words.meta_errors import META_SENTENCES
from helpdesk_tui.widgets.words.ordering import ORDERING_SENTENCES
from helpdesk_tui.widgets.words.provider_errors import PROVIDER_SENTENCES, TWILIO_SENTENCES
from helpdesk_tui.widgets.words.relay_errors import RELAY_SENTENCES
from helpdesk_tui.widgets.words.settings import SETTING_SENTENCES
from helpdesk_tui.widgets.words.shop_errors import SHOP_SENTENCES
from helpdesk_tui.widgets.words.source_errors import NEEDS, SOURCE_SENTENCES
from helpdesk_tui.widgets.words.subscription_errors import SUBSCRIPTION_SENTENCES
from helpdesk_tui.widgets.words.views import VIEW_SENTENCES

SENTENCES: Marked[dict[str, str]] = {
    **ACTION_SENTENCES,
    **ADDRESS_SENTENCES,
    **VIEW_SENTENCES,
    **CHAT_SENTENCES,
    **FAQ_SENTENCES,
    **MACRO_SENTENCES,
    **MAIL_SENTENCES,
    **KEYMAP_SENTENCES,
    **SETTING_SENTENCES,
    **RELAY_SENTENCES,
    **PROVIDER_SENTENCES,
    **TWILIO_SENTENCES,
    **META_SENTENCES,
    **MESSAGING_SENTENCES,
    **MEDIA_SENTENCES,
    **FILE_SENTENCES,
    **ORDERING_SENTENCES,
    **COMMERCE_SENTENCES,
    **CONSENT_SENTENCES,
    **SHOP_SENTENCES,
    **SOURCE_SENTENCES,
    **SUBSCRIPTION_SENTENCES,
    "agent.bad-name": "{name} is no agent name: use a-z, 0-9, - and _, a letter first",
    "agent.bad-role": "{role} is no role: use one of {known}",
    "agent.exists": "there is already an agent called {name}",
    "agent.inactive": "agent {name} is no longer active: ask an administrator",
    "agent.missing": "no agent is named: use --agent NAME or set HELPDESK_AGENT",
    "agent.unknown": "there is no agent called {name}; 'helpdesk agent list' names them",
    "argument.bad": "{name}: {value} is not valid: {hint}",
    "bulk.ids-and-query": "name tickets or give --query, not both",
    "bulk.only-query": "--dry-run and --yes go with --query",
    "bulk.needs-yes": "nobody can be asked here: add --yes to do it to {count} tickets",
    "argument.missing": "something is missing: give {name}",
    "attachment.missing": "there is no attachment {id}",
    "attachment.no-folder": "{path} is no folder: make it first or name another",
    "attachment.not-a-file": "{path} is no regular file: only those can be attached",
    "attachment.server-limit": "{name} makes a mail of {size} bytes, the mail server takes {limit}:"
    " take a file off, or send a link to it",
    "attachment.terminal": "a file's bytes do not belong on a terminal: use -o FILE or a pipe",
    "attachment.too-large": "{name} makes {size} bytes, {channel} carries {limit}: send a"
    " smaller file or a link",
    "attachment.unwritable": "the file cannot be written to {path}: {reason}",
    "backup.broken": "the backup cannot be used: {reason}; nothing was restored",
    "backup.failed": "no copy of the store could be made in {path}: {reason}",
    "backup.without": "{name} of ticket {ticket} is gone from the store, so no copy holds it:"
    " 'helpdesk doctor' says how to take it from an older backup",
    "bad-address": "{address} is no address that mail can be sent to: correct it",
    "bad-message-id": "{id} is no Message-ID that can be sent",
    "blob.missing": "the bytes of this file are gone from the store; 'helpdesk doctor' says more",
    "block.missing": "{address} is not blocked: helpdesk block list names who is",
    "block.no-address": "its customer has no address that could be blocked",
    "block.own-address": "its customer is one of our own addresses and cannot be blocked",
    "change.unknown": "there is nothing to undo under {id}",
    "channel.bad-site": "{site} is no id of a site: use letters, digits, - and _",
    "channel.bad-name": "{name} is no channel name: use a-z, 0-9, dot, - and _",
    "channel.ca-file": "the CA file {path} cannot be used: {reason}",
    "channel.exists": "there is already a channel called {name}",
    "channel.host-missing": "{setting} is missing or no host name: name the mail server",
    "channel.internal": "the channel failed inside: the log of the store says why",
    "channel.not-saved": "nothing was saved for {name}, because a step failed: correct it, or add"
    " --no-test",
    "channel.number-wrong": "{setting}: {value} is no number",
    "channel.plain-refused": "{host} without encryption is refused: use implicit TLS or starttls",
    "channel.port-wrong": "{setting}: {value} is no port; ports are 1 to 65535",
    "channel.secret-in-settings": "{name} is a secret and does not belong into settings: use the"
    " password options",
    "channel.security-unknown": "{setting}: {value} is unknown; use tls, starttls or none",
    "channel.settings-broken": "the settings of the channel cannot be read: {reason}; connect it"
    " again",
    "channel.unknown": "there is no channel called {name}; 'helpdesk channel list' names them",
    "channel.unknown-kind": "there is no kind of channel called {channel}",
    "config.broken": "{path} cannot be understood: {reason}",
    "config.missing": "the configuration {path} does not exist",
    "config.secret": "{path}: {key} looks like a secret; name a command that prints it instead",
    "config.unknown-key": "{path}: {key} means nothing here; correct or remove it",
    "config.unreadable": "{path} cannot be read: {reason}",
    "config.wrong-type": "{path}: {key} must be of kind {kind}",
    "cursor.bad": "{value} is no cursor: take 'next' from the page before",
    "customer.own-address": "{address} is one of our own addresses: name the customer's",
    "customer.same": "is this customer's already",
    "demo.no-web": "the sample shop and its chat do not start here; the rest of the demo does",
    "draft.back": "what could not be saved last time is back in the drafts of {tickets}",
    "draft.not-rescued": "what was typed could be saved neither in the store nor in a file:"
    " {reason}",
    "draft.rescued": "what was typed could not be saved in the store; it is kept in {path} and goes"
    " back into its drafts at the next start",
    "draft.still-in-file": "what was typed last time cannot be put back into its draft; it stands"
    " in {path}",
    "file.exists": "{path} already exists: choose another name",
    "file.macros": "this file may hold macros that run when it is opened",
    "file.missing": "{path} does not exist",
    "file.page": "this file is a web page: it can run scripts and fetch things",
    "file.program": "this file is a program",
    "file.script": "this file is a script",
    "file.shortcut": "this file is a shortcut that can start a program",
    "file.unreadable": "{path} cannot be read: {reason}",
    "file.unwritable": "{path} cannot be written: {reason}",
    "forward.no-recipient": "a forward needs somebody to go to: name an address",
    "id.bad": "{value} is no id: ids are whole numbers",
    "init.exists": "{path} already holds a store; open it with 'helpdesk'",
    "init.key": "{key} is no key of init; known are {known}",
    "init.needs-terminal": "init asks questions: run it in a terminal or with --non-interactive",
    "intake.customer-missing": "mail {id} does not say whose it is: name the customer"
    " with --customer ADDRESS",
    "intake.missing": "nothing in the intake list has the id {id}",
    "job.failed": "the worker could not do it: the log of the store says why",
    "job.late": "no worker did it in time: does 'helpdesk sync' run?",
    "job.missing": "there is no job {id}",
    "job.unknown": "the worker does not know the job {kind}: update and restart it",
    "merge.itself": "a ticket cannot be merged into itself",
    "merge.not-merged": "ticket {id} is not merged into another one",
    "merge.other-channel": "SMS and WhatsApp tickets merge only with tickets of their own channel",
    "merge.other-customer": "it belongs to another customer: correct the customer first",
    "merge.sending": "a reply of it is just leaving: try again once it is sent",
    "merge.spam": "one of them is spam: correct that first",
    "message.missing": "there is no message {id}",
    "message.no-source": "the source of message {id} was not kept",
    "message.unknown": "there is no message {message_id}",
    "no-recipient": "the mail has no recipient: name one",
    "note.answered": "a colleague wrote since: the note stays",
    "note.missing": "the note is gone already",
    "note.not-yours": "only who wrote a note can take it back",
    "note.empty": "the note is empty: write something first",
    "original.failed": "this mail could not be made into a page; V shows its source",
    "outbox.lost-claim": "message {id} was taken over by another worker",
    "app.unforeseen": "something went wrong inside helpdesk, nothing was lost: the log says what",
    "restore.uncertain": "it was on its way when the backup was made and may have left since: ask"
    " the customer, or send it again",
    "outbox.uncertain": "nobody knows whether this left, and the Sent folder does not hold it: ask"
    " the customer, or send it again",
    "password.empty": "no password came in; nothing was saved",
    "password.needs-terminal": "no terminal to ask for the password: use --password-stdin or"
    " --password-command",
    "profile.linked": "customer {id} is linked to customer {into} already: unlink that first",
    "profile.missing": "there is no customer {id}",
    "profile.not-linked": "customer {id} is linked to nobody",
    "profile.same": "customer {id} is that customer already: name two of them",
    "query.bad-pattern": "{value} cannot be used: no repeated or named groups, at most two * or"
    " +, nothing that looks back or around",
    "query.empty-brackets": "there is nothing between these brackets",
    "query.empty-side": "something is missing beside this OR",
    "query.inside-brackets": "{field}: is about the whole list: write it outside of brackets",
    "query.missing-value": "a value is missing behind the colon",
    "query.no-comparison": "{field} takes no <, > or ~; only {known} do",
    "query.no-level": "there is no priority like that; from low to high they are {known}",
    "query.no-pattern": "{field} takes no ~; only {known} do",
    "query.no-shop": "{field}: {value} cannot be told: no shop is connected yet",
    "query.no-words": "there is no word in this that can be looked for",
    "query.not-negated": "{field}: cannot be turned around by -",
    "query.not-yet": "{field}: cannot be told yet",
    "query.one-value": "{field}: stands once, with one value",
    "query.place-needs-words": "in:{value} says where to look: add a word to look for",
    "query.stray-bracket": "this bracket closes nothing: put it into quotation marks, or remove it",
    "query.too-deep": "there are too many brackets inside of brackets",
    "query.too-long": "this search is too long: use fewer words",
    "query.unclear-limit": "{value} is no number of tickets from 1 to 1000",
    "query.unclear-number": "{value} is no number; write it like 10, >10 or 2..5",
    "query.unclear-phone": "{value} holds no digit of a telephone number",
    "query.unclear-size": "{value} is no size; write it like 500kb or 5mb",
    "query.unclear-time": "{value} is no time; write it like {known}",
    "query.unfinished": "this is not finished; it goes on like {known}",
    "query.unknown-agent": "there is no agent {value}; known are {known}",
    "query.unknown-agent-like": "there is no agent {value}: did you mean {like}?",
    "query.unknown-operator": "{field}: is not known; known are {known}",
    "query.unknown-operator-like": "{field}: is not known: did you mean {like}:?",
    "query.unknown-segment": "there is no segment {value}; known are {known}",
    "query.unknown-segment-like": "there is no segment {value}: did you mean {like}?",
    "query.unknown-tag": "there is no tag {value}; known are {known}",
    "query.unknown-tag-like": "there is no tag {value}: did you mean {like}?",
    "query.unknown-team": "there is no team {value}; known are {known}",
    "query.unknown-team-like": "there is no team {value}: did you mean {like}?",
    "query.unknown-value": "{field}: knows no {value}; known are {known}",
    "query.unknown-value-like": "{field}: knows no {value}: did you mean {like}?",
    "reply.already-sent": "message {id} is {state} already and cannot be taken back",
    "reply.channel-closed": "{channel} cannot be answered from here yet",
    "reply.customer-wrote": "{name} wrote in ticket {id} meanwhile: read that first",
    "reply.empty": "the reply is empty: write something first",
    "reply.hole": "the text still has {name} to be filled in: write it or take it out",
    "reply.no-mailbox": "no {channel} mailbox is connected that could send: helpdesk channel add",
    "reply.no-recipient": "ticket {id} has no address to reply to: name one",
    "reply.not-failed": "message {id} is {state}: only failed ones are sent again",
    "reply.not-participant": "{address} takes no part in this ticket: replies go to its people"
    " only",
    "reply.not-scheduled": "message {id} is {state}: only scheduled ones have a moment to change",
    "reply.not-unknown": "message {id} is {state}: there is nothing to decide",
    "reply.not-waiting": "message {id} is {state}: it does not wait for anything",
    "reply.not-yours": "message {id} is a colleague's: ask them to take it back",
    "reply.overtaken": "{agent} replied to ticket {id} meanwhile: read that first",
    "reply.own-address": "{address} is our own: a reply would come back to us",
    "restore.not-empty": "{path} is not empty: restore into a new folder",
    "erase.busy": "customer {id} has a chat, a message or a change of an order under way: wait for"
    " its end",
    "erase.needs-yes": "nobody can be asked here: add --yes to erase customer {id} for good",
    "role.owner-needed": "this needs the role owner, yours is {role}: ask one of them",
    "role.admin-needed": "this needs the role admin or owner, yours is {role}: ask one of them",
    "schedule.past": "{text} is over already: name a moment to come",
    "relay.nonsense": "the relay said something that this program does not understand ({what}):"
    " are both of the same version?",
    "relay.token-missing": "the relay's token is needed: give it with --token-stdin, or as the"
    " secret {name}",
    "secret.by-channel": "{name} is kept by a command of its own: {command}",
    "secret.empty": "no secret came in; nothing was saved",
    "secret.needs-terminal": "no terminal to ask for the secret: use --stdin",
    "secret.unknown": "no secret is called {name}; known are {known}",
    "secret.bad-name": "{name} is no name of a secret",
    "secret.not-in-json": "a secret is not printed as JSON: leave --json out",
    "secret.command-failed": "the password command {command} failed: {reason}",
    "secret.command-shared": "the store is shared, so the command of {name} must stand in {path}"
    " under [secrets]",
    "secret.elsewhere": "the password of {name} comes from the {place}: change it there",
    "secret.file-broken": "{path} cannot be understood as TOML: correct it",
    "secret.file-not-ours": "{path} does not belong to this user: refused",
    "secret.file-open": "{path} can be read by others: chmod 600 it first",
    "secret.missing": "there is no password for {name}: helpdesk channel password {name}, or set"
    " {variable}",
    "secret.missing-relay": "the token of the relay is not known: helpdesk secret set {name}, or"
    " set {variable}",
    "secret.no-keyring": "this keyring keeps no secrets safely ({backend}); use a command or the"
    " file",
    "secret.unreadable": "the secrets in {path} cannot be read",
    "snooze.never-ends": "{text} would never end: leave out the ! or name a moment",
    "snooze.past": "{text} is over already: name a moment to come",
    "snooze.too-far": "{text} is more than ten years away",
    "snooze.unclear": "{text} is no moment: write 2h, tomorrow 9:00, mon or 2026-12-01",
    "split.nothing-left": "nothing would stay in ticket {id}: split off fewer messages",
    "split.only-notes": "a note alone makes no ticket: split from a message",
    "split.one-per-person": "a person has one {channel} ticket: it cannot be split",
    "store.address": "stores of the kind {address} are not supported yet: name a folder",
    "store.broken": "the store in {path} cannot be used: {reason}; 'helpdesk doctor' says more",
    "store.busy": "the store in {path} is busy; try again",
    "store.full": "the disk of {path} is full: free some space, nothing was lost",
    "store.missing": "there is no store in {path}; 'helpdesk init' makes one",
    "store.newer": "the store is newer ({found}) than this program ({known}): update helpdesk",
    "store.open-to-all": "{path} is open to everybody on this machine: chmod o= it first",
    "store.outdated": "the store in {path} is from an older helpdesk: run 'helpdesk doctor'",
    "store.read-only": "the store in {path} is open for reading only",
    "store.unwritable": "the store in {path} cannot be written: {reason}; run as the user it"
    " belongs to, on a disk that can be written",
    "sync.busy": "the running worker did not answer in time: is it hanging? See the log",
    "tag.invalid": "{name} cannot be a tag: one word, at most {longest} characters, no comma",
    "tag.none": "no tag is named",
    "team.bad-name": "{name} cannot name a team: small letters, digits, - and _, a letter first;"
    " not me, none or team",
    "team.exists": "there is a team {name} already",
    "team.in-use": "team {name} still has {count} tickets: give them to somebody else first",
    "team.unknown": "there is no team {name}: helpdesk team list names them all",
    "text.missing": "no text: use --text, --file or - for standard input",
    "ticket.already-assigned": "is assigned so already",
    "ticket.already-blocked": "its sender is blocked already",
    "ticket.already-closed": "is closed already",
    "ticket.already-open": "is open already",
    "ticket.already-priority": "has this priority already",
    "ticket.already-read": "is read already",
    "ticket.already-snoozed": "is snoozed so already",
    "ticket.already-spam": "is spam already",
    "ticket.already-tagged": "has these tags already",
    "ticket.already-unread": "is unread already",
    "ticket.already-watched": "is watched already",
    "ticket.changed-meanwhile": "was changed by somebody else meanwhile: look again",
    "ticket.no-offer": "nothing is offered in this ticket",
    "ticket.merged": "ticket {id} was merged into another one",
    "ticket.missing": "there is no ticket {id}",
    "ticket.not-blocked": "its sender is not blocked",
    "ticket.not-due": "its snooze has not ended",
    "ticket.not-spam": "is not spam",
    "ticket.not-tagged": "does not have these tags",
    "ticket.no-number": "{text} names no ticket: write 42, #42 or helpdesk://ticket/42",
    "ticket.not-watched": "is not watched",
    "token.needs-terminal": "no terminal to ask for the secret: use --token-stdin",
    "ui.needs-terminal": "the UI needs a terminal: run helpdesk in one, or a command (--help)",
    "undo.changed-since": "was changed since: nothing was undone",
    "activity.bad-kind": "there is no kind {text} of activity; there are: {known}",
    "activity.bad-time": "{text} is no day or time; write it like: {known}",
    "argument.clash": "only one of these at a time: {names}",
    "undo.nothing": "there is nothing of yours to undo",
    "undo.unasked": "nobody is there to be asked: add --yes, or name the change: {change}",
    "agent.last-owner": "a desk needs an owner: make somebody else one first",
    "agent.owners-only": "only an owner makes and unmakes owners",
    "undo.already-undone": "was undone already: nothing more was done",
    "undo.not-again": "cannot be done again: its text is a draft again, or gone",
    "zone.unknown": "{zone} is no time zone: write it as Europe/Warsaw",
}
"""Code → template. Values are cleaned and filled in by name."""


_TROUBLES: Marked[dict[str, str]] = {
    "busy": "the server is busy",
    "20003": "the login was refused",
    "certificate": "the certificate is not trusted",
    "credentials": "the login was refused",
    "folder-missing": "the folder is missing",
    "login-refused": "the login was refused",
    "lost": "the connection broke",
    "missing": "the password is missing",
    "no-starttls": "the server offers no STARTTLS",
    "nonsense": "the server says what cannot be understood",
    "refused": "the server refused a command",
    "slow": "the server does not answer in time",
    "tls": "no secure connection",
    "unreachable": "the server cannot be reached",
}
"""Last part of a code → what it means where only the code of a channel's trouble was kept."""


def channel_trouble(code: str) -> str:
    """Return in a few words why a channel does not work, from the code that was kept of it."""
    side, _dot, kind = code.partition(".")
    words = _TROUBLES.get(kind)
    if words is None:
        return clean(code)
    words = _(words)
    return f"{side.upper()}: {words}" if side in ("imap", "smtp") else words


def address_trouble(code: str, address: str) -> str:
    """Return why a support address does not work, from the code that was kept of it."""
    if not code:
        return ""
    return (
        sentence_of(code, address=address) if code.startswith("address.") else channel_trouble(code)
    )


class _Values(dict[str, str]):
    """Shows a value that was not given as ``?`` instead of failing on an error path."""

    def __missing__(self, key: str) -> str:
        return "?"


def sentence_of(code: str, **values: object) -> str:
    """Return the line of a code that did not come as an error."""
    return sentence(HelpdeskError(code, **values))


def sentence(error: HelpdeskError, **known: object) -> str:
    """Return one line for people about ``error``.

    Args:
        error: What went wrong.
        known: What the error does not say itself, such as which ``source`` it is about.
    """
    template = SENTENCES.get(error.code)
    if template is None:
        return clean(str(error))
    values = {**known, **error.values}
    return _(template).format_map(_Values({k: _shown(k, v) for k, v in values.items()}))


def _shown(name: str, value: object) -> str:
    """Return a value as it stands in a sentence: lists with commas, and nothing harmful."""
    if value in NEEDS.values():
        value = _(str(value))
    parts = value if isinstance(value, tuple) else (value,)
    said = clean(", ".join(str(part) for part in parts))
    # what others said ends like a sentence of theirs; ours goes on behind it
    return said.rstrip(" .;") if name in ("text", "reason") else said
