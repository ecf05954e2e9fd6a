"""The English sentences of error codes: what failed, on what, what to do. One table.

Everything else in the program passes codes and values; only screens and commands make sentences.
"""

from __future__ import annotations

from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.domain.text import clean

SENTENCES: dict[str, str] = {
    "agent.inactive": "agent {name} is no longer active: ask an administrator",
    "agent.missing": "no agent is named: use --agent NAME or set HELPDESK_AGENT",
    "agent.unknown": "there is no agent called {name}; 'helpdesk agent list' names them",
    "agent.exists": "there is already an agent called {name}",
    "agent.bad-name": "{name} is no agent name: use a-z, 0-9, - and _, a letter first",
    "argument.bad": "{name}: {value} is not valid: {hint}",
    "attachment.missing": "there is no attachment {id}",
    "attachment.no-folder": "{path} is no folder: make it first or name another",
    "attachment.unwritable": "the file cannot be written to {path}: {reason}",
    "bad-address": "{address} is no address that mail can be sent to: correct it",
    "bad-message-id": "{id} is no Message-ID that can be sent",
    "blob.missing": "the bytes of this file are gone from the store; 'helpdesk doctor' says more",
    "channel.exists": "there is already a channel called {name}",
    "channel.unknown": "there is no channel called {name}; 'helpdesk channel list' names them",
    "cursor.bad": "{value} is no cursor: take 'next' from the page before",
    "demo.failed": "the demo store could not be made in {path}: {reason}",
    "file.exists": "{path} already exists: choose another name",
    "file.missing": "{path} does not exist",
    "file.macros": "this file may hold macros that run when it is opened",
    "file.page": "this file is a web page: it can run scripts and fetch things",
    "file.program": "this file is a program",
    "file.script": "this file is a script",
    "file.shortcut": "this file is a shortcut that can start a program",
    "file.unreadable": "{path} cannot be read: {reason}",
    "file.unwritable": "{path} cannot be written: {reason}",
    "id.bad": "{value} is no id: ids are whole numbers",
    "init.exists": "{path} already holds a store; open it with 'helpdesk'",
    "init.key": "{key} is no key of init; known are {known}",
    "init.needs-terminal": "init asks questions: run it in a terminal or with --non-interactive",
    "message.missing": "there is no message {id}",
    "message.no-source": "the source of message {id} was not kept",
    "no-recipient": "the mail has no recipient: name one",
    "password.empty": "no password came in; nothing was saved",
    "password.needs-terminal": "no terminal to ask for the password: use --password-stdin or"
    " --password-command",
    "profile.missing": "there is no customer {id}",
    "query.missing-value": "a value is missing behind the colon",
    "query.no-comparison": "{field} takes no <, > or ~; only {known} do",
    "query.no-or": "OR is not understood: write tag:a,b for either",
    "query.no-words": "there is no word in this that can be looked for",
    "query.too-long": "this search is too long: use fewer words",
    "query.unclear-time": "{value} is no time; write it like {known}",
    "query.unknown-agent": "there is no agent {value}; known are {known}",
    "query.unknown-operator": "{field}: is not known; known are {known}",
    "query.unknown-tag": "there is no tag {value}; known are {known}",
    "query.unknown-value": "{field}: knows no {value}; known are {known}",
    "settings.not-allowed": "{name} is a setting of the whole desk: an administrator changes it",
    "store.broken": "the store in {path} cannot be used: {reason}; 'helpdesk doctor' says more",
    "store.busy": "the store in {path} is busy; try again",
    "store.full": "the disk of {path} is full: free some space, nothing was lost",
    "store.missing": "there is no store in {path}; 'helpdesk init' makes one",
    "store.newer": "the store is newer ({found}) than this program ({known}): update helpdesk",
    "store.open-to-all": "{path} is open to everybody on this machine: chmod o= it first",
    "store.outdated": "the store in {path} is from an older helpdesk: run 'helpdesk doctor'",
    "store.read-only": "the store in {path} is open for reading only",
    "store.unwritable": "the store in {path} cannot be written: {reason}",
    "text.missing": "no text: use --text, --file or - for standard input",
    "ticket.missing": "there is no ticket {id}",
    "ui.needs-terminal": "the UI needs a terminal: run helpdesk in one, or a command (--help)",
}
"""Code → template. Values are cleaned and filled in by name."""


class _Values(dict[str, str]):
    """Shows a value that was not given as ``?`` instead of failing on an error path."""

    def __missing__(self, key: str) -> str:
        return "?"


def sentence_of(code: str, **values: object) -> str:
    """Return the line of a code that did not come as an error."""
    return sentence(HelpdeskError(code, **values))


def sentence(error: HelpdeskError) -> str:
    """Return one line for people about ``error``."""
    template = SENTENCES.get(error.code)
    if template is None:
        return clean(str(error))
    return template.format_map(_Values({k: _shown(v) for k, v in error.values.items()}))


def _shown(value: object) -> str:
    """Return a value as it stands in a sentence: lists with commas, and nothing harmful."""
    parts = value if isinstance(value, tuple) else (value,)
    return clean(", ".join(str(part) for part in parts))
