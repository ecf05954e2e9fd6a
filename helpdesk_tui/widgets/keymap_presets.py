"""Keymaps to start from: what they change in the table of keys."""

from __future__ import annotations

from collections.abc import Mapping

Changes = Mapping[str, tuple[str, ...]]
"""Keys by action, in the place of those of the table."""

GMAIL: Changes = {
    "ticket.open": ("enter", "o"),
    "attachment.open": ("O",),
    "attachment.gallery": ("g O",),
    "app.back": ("u", "q", "escape"),
    "ticket.reply-all": ("a", "R"),
    "ticket.assign": ("@",),
    "ticket.tag": ("l", "t"),
    "pane.right": ("right",),
    "pane.left": ("left",),
    "view.pick": ("v", "g l"),
    "go.outbox": ("g t", "g o"),
    "app.theme": ("g T",),
}
"""As in Gmail: ``o`` opens, ``u`` leads back, ``a`` replies to all, ``l`` labels."""

VIM: Changes = {
    "app.undo": ("u",),
    "app.redo": ("ctrl+r",),
    "app.sync": ("f5",),
    "app.back": ("q", "escape"),
    "app.palette": (":", "ctrl+p"),
    "move.page-down": ("ctrl+f", "space", "pagedown"),
    "message.next": ("}",),
    "message.previous": ("{",),
    "ticket.next-unread": ("n",),
    "ticket.next": ("] t", "J"),
    "ticket.previous": ("[ t", "K"),
    "attachment.next": ("] f",),
    "attachment.previous": ("[ f",),
    "pane.next": ("tab", "ctrl+w w"),
    "pane.left": ("h", "left", "ctrl+w h"),
    "pane.right": ("l", "right", "ctrl+w l"),
    "ticket.close": ("d d", "e"),
    "sidebar.toggle": ("z s",),
    "thread.quotes": ("z a", "Q"),
    "select.toggle": ("v", "x"),
    "view.pick": ("g b",),
    "go.sibling": ("g B",),
    "ticket.copy": ("y y",),
    "ticket.copy-title": ("y t",),
}
"""As in vim: ``u`` and ``ctrl+r`` undo and redo, ``v`` and ``V`` mark, ``d d`` closes."""

PRESETS: Mapping[str, Changes] = {"default": {}, "gmail": GMAIL, "vim-strict": VIM}
"""Every preset by its name; the default changes nothing."""
