"""What is said about the FAQ."""

from __future__ import annotations

from collections.abc import Mapping

from helpdesk_tui.widgets.words.language import Marked

FAQ_SENTENCES: Marked[Mapping[str, str]] = {
    "faq.bad-field": "“{name}” is no field of an entry, or holds the wrong kind of value",
    "faq.bad-key": "“{key}” is no key: use a-z, 0-9 and -, such as return-label",
    "faq.bad-language": "“{language}” is no language: write it as en or pt-BR",
    "faq.by-managers": "the FAQ is changed by managers: ask one",
    "faq.changed-meanwhile": "somebody else changed {key} ({language}) just now: open it again",
    "faq.column-missing": "the table has no column {name}",
    "faq.column-unknown": "there is no column “{name}”; there are {known}",
    "faq.empty": "an entry needs a question and an answer: {name} is empty",
    "faq.exists": "there is an entry {key} in {language} already: change it, or choose another key",
    "faq.file": "the file cannot be read: {reason}",
    "faq.missing": "there is no entry {id} in the FAQ any more",
    "faq.not-entries": "“{name}” is no entry: each begins with a line [[faq]]",
    "faq.too-long": "the {name} is too long: at most {limit} characters",
    "faq.unknown": "there is no entry {key} (language {language}) in the FAQ:"
    " 'helpdesk faq list' names them",
    "faq.which-language": "{key} stands in several languages: name one of {known} with --language",
}
