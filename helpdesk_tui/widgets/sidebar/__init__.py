"""The customer beside the thread: who they are, what they are worth, bought and did; the ticket."""

from helpdesk_tui.widgets.sidebar.layout import sidebar_rows as sidebar_rows
from helpdesk_tui.widgets.sidebar.parts import SidebarInput as SidebarInput
from helpdesk_tui.widgets.sidebar.view import Sidebar as Sidebar
