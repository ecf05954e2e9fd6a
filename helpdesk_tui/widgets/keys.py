"""The one table of keys: bindings, footer, help, palette and the keymap file come from it.

A key is written as the terminal sends it: a character (``j``, ``!``), a name (``ctrl+d``, ``f5``,
``space``), or a sequence of those separated by blanks (``g i``, ``y y``).
"""

from __future__ import annotations

from collections.abc import Mapping

from helpdesk_tui.widgets.key_parts import Group, Key, Scope
from helpdesk_tui.widgets.words.language import N_

__all__ = [
    "BY_ID", "DESK_GROUPS", "KEYS", "SHARED", "SIDE_SCOPES", "WRITING_GROUPS", "Group", "Key",
    "Scope",
]  # fmt: skip


SHARED = ("move.", "app.back", "app.help", "app.quit", "pane.")
"""How actions of the inbox begin that mean the same in the lists beside it."""

SIDE_SCOPES = (
    Scope.INTAKE, Scope.ADDRESSES, Scope.DRAFTS, Scope.OUTBOX, Scope.MENTIONS, Scope.ACTIVITY,
    Scope.MACROS, Scope.SETTINGS, Scope.FAQ, Scope.CHANNELS, Scope.SOURCES,
    Scope.PROFILE,
)  # fmt: skip
"""The lists beside the inbox."""

DESK_GROUPS = (
    Group.MOVE, Group.GO, Group.FIND, Group.SELECT, Group.ACT, Group.CUSTOMER, Group.WRITE,
    Group.APP,
)  # fmt: skip
"""What the help of the inbox shows."""

WRITING_GROUPS = (Group.WRITE, Group.APP)
"""What it shows while a reply or a note is being written."""


def _key(id: str, keys: str, word: str, description: str, group: Group) -> Key:
    """Make an entry of the list, thread and sidebar; ``keys`` are separated by `` | ``."""
    return Key(id, tuple(keys.split(" | ")), word, description, group)


def _move(id: str, keys: str, word: str, description: str) -> Key:
    return Key(id, tuple(keys.split(" | ")), word, description, Group.MOVE, in_palette=False)


def _write(id: str, keys: str, word: str, description: str) -> Key:
    parts = tuple(keys.split(" | "))
    return Key(id, parts, word, description, Group.WRITE, Scope.COMPOSER, in_palette=False)


def _intake(id: str, keys: str, word: str, description: str) -> Key:
    parts = tuple(keys.split(" | "))
    return Key(id, parts, word, description, Group.INTAKE, Scope.INTAKE, in_palette=False)


def _address(id: str, keys: str, word: str, description: str) -> Key:
    parts = tuple(keys.split(" | "))
    return Key(id, parts, word, description, Group.ADDRESSES, Scope.ADDRESSES, in_palette=False)


def _channel(id: str, keys: str, word: str, description: str) -> Key:
    parts = tuple(keys.split(" | "))
    return Key(id, parts, word, description, Group.CHANNELS, Scope.CHANNELS, in_palette=False)


def _sources(id: str, keys: str, word: str, description: str) -> Key:
    parts = tuple(keys.split(" | "))
    return Key(id, parts, word, description, Group.SOURCES, Scope.SOURCES, in_palette=False)


def _profile(id: str, keys: str, word: str, description: str) -> Key:
    parts = tuple(keys.split(" | "))
    return Key(id, parts, word, description, Group.PROFILE, Scope.PROFILE, in_palette=False)


def _activity(id: str, keys: str, word: str, description: str) -> Key:
    parts = tuple(keys.split(" | "))
    return Key(id, parts, word, description, Group.ACTIVITY, Scope.ACTIVITY, in_palette=False)


def _macro(id: str, keys: str, word: str, description: str) -> Key:
    parts = tuple(keys.split(" | "))
    return Key(id, parts, word, description, Group.MACROS, Scope.MACROS, in_palette=False)


def _setting(id: str, keys: str, word: str, description: str) -> Key:
    parts = tuple(keys.split(" | "))
    return Key(id, parts, word, description, Group.SETTINGS, Scope.SETTINGS, in_palette=False)


