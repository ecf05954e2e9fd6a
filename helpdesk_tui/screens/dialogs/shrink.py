"""Pictures made small enough for where they go: before, after, and a look at them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from helpdesk_tui.domain.media.limits import Finding
from helpdesk_tui.domain.text import clean
from helpdesk_tui.screens.composing.smaller import Made
from helpdesk_tui.screens.dialogs.base import Dialog
from helpdesk_tui.widgets.hints import key_hints
from helpdesk_tui.widgets.picture_box import PictureBox
from helpdesk_tui.widgets.words.language import N_, _
from helpdesk_tui.widgets.words.media import finding_words
from helpdesk_tui.widgets.words.thread import size_label

_MOST_NAMED = 3


class ShrinkDialog(Dialog[bool]):
    """Shows what would become of pictures; nothing is changed before it is answered."""

    DEFAULT_CSS = """
    ShrinkDialog > #dialog-box { width: 76; }
    ShrinkDialog PictureBox { margin: 1 0 0 0; }
    """
    TITLE_TEXT: ClassVar[str] = N_("shrink to fit")
    HINT: ClassVar[str] = N_("y shrink · n keep it as it is · esc decides later")

    def __init__(self, finding: Finding, made: Sequence[Made], rest: int) -> None:
        super().__init__()
        self._finding = finding
        self._made = tuple(made)
        self._rest = rest
        self._at = 0

    def parts(self) -> Sequence[Widget]:
        """Return the reason, each picture before and after, the sum, and a look at one."""
        return (
            Static(Content.styled(clean(finding_words(self._finding)), "$waiting"), markup=False),
            Static(self._figures(), id="shrink-figures", classes="gap", markup=False),
            PictureBox(id="shrink-picture"),
        )

    def prepare(self) -> None:
        """Show the first picture as it would arrive."""
        super().prepare()
        if len(self._made) > 1:
            hint = _("y shrink · n keep as they are · tab next picture · esc decides later")
            self.query_one("#dialog-box").border_subtitle = key_hints(hint)
        self._show()

    def _show(self) -> None:
        one = self._made[self._at]
        self.query_one(PictureBox).show(one.picture, _("no picture can be drawn here"))

    def _figures(self) -> Content:
        lines: list[Content] = []
        for place, one in enumerate(self._made[:_MOST_NAMED]):
            after = one.shrunk
            name = clean(one.file.filename)
            is_shown = place == self._at and len(self._made) > 1
            lines.append(Content.assemble(("▸ " if is_shown else "", "$accent"), (name, "$bright")))
            lines.append(
                _size_line(_("before"), after.before_width, after.before_height, after.before_size)
            )
            lines.append(_size_line(_("after"), after.width, after.height, after.size, "$good"))
        more = len(self._made) - _MOST_NAMED
        if more > 0:
            lines.append(Content.styled(_("and {count} more").format(count=more), "$dim"))
        total = self._rest + sum(one.shrunk.size for one in self._made)
        limit = int(self._finding.values["limit"])
        fits = _("{size} in all, of {limit} that arrive").format(
            size=size_label(total), limit=size_label(limit)
        )
        lines.append(Content.styled(f"✓ {fits}" if total <= limit else fits, "$soft"))
        return Content("\n").join(lines)

    def press(self, event: events.Key) -> None:
        """Take the answer, or show the next picture."""
        event.stop()
        if event.key in ("y", "enter", "s"):
            self.dismiss(True)
        elif event.key in ("n", "k"):
            self.dismiss(False)
        elif event.key in ("q", "escape"):
            self.dismiss(None)
        elif event.key in ("tab", "j", "down"):
            self._at = (self._at + 1) % len(self._made)
            self.query_one("#shrink-figures", Static).update(self._figures())
            self._show()


def _size_line(label: str, width: int, height: int, size: int, style: str = "$soft") -> Content:
    pixels = _("{width} × {height}").format(width=width, height=height)
    return Content.assemble(
        (f"  {label:<8}", "$dim"), (f"{pixels:>13}", "$soft"), (f"  {size_label(size):>8}", style)
    )
