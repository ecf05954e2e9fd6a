"""What the footer shows where: the keys that are wanted most, by the ids of the key table."""

from __future__ import annotations

from collections.abc import Mapping

from helpdesk_tui.widgets.language import MarkedKeys

FOOTERS: MarkedKeys[Mapping[str, tuple[tuple[str, tuple[str, ...]], ...]]] = {
    "list": (
        ("move", ("move.down", "move.up")),
        ("open", ("ticket.open",)),
        ("reply", ("ticket.reply",)),
        ("note", ("ticket.note",)),
        ("close", ("ticket.close",)),
        ("snooze", ("ticket.snooze",)),
        ("assign", ("ticket.assign",)),
        ("tag", ("ticket.tag",)),
        ("undo", ("app.undo",)),
        ("search", ("list.search",)),
    ),
    "marked": (
        ("mark", ("select.toggle",)),
        ("range", ("select.range",)),
        ("close", ("ticket.close",)),
        ("snooze", ("ticket.snooze",)),
        ("assign", ("ticket.assign",)),
        ("tag", ("ticket.tag",)),
        ("macro", ("ticket.macro",)),
        ("merge", ("ticket.merge",)),
        ("spam", ("ticket.spam",)),
        ("none", ("select.none",)),
    ),
    "thread": (
        ("message", ("message.next", "message.previous")),
        ("back", ("app.back",)),
        ("reply", ("ticket.reply",)),
        ("note", ("ticket.note",)),
        ("close", ("ticket.close",)),
        ("snooze", ("ticket.snooze",)),
        ("next ticket", ("ticket.next",)),
        ("open file", ("attachment.open",)),
        ("links", ("thread.links",)),
    ),
    "sidebar": (
        ("move", ("move.down", "move.up")),
        ("back", ("app.back",)),
        ("close sidebar", ("sidebar.toggle",)),
        ("reply", ("ticket.reply",)),
    ),
    "composer": (
        ("review and send", ("composer.review",)),
        ("reply ⇄ note", ("composer.kind",)),
        ("attach", ("composer.attach",)),
        ("recipients", ("composer.recipients",)),
        ("keep draft", ("composer.close",)),
    ),
    "note": (
        ("add note", ("composer.review",)),
        ("reply ⇄ note", ("composer.kind",)),
        ("attach", ("composer.attach",)),
        ("keep draft", ("composer.close",)),
    ),
    "intake": (
        ("move", ("move.down", "move.up")),
        ("make a ticket", ("intake.ticket",)),
        ("read", ("pane.right",)),
        ("back", ("app.back",)),
        ("dismiss", ("intake.dismiss",)),
        ("source", ("intake.source",)),
        ("restore", ("intake.restore",)),
        ("all", ("intake.everything",)),
    ),
    "mentions": (
        ("move", ("move.down", "move.up")),
        ("go there", ("mention.open",)),
        ("read", ("pane.right",)),
        ("seen", ("mention.seen",)),
        ("back", ("app.back",)),
    ),
    "addresses": (
        ("move", ("move.down", "move.up")),
        ("go on", ("address.open",)),
        ("read", ("pane.right",)),
        ("back", ("app.back",)),
        ("add", ("address.add",)),
        ("copy workspace", ("address.copy",)),
        ("test", ("address.test",)),
        ("off / on", ("address.toggle",)),
    ),
    "activity": (
        ("move", ("move.down", "move.up")),
        ("to the ticket", ("activity.open",)),
        ("read", ("pane.right",)),
        ("back", ("app.back",)),
        ("take back", ("activity.undo",)),
        ("filter", ("activity.filter",)),
        ("export", ("activity.export",)),
    ),
    "search": (
        ("search", ("ticket.open",)),
        ("cancel", ("composer.close",)),
    ),
}
"""What the footer shows where, most wanted first: a word and the actions whose keys it names."""