def _faq(id: str, keys: str, word: str, description: str) -> Key:
    parts = tuple(keys.split(" | "))
    return Key(id, parts, word, description, Group.FAQ, Scope.FAQ, in_palette=False)


def _source(id: str, keys: str, word: str, description: str) -> Key:
    parts = tuple(keys.split(" | "))
    return Key(id, parts, word, description, Group.SOURCE, Scope.SOURCE, in_palette=False)


def _outbox(id: str, keys: str, word: str, description: str) -> Key:
    parts = tuple(keys.split(" | "))
    return Key(id, parts, word, description, Group.OUTBOX, Scope.OUTBOX, in_palette=False)


def _picture(id: str, keys: str, word: str, description: str) -> Key:
    parts = tuple(keys.split(" | "))
    return Key(id, parts, word, description, Group.PICTURES, Scope.PICTURES, in_palette=False)


def _draft(id: str, keys: str, word: str, description: str) -> Key:
    parts = tuple(keys.split(" | "))
    return Key(id, parts, word, description, Group.DRAFTS, Scope.DRAFTS, in_palette=False)


def _mention(id: str, keys: str, word: str, description: str) -> Key:
    parts = tuple(keys.split(" | "))
    return Key(id, parts, word, description, Group.MENTIONS, Scope.MENTIONS, in_palette=False)


