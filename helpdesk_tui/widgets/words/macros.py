"""The sentences about macros: codes of errors and findings, and what steps do, in plain English."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from helpdesk_tui.domain.messaging.parts import TemplateUse
from helpdesk_tui.domain.text import clean
from helpdesk_tui.widgets.words.language import N_, Marked, _, ngettext
from helpdesk_tui.widgets.words.locale_forms import short_moment
from helpdesk_tui.widgets.words.priority_names import priority_name

MACRO_SENTENCES: Marked[dict[str, str]] = {
    "macro.argument-missing": '{name} needs a value behind it, such as {name}: "there"',
    "macro.argument-unwanted": "{name} takes no value",
    "macro.bad-file": "{name} is no path of a file beside this one",
    "macro.bad-language": "{name} is no language here: write pl or pt_BR, each once",
    "macro.bad-tag": "{name} is no tag to add or take off: write +refund -new",
    "macro.asks-first": "it asks for “{action}”, which needs an agent's yes: use it in the inbox,"
    " on one ticket at a time",
    "macro.bad-value": "{name} cannot be {value}: use one of {known}",
    "macro.changed-meanwhile": "macro {name} was changed by somebody else meanwhile: look again",
    "macro.control": "{name} holds control characters: take them out",
    "macro.currency": "{currency} is no currency: write EUR",
    "macro.date-format": "{format} is no form of a date: use D, DD, MMM, MMMM, YYYY, HH:mm …",
    "macro.does-nothing": "it has neither a text nor an action",
    "macro.exists": "there is already a macro called {name}",
    "macro.export-json": "this is no JSON: {reason}",
    "macro.export-unknown": "this is no export of macros that is understood: Gorgias, Zendesk,"
    " Help Scout, Chatwoot and Zammad are",
    "macro.file-missing": "the file {name} of macro {macro} is not there",
    "macro.filter-misfit": "{name} does not fit a {kind}",
    "macro.hole": "nothing is known for {name}: fill it in, or give it a default",
    "macro.left-open": "{name} is left open here: no reply with it can be sent",
    "macro.logic": "{{% … %}} is not understood: there is no logic in macros",
    "macro.long-sms": "this text is sent as {segments} text messages ({encoding})",
    "macro.missing": "there is no macro {id}",
    "macro.name-is-group": "{name} has several parts: use one of {known}",
    "macro.never-unattended": "orders and subscriptions are never changed unattended: a macro that"
    " does cannot have the mode run",
    "macro.no-name": "a macro needs a name",
    "macro.no-text": "macro {name} has no text to reply with: helpdesk macro run does its actions",
    "macro.not-allowed": "only managers and administrators change macros: ask one",
    "macro.no-round-robin": "round-robin needs a rota that says whose turn it is, and there is"
    " none yet: name me, an agent (@anna), a team or none instead",
    "macro.not-there": "{action} cannot be done here yet: take it out of the macro",
    "macro.table": "this is no table of macros: {reason}",
    "macro.table-columns": "the table needs a column for names and one for texts; it has {found}",
    "macro.table-empty": "the table is empty",
    "macro.toml": "this is no TOML: {reason}",
    "macro.too-long": "this is too long: at most {limit} characters",
    "macro.too-many-files": "too many files: at most {limit}",
    "macro.too-many-filters": "too much behind one name: at most {limit}",
    "macro.unclosed": "this is not closed: }}}} is missing",
    "macro.unexpected": "{found} is not expected here",
    "macro.unknown": "there is no macro called {name}; near it: {known}",
    "macro.unknown-filter": "there is no {name}: use one of {known}",
    "macro.unknown-key": "{name} means nothing here: use one of {known}",
    "macro.unknown-name": "{name} is no name that is known; there is {known}",
    "macro.wrong-type": "{name} must be of kind {kind}",
}
"""Code → template, without the place, which goes before it."""

_STEPS: Marked[Mapping[str, str]] = {
    "note": "adds a note",
    "attach": "attaches {name}",
    "assign": "assigns it to {name}",
    "team": "gives it to the team {name}",
    "priority": "sets the priority to {priority}",
    "snooze": "snoozes it until {until}",
    "spam": "marks it as spam",
    "ask": "opens “{text}”, to be looked over",
}
_STATUS = N_({"close": "closes it", "open": "opens it"})

LOST: Marked[Mapping[str, str]] = {
    "variable": "{what} has no counterpart: left open in the text",
    "action": "not taken over: {what}",
    "file": "file not taken over: {what}",
    "inactive": "was switched off there",
}
"""What was lost on the way from another helpdesk."""

HOLES: Marked[Mapping[str, str]] = {
    "no-value": "nothing is known",
    "not-connected": "no service is connected that would know",
    "left-open": "left open in the macro",
}
"""Why a place could not be filled in."""


def step_words(name: str, values: Mapping[str, str]) -> str:
    """Return what one step of a macro does."""
    shown = {key: clean(value) for key, value in values.items()}
    if name == "priority":
        shown[name] = priority_name(shown[name])
    if name == "status":
        return _(_STATUS.get(shown.get("status", ""), ""))
    if name in ("tag", "untag"):
        count = len(shown["tags"].split())
        template = (
            ngettext("adds the tag {tags}", "adds the tags {tags}", count)
            if name == "tag"
            else ngettext("takes off the tag {tags}", "takes off the tags {tags}", count)
        )
        return template.format(tags=", ".join(shown["tags"].split()))
    if name == "snooze" and not shown["until"]:
        return _("snoozes it until the customer writes")
    if name == "snooze":
        shown["until"] = short_moment(datetime.fromisoformat(shown["until"]))
    return _(_STEPS[name]).format(**shown)


def steps_words(steps: Iterable[tuple[str, Mapping[str, str]]]) -> str:
    """Return what all steps of a macro do, in one line."""
    return ", ".join(step_words(name, values) for name, values in steps)


def lost_words(code: str, what: str) -> str:
    """Return what was lost of a macro of another helpdesk."""
    return _(LOST[code]).format(what=clean(what))


def template_words(template: TemplateUse) -> str:
    """Return that a text leaves as an approved template, which cannot be edited."""
    return _("leaves as the approved template {name} ({language})").format(
        name=clean(template.name), language=clean(template.language)
    )
