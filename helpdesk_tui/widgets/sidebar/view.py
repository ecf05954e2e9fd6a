"""The sidebar on the screen: draws its rows, and has a cursor once it is gone into."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, tzinfo

from textual import events
from textual.geometry import Region, Size
from textual.strip import Strip

from helpdesk_tui.domain.commerce.context import CustomerContext
from helpdesk_tui.domain.customers import Profile
from helpdesk_tui.domain.ticket_details import TicketDetail
from helpdesk_tui.widgets.ink import Ink, Palette, Span, Tone
from helpdesk_tui.widgets.line_view import LineView
from helpdesk_tui.widgets.sidebar.layout import sidebar_rows
from helpdesk_tui.widgets.sidebar.parts import BLANK, Rows, SidebarInput, SideRow
from helpdesk_tui.widgets.sidebar.targets import Target, TargetKind

_INDENT = 2


class Sidebar(LineView, can_focus=True):
    """Draws the sections; ``enter`` on a row says what it is about."""

    DEFAULT_CSS = """
    Sidebar {
        background: $background; scrollbar-size-vertical: 1; scrollbar-size-horizontal: 0;
        scrollbar-gutter: stable; overflow-x: hidden;
        scrollbar-background: $background; scrollbar-background-hover: $background;
        scrollbar-background-active: $background;
        scrollbar-color: $selection; scrollbar-color-hover: $selection;
        scrollbar-color-active: $dim;
    }
    """

    def __init__(
        self,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        zone: tzinfo | None = None,
        is_plain: bool = False,
        is_whole: bool = False,
        id: str | None = None,
    ) -> None:
        super().__init__(id=id)
        self._now = now
        self._zone = zone
        self._is_plain = is_plain
        self._is_whole = is_whole
        self._shown: tuple[TicketDetail | None, Profile | None] | None = None
        self._known: CustomerContext | None = None
        self._filter_name = ""
        self._rows: Rows = []
        self._opened: frozenset[str] = frozenset()
        self._at: Target | None = None
        self._colors: tuple[str, Palette] | None = None
        self.chosen: Callable[[Target], object] = _nothing
        """Takes what ``enter`` was pressed on; whole sections are shown without it."""

    # what is shown ---------------------------------------------------------------------------

    def show(
        self,
        detail: TicketDetail | None,
        profile: Profile | None,
        context: CustomerContext | None = None,
        filter_name: str = "",
    ) -> None:
        """Show a ticket and its customer; the cursor stays on what it stood on."""
        if detail is None and profile is None:
            self.clear()
            return
        if not self._is_same(detail, profile):
            self._opened, self._at = frozenset(), None
            self.scroll_to(y=0, animate=False, immediate=True, force=True)
        self._shown = (detail, profile)
        self._known = context
        self._filter_name = filter_name
        self._lay_out()

    def _is_same(self, detail: TicketDetail | None, profile: Profile | None) -> bool:
        if self._shown is None:
            return False
        before, person = self._shown
        if detail is not None and before is not None:
            return detail.row.id == before.row.id
        return (
            before is detail
            and profile is not None
            and person is not None
            and (profile.id == person.id)
        )

    def clear(self) -> None:
        """Show nothing."""
        self._shown, self._known, self._at = None, None, None
        self._lay_out()

    @property
    def known(self) -> CustomerContext | None:
        """What is shown of the sources."""
        return self._known

    @property
    def profile(self) -> Profile | None:
        """Whose it is."""
        return self._shown[1] if self._shown is not None else None

    def tick(self) -> None:
        """Let ages and the time over there move on."""
        self._lay_out()

    # the cursor ------------------------------------------------------------------------------

    @property
    def current(self) -> Target | None:
        """What the cursor stands on, while the sidebar has the keys."""
        return self._at if self.has_focus else None

    def move(self, by: int) -> None:
        """Move the cursor by some things."""
        targets = self._targets
        if not targets:
            self.scroll_relative(y=by, animate=False)
            return
        place = self._place(targets)
        to = max(0, min(place + by, len(targets) - 1))
        if to == place:
            # nothing more to choose, but perhaps something to read
            self.scroll_relative(y=by, animate=False)
            return
        self._go(targets[to], is_first=to == 0, is_last=to == len(targets) - 1)

    def page(self, share: float) -> None:
        """Move the cursor by a share of what is on the screen."""
        targets = self._targets
        if not targets:
            self.scroll_relative(y=round(self.size.height * share), animate=False)
            return
        here = next((y for y, one in enumerate(self._rows) if self._is_here(one)), 0)
        wanted = here + round(self.size.height * share)
        lines = {y: one.target for y, one in enumerate(self._rows) if one.target is not None}
        near = min(lines, key=lambda y: abs(y - wanted))
        target = lines[near]
        if target is not None:
            self._go(
                target,
                is_first=target.is_same(targets[0]),
                is_last=target.is_same(targets[-1]),
            )

    def _place(self, targets: list[Target]) -> int:
        return next((at for at, one in enumerate(targets) if one.is_same(self._at)), 0)

    @property
    def _targets(self) -> list[Target]:
        """What can be stood on, from the top."""
        out: list[Target] = []
        for one in self._rows:
            if one.target is not None and not (out and out[-1].is_same(one.target)):
                out.append(one.target)
        return out

    def _is_here(self, one: SideRow) -> bool:
        return one.target is not None and one.target.is_same(self._at)

    def _go(self, target: Target, *, is_first: bool = False, is_last: bool = False) -> None:
        before, self._at = self._lines_here(), target
        lines, top = self._lines_here(), self.scroll_offset.y
        if lines:
            first = 0 if is_first else lines[0]
            last = len(self._rows) - 1 if is_last else lines[-1]
            self._reveal(first, last)
        if self.scroll_offset.y != top:
            return  # all of it is drawn anyhow
        for y in {*before, *lines}:
            self.refresh(Region(0, y - top, self.size.width, 1))

    def _lines_here(self) -> list[int]:
        return [y for y, one in enumerate(self._rows) if self._is_here(one)]

    def _reveal(self, first: int, last: int) -> None:
        top, height = self.scroll_offset.y, self.size.height
        if first < top:
            self.jump(first)
        elif last >= top + height > 0:
            self.jump(last - height + 1)

    def choose(self) -> None:
        """Do what the row under the cursor is for."""
        target = self._at
        if target is None:
            return
        if target.kind is TargetKind.MORE:
            self._opened ^= {target.id}
            self._lay_out()
            self._keep_on(target)
        else:
            self.chosen(target)

    def _keep_on(self, more: Target) -> None:
        """Go to what stands where "more" stood, should there be nothing more to show."""
        if not any(self._is_here(one) for one in self._rows):
            self._stand_somewhere()
        else:
            self._go(more)

    def on_focus(self) -> None:
        """Show the cursor; it starts at the top."""
        self._stand_somewhere()
        self.refresh()

    def _stand_somewhere(self) -> None:
        """Put the cursor at the top where what it stood on is gone."""
        targets = self._targets
        if targets and not any(one.is_same(self._at) for one in targets):
            self._at = targets[0]

    def on_blur(self) -> None:
        """Hide the cursor."""
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """A click stands on a row, a second one chooses it."""
        y = event.y + self.scroll_offset.y
        target = self._rows[y].target if 0 <= y < len(self._rows) else None
        if target is None:
            return
        if target.is_same(self._at) or target.kind is TargetKind.MORE:
            self._at = target
            self.choose()
        else:
            self._go(target)

    def on_resize(self) -> None:
        """Lay out for another width."""
        self._lay_out()

    # drawing ---------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        width = self.scrollable_content_region.width
        before, self._rows = self._rows, []
        if self._shown is not None and width > 0:
            detail, profile = self._shown
            shown = SidebarInput(
                detail,
                profile,
                max(12, width - _INDENT - 1),
                self._now(),
                self._zone,
                self._known,
                self._opened,
                self._is_whole,
                self._filter_name,
                self._is_plain,
            )
            self._rows = sidebar_rows(shown)
        if self.has_focus:
            self._stand_somewhere()
        self.fit(Size(max(1, width), len(self._rows)))
        self.draw_changed(before, self._rows)

    def render_line(self, y: int) -> Strip:
        """Paint one row."""
        name = self.app.theme
        if self._colors is None or self._colors[0] != name:
            self._colors = name, Palette.of(self.app.theme_variables)
        index = y + self.scroll_offset.y
        one = self._rows[index] if 0 <= index < len(self._rows) else BLANK
        is_here = self.has_focus and self._is_here(one)
        is_first = is_here and not (index and self._is_here(self._rows[index - 1]))
        lead: Span = (" ▸" if is_first else " " * _INDENT, Ink.KEY)
        tone = Tone.PICKED if is_here else Tone.BASE
        return self._colors[1].strip([lead, *one.spans], self.size.width, tone)


def _nothing(_target: Target) -> None:
    return
