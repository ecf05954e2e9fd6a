"""How the panes of the inbox share the width: one at a time, two, or all side by side."""

from __future__ import annotations

BREAKPOINTS = (
    (0, "-narrow"),
    (100, "-medium"),
    (140, "-wide"),
)
"""The class the screen has from a width on."""

LAYOUT = """
InboxScreen { layers: base side cover; background: $background; }
InboxScreen #body { height: 1fr; }
InboxScreen #list-pane { width: 1fr; background: $background; }
InboxScreen Rail { display: none; }
InboxScreen.-medium #list-pane { width: 43%; max-width: 56; }
InboxScreen.-wide #list-pane {
    width: 26%; min-width: 34; max-width: 52; border-left: solid $rules;
}
InboxScreen.-wide Rail { display: block; }
InboxScreen ThreadPane { width: 1fr; border-left: solid $rules; }
InboxScreen Sidebar {
    width: 21%; min-width: 28; max-width: 38; border-left: solid $rules; display: none;
}
InboxScreen.-wide.-with-sidebar Sidebar { display: block; }
InboxScreen.-medium.-on-sidebar Sidebar {
    display: block; layer: side; dock: right; width: 42; max-width: 42;
}
InboxScreen.-narrow ThreadPane { display: none; border-left: none; }
InboxScreen.-narrow Sidebar { display: none; border-left: none; }
InboxScreen.-narrow.-on-thread ThreadPane { display: block; }
InboxScreen.-narrow.-on-thread #list-pane { display: none; }
InboxScreen.-narrow.-on-sidebar Sidebar { display: block; width: 1fr; max-width: 100%; }
InboxScreen.-narrow.-on-sidebar #list-pane { display: none; }
InboxScreen.-tiny TooSmall { display: block; }
"""