KEYS: tuple[Key, ...] = (
    _move("move.down", "j | down", "down", "Next row or line"),
    _move("move.up", "k | up", "up", "Previous row or line"),
    _move("move.first", "g g | home", "top", "To the top"),
    _move("move.last", "G | end", "end", "To the end"),
    _move("move.half-down", "ctrl+d", "half page", "Half a page down"),
    _move("move.half-up", "ctrl+u", "half page", "Half a page up"),
    _move("move.page-down", "space | pagedown", "page", "A page down"),
    _move("move.page-up", "pageup", "page", "A page up"),
    _move("ticket.open", "enter", "open", "Open the ticket"),
    _move("app.back", "q | u | escape", "back", "Back: thread to list, search to view"),
    _move("ticket.next", "J", "next ticket", "Next ticket, staying in the thread"),
    _move("ticket.previous", "K", "previous ticket", "Previous ticket, likewise"),
    _move("message.next", "n", "next", "Next message"),
    _move("message.previous", "p", "previous", "Previous message"),
    _move("pane.next", "tab", "pane", "Next pane"),
    _move("pane.previous", "shift+tab", "pane", "Previous pane"),
    _move("pane.left", "h | left", "left", "Pane to the left"),
    _move("pane.right", "l | right", "right", "Pane to the right"),
    _key("ticket.next-unread", "N", "unread", "Next unread ticket", Group.MOVE),
    _key("go.mine", "g i", "mine", "My inbox", Group.GO),
    _key("go.unassigned", "g u", "unassigned", "Unassigned tickets", Group.GO),
    _key("go.all", "g a", "all", "All tickets", Group.GO),
    _key("go.spam", "g !", "spam", "Spam", Group.GO),
    _key("go.snoozed", "g s", "snoozed", "Snoozed tickets of this view", Group.GO),
    _key("go.closed", "g c", "closed", "Closed tickets of this view", Group.GO),
    _key("go.intake", "g x", "rejected", "Rejected and unusual mail", Group.GO),
    _key("go.named", "g n", "named", "Ticket this one names or is part of", Group.GO),
    _key("go.assistant", "g A", "assistant", "Chats that the assistant answers", Group.GO),
    _key("go.sibling", "g b", "also open", "What else of this customer is open", Group.GO),
    _key("go.number", "g #", "number", "Go to a ticket by its number", Group.GO),
    _key("go.mentions", "g @", "mentions", "Where I was mentioned", Group.GO),
    _key("go.drafts", "g d", "drafts", "My drafts", Group.GO),
    _key("go.outbox", "g o", "outbox", "Outbox: what still has to leave", Group.GO),
    _key("go.activity", "g v", "activity", "All that happened to the ticket", Group.GO),
    _key("go.desk-activity", "g V", "desk activity", "Everything that happened here", Group.GO),
    _key("go.macros", "g M", "macros", "Macros: make and change them", Group.GO),
    _key("go.faq", "g F", "FAQ", "FAQ: what visitors of chats may read", Group.GO),
    _key("go.settings", "g ,", "settings", "Settings", Group.GO),
    _key("go.channels", "g C", "channels", "Channels: state, test, off and on", Group.GO),
    _key("go.sources", "g S", "sources", "Sources of customer data", Group.GO),
    _key("go.addresses", "g m", "addresses", "Support addresses", Group.GO),
    *(
        Key(
            f"view.{pin}",
            (pin,),
            "view",
            "View on this key",
            Group.GO,
            in_palette=False,
            series="Views on these keys",
        )
        for pin in "123456789"
    ),
    _key("view.pick", "v", "views", "Pick a view", Group.GO),
    _key("view.keep", "+", "save view", "Save the list as a view, or change it", Group.GO),
    Key("view.delete", (), "delete view", "Delete the view that is open", Group.GO),
    Key("view.up", (), "view up", "Put the view that is open further up", Group.GO),
    Key("view.down", (), "view down", "Put the view that is open further down", Group.GO),
    _key("list.search", "/", "search", "Search tickets", Group.FIND),
    _key("list.narrow", "\\", "narrow", "Narrow by status, or order the list", Group.FIND),
    _key("select.toggle", "x", "mark", "Mark the ticket, or take the mark off", Group.SELECT),
    _key(
        "select.range",
        "V",
        "mark range",
        "Mark a range: here, then V again",
        Group.SELECT,
    ),
    _key("select.page", "* a", "mark page", "Mark what is on the screen", Group.SELECT),
    _key("select.all", "* A", "mark all", "Mark the whole list", Group.SELECT),
    _key("select.none", "* n", "mark none", "Take all marks off", Group.SELECT),
    _key("select.unread", "* u", "mark unread", "Mark the unread on the screen", Group.SELECT),
    _key("action.stop", "ctrl+x", "stop", "Stop what runs over many tickets", Group.SELECT),
    _key("action.skipped", "g k", "skipped", "What the last action left as it was", Group.GO),
    _key("action.repeat", ".", "again", "Do the last action again, here", Group.ACT),
    _key("ticket.reply", "r", "reply", "Reply to the customer", Group.ACT),
    _key("ticket.reply-all", "R", "reply all", "Reply to all who were on the mail", Group.ACT),
    _key("ticket.forward", "f", "forward", "Forward mail to somebody outside", Group.ACT),
    _key("ticket.note", "i", "note", "Write an internal note", Group.ACT),
    _key("ticket.close", "e", "close", "Close the ticket", Group.ACT),
    _key("ticket.reopen", "E", "reopen", "Reopen the ticket", Group.ACT),
    _key("ticket.status", "s", "status", "Change the status", Group.ACT),
    _key("ticket.snooze", "b", "snooze", "Snooze the ticket", Group.ACT),
    _key("ticket.hold", ";", "hold", "Ask a waiting visitor for patience", Group.ACT),
    _key("ticket.assign", "a", "assign", "Assign the ticket", Group.ACT),
    _key("ticket.take", "A", "take", "Take the ticket: assign it to me", Group.ACT),
    _key("ticket.tag", "t", "tag", "Change the tags", Group.ACT),
    _key("ticket.spam", "!", "spam", "Spam, or not spam", Group.ACT),
    _key("ticket.macro", "m", "macro", "Pick a macro", Group.ACT),
    _key("ticket.last-macro", "M", "last macro", "The macro used last", Group.ACT),
    _key("ticket.priority", "P", "priority", "Change the priority", Group.ACT),
    _key("ticket.watch", "w", "watch", "Watch the ticket, or stop watching", Group.ACT),
    Key("ticket.block", (), "block", "Block the sender, or unblock", Group.ACT),
    _key("ticket.unread", "U", "unread", "Mark as unread", Group.ACT),
    _key("ticket.merge", "&", "merge", "Merge the ticket into another one", Group.ACT),
    _key("ticket.split", "%", "split", "Split the ticket from this message on", Group.ACT),
    _key("ticket.keep-apart", "X", "keep apart", "Decline the offer to merge or split", Group.ACT),
    Key("ticket.unmerge", (), "unmerge", "Unmerge: take a ticket out again", Group.ACT),
    _key("app.undo", "z", "undo", "Undo, or take back a reply", Group.ACT),
    _key("app.redo", "Z", "redo", "Do again what was undone", Group.ACT),
    _key("ticket.copy", "y", "copy id", "Copy the ticket number", Group.ACT),
    _key("ticket.copy-title", "y y", "copy title", "Copy number and subject", Group.ACT),
    _key("ticket.copy-link", "y l", "copy link", "Copy a link to the ticket", Group.ACT),
    _key("ticket.pipe", "|", "pipe", "Pipe the ticket to a command", Group.ACT),
    _key("attachment.open", "o", "open file", "Open the attachment", Group.ACT),
    _key("attachment.save", "S", "save file", "Save the attachment", Group.ACT),
    _key("attachment.view", "g p", "view", "Look at the picture here, with zoom", Group.ACT),
    _key("attachment.gallery", "O", "gallery", "All files of the ticket", Group.ACT),
    _key("attachment.fetch", "F", "fetch again", "Fetch the file from the provider", Group.ACT),
    _key("thread.links", "L", "links", "Links of the thread", Group.ACT),
    _key("message.source", "g h", "source", "Message as it came, headers and all", Group.ACT),
    _key("thread.quotes", "Q", "quotes", "Show or hide all quotes and events", Group.ACT),
    _key("attachment.next", "]", "next file", "Choose the next file of the thread", Group.ACT),
    _key("attachment.previous", "[", "last file", "Choose the file before", Group.ACT),
    _key("message.retry", "T", "try again", "Send a reply that failed again", Group.ACT),
    _key("message.moment", "g w", "moment", "Change when a scheduled reply leaves", Group.ACT),
    _key("message.was-sent", "Y", "was sent", "Say that an uncertain reply did leave", Group.ACT),
    _key("sidebar.toggle", "d", "sidebar", "Customer sidebar on or off", Group.CUSTOMER),
    _key("sidebar.focus", "D", "customer", "Move into the sidebar", Group.CUSTOMER),
    _key("ticket.customer", "C", "customer is…", "Say who the customer is", Group.CUSTOMER),
    _key(
        "customer.profile", "g P", "profile", "All that is known of this customer", Group.CUSTOMER
    ),
    Key("customer.events", (), "events", "Choose which events are shown", Group.CUSTOMER),
    Key("customer.refresh", (), "refresh", "Ask the shop about them anew", Group.CUSTOMER),
    _key("customer.history", "H", "history", "All tickets of this customer", Group.CUSTOMER),
    Key("customer.link", (), "same person", "Link two profiles of one person", Group.CUSTOMER),
    _write("composer.review", "ctrl+o", "review", "Review before sending"),
    _write("composer.send", "enter", "send", "Send at once, in chats and messages"),
    _write("composer.take-back", "ctrl+u", "take back", "Take back what was just sent or put in"),
    _write("composer.kind", "ctrl+t", "reply ⇄ note", "Reply or note (separate drafts)"),
    _write("composer.attach", "ctrl+f", "attach", "Attach a file"),
    _write("composer.detach", "ctrl+n", "detach", "Take a file off again"),
    _write("composer.recipients", "ctrl+l", "recipients", "Change the recipients"),
    _write("composer.quote", "ctrl+y", "quote", "Quote, to answer between the lines"),
    _write("composer.macro", "ctrl+r", "macro", "Pick a macro"),
    _write("composer.editor", "ctrl+g", "editor", "Write in $EDITOR"),
    _write("composer.newline", "ctrl+j", "new line", "New line, whatever enter does"),
    _write("composer.close", "escape", "keep draft", "Put the draft away"),
    _key("app.sync", "f5 | ctrl+r", "sync", "Look for new mail now", Group.APP),
    _key("app.palette", "ctrl+p | :", "palette", "Every action by name", Group.APP),
    Key("app.available", (), "available", "Be available for new tickets, or away", Group.APP),
    _key("app.theme", "g t", "theme", "Next theme", Group.APP),
    Key("app.help", ("?",), "help", "The keys of this screen", Group.APP),
    Key(
        "app.help-anywhere", ("f1",), "help", "The same while writing", Group.APP, Scope.APP, False
    ),
    Key("app.quit", ("ctrl+q",), "quit", "Quit, naming what is unsent", Group.APP, Scope.APP),
    _intake("intake.ticket", "enter | t", "make a ticket", "Make a ticket of this mail"),
    _intake("intake.dismiss", "e", "dismiss", "Dismiss it: nothing has to be done"),
    _intake("intake.restore", "z", "restore", "Bring a dismissed one back"),
    _intake("intake.source", "v | V", "source", "Mail as it came, headers and all"),
    _intake("intake.everything", "a", "all", "Show dismissed ones too, or hide them"),
    _intake(
        "intake.forwarding", "f", "set up forwarding", "Support addresses and their forwarding"
    ),
    _address("address.open", "enter", "go on", "Go on with the set-up of this address"),
    _address("address.add", "a | n", "add", "Add a support address"),
    _address("address.copy", "y", "copy workspace", "Copy the workspace address"),
    _address("address.test", "t", "test", "Send a test mail through the forwarding"),
    _address("address.toggle", "o", "off / on", "Switch the address off, or on again"),
    _address("address.rename", "r", "rename", "Change the sender name"),
    _address("address.signature", "s", "signature", "Change the signature"),
    _address("address.remove", "x", "remove", "Remove an address that was never used"),
    _channel("channel.test", "t", "test", "Try the channel out, step by step"),
    _channel("channel.toggle", "o", "off / on", "Switch the channel off, or on again"),
    _channel("channel.copy", "y", "copy", "Copy its address or number"),
    _channel("channel.sync", "s", "fetch now", "Fetch and send at once"),
    _channel("channel.settings", "enter", "settings", "Open the settings of this channel"),
    _sources("sources.test", "t", N_("test"), N_("Try the source and each right of its key")),
    _sources(
        "sources.toggle", "e | o", N_("off / on"), N_("Ask the source no more, or ask it again")
    ),
    _sources("sources.open", "enter", N_("details"), N_("Its rights and settings")),
    _profile("profile.open", "enter", N_("open"), N_("Open the order, or go to the ticket")),
    _profile("profile.search", "/", N_("search"), N_("Search everything of this customer")),
    _profile("profile.events", "f", N_("events"), N_("Choose which events are shown")),
    _profile("profile.next-tab", "] | L", N_("next tab"), N_("The next tab")),
    _profile("profile.previous-tab", "[ | H", N_("last tab"), N_("The tab before")),
    _profile("profile.copy", "y", N_("copy"), N_("Copy what the cursor is on")),
    _profile("profile.browser", "o", N_("browser"), N_("Where it leads outside")),
    _activity("activity.open", "enter", "to the ticket", "Go to the ticket"),
    _activity("activity.undo", "z", "take back", "Take this change back, or do it again"),
    _activity("activity.filter", "/ | \\", "filter", "Filter by agent, kind, days or words"),
    _activity("activity.export", "S", "export", "Write what is listed to a file"),
    _outbox("outbox.open", "enter", N_("go there"), N_("Go to the message in its ticket")),
    _outbox("outbox.take-back", "z | x", N_("take back"), N_("Take it back into the draft")),
    _outbox("outbox.send-now", "y", N_("send now"), N_("Send it now, without waiting")),
    _outbox("outbox.reschedule", "s", N_("moment"), N_("Change when a scheduled reply leaves")),
    _outbox("outbox.retry", "T", N_("try again"), N_("Send one again that failed")),
    _outbox("outbox.was-sent", "Y", N_("was sent"), N_("Say that an uncertain one did leave")),
    _outbox("outbox.everybody", "a", N_("all / mine"), N_("Show everybody's, or mine only")),
    _macro("macro.edit", "enter | e", N_("change"), N_("Change the macro")),
    _macro("macro.new", "a", N_("new"), N_("Make a macro")),
    _macro("macro.copy", "c", N_("copy"), N_("Make one like it")),
    _macro("macro.file", "ctrl+g", N_("file"), N_("Change its file in $EDITOR")),
    _macro("macro.favourite", "*", N_("favourite"), N_("Put it on a key of mine, or off it")),
    _macro("macro.search", "/", N_("search"), N_("Find a macro")),
    _macro("macro.try", "t", N_("in ticket"), N_("Choose the ticket to show macros in")),
    _macro("macro.delete", "x | delete", N_("delete"), N_("Delete the macro")),
    _draft("draft.open", "enter | r", N_("go on"), N_("Go on writing")),
    _draft("draft.discard", "x | delete", N_("throw away"), N_("Throw the draft away")),
    _draft("draft.restore", "z", N_("bring back"), N_("Bring back what was thrown away")),
    _mention("mention.open", "enter", N_("go there"), N_("Go to the note; it counts as seen")),
    _mention("mention.seen", "e", N_("seen"), N_("Mark as seen and stay here")),
    _setting("settings.change", "enter | e", "change", "Change the setting"),
    _setting("settings.reset", "x | backspace", "default", "Put it back to its default"),
    _setting("settings.snippet", "y", "snippets", "Copy what the shop needs for the chat tab"),
    _setting("settings.next-tab", "] | L", "next tab", "The next tab"),
    _setting("settings.previous-tab", "[ | H", "last tab", "The tab before"),
    _faq("faq.edit", "enter | e", N_("change"), N_("Change the question")),
    _faq("faq.new", "a | n", N_("new"), N_("Write a question with its answer")),
    _faq("faq.translate", "t", N_("translate"), N_("Write it in another language")),
    _faq("faq.publish", "p", N_("publish / hide"), N_("Show it to visitors, or hide it")),
    _faq("faq.up", "<", N_("up"), N_("Move it up")),
    _faq("faq.down", ">", N_("down"), N_("Move it down")),
    _faq("faq.language", "]", N_("language"), N_("Show the next language")),
    _faq("faq.search", "/", N_("search"), N_("Find a question")),
    _faq("faq.remove", "x | delete", N_("remove"), N_("Take it out")),
    _faq("faq.restore", "z", N_("bring back"), N_("Bring back what was taken out last")),
    _source("source.headers", "h", "headers", "Show the headers only, or the whole source"),
    _source("source.browser", "b", "in browser", "Show the original in a browser, made harmless"),
    _source("source.save", "S", "save page", "Save the original as a harmless page"),
    _picture("picture.closer", "+ | =", N_("closer"), N_("Look closer")),
    _picture("picture.farther", "-", N_("farther"), N_("See more of it")),
    _picture("picture.whole", "0", N_("whole"), N_("See the whole picture")),
    _picture("picture.left", "left | h", N_("left"), N_("To the left")),
    _picture("picture.right", "right | l", N_("right"), N_("To the right")),
    _picture("picture.up", "up | k", N_("up"), N_("Up")),
    _picture("picture.down", "down | j", N_("down"), N_("Down")),
    _picture("picture.next", "n | ]", N_("next"), N_("The next file")),
    _picture("picture.previous", "p | [", N_("last"), N_("The file before")),
    _picture("picture.open", "enter | space", N_("look"), N_("Look at the chosen file closely")),
    _picture("picture.outside", "o", N_("more ways"), N_("Open it, copy its path or its command")),
    _picture("picture.mark", "x", N_("mark"), N_("Mark the file, or take the mark off")),
    _picture("picture.mark-all", "*", N_("mark all"), N_("Mark all files, or none")),
    _picture("picture.save", "S", N_("save"), N_("Save the file, or those that are marked")),
    _picture("picture.fetch", "F", N_("fetch again"), N_("Fetch it from the provider again")),
    _picture("picture.close", "q | escape | O", N_("back"), N_("Back to the ticket")),
)

BY_ID: Mapping[str, Key] = {key.id: key for key in KEYS}
