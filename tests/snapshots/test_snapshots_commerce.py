"""Pictures of the dialogs about orders and subscriptions, at all sizes and in all looks."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest
from textual.app import App
from textual.pilot import Pilot

from helpdesk_tui.domain.commerce.actions import ActionKind, ActionState, Phase
from helpdesk_tui.domain.commerce.changing import Person
from helpdesk_tui.screens.commerce.changing import ChangeDialog, Stage
from helpdesk_tui.screens.commerce.details import OrderDialog, SubscriptionDialog
from helpdesk_tui.screens.commerce.following import Case
from helpdesk_tui.screens.commerce.orders import OrderCancelDialog, OrderEditDialog
from helpdesk_tui.screens.commerce.picking import TargetPicker
from helpdesk_tui.screens.commerce.subscriptions import EndDialog, SkipDialog, TermsDialog
from helpdesk_tui.widgets.last_net import LastNet
from helpdesk_tui.widgets.theme import THEMES, textual_theme
from tests.support.scene import settle
from tests.support.shopping import COFFEE, ORDER, SENT, SHOP, Actions
from tests.support.store import START, make_desk

SIZES = {"small": (80, 24), "medium": (120, 36), "wide": (180, 50)}
LOOKS = {"dark": ("helpdesk-dark", False), "light": ("helpdesk-light", False),
         "ascii": ("helpdesk-dark", True)}  # fmt: skip


class Backdrop(App[None]):
    """Nothing but what a dialog stands on."""

    def __init__(self, theme: str, *, ascii_only: bool) -> None:
        super().__init__()
        for colors in THEMES.values():
            self.register_theme(textual_theme(colors))
        self.theme = theme
        if ascii_only:
            self._filters.insert(0, LastNet(ascii_only=True))

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return dict(textual_theme(THEMES["helpdesk-dark"]).variables)


class Scene:
    """A dialog over a desk with a shop that does as it is told."""

    def __init__(self, tmp_path: Path, *, plain: bool) -> None:
        desk = make_desk(tmp_path)
        self.actions = Actions(desk)
        vars(desk)["shop_actions"] = self.actions
        person = Person(1, "Anna Kowalska", 1, 1)
        self.case = Case(desk, person, SHOP, lambda: START, UTC, "pl", plain=plain)

    def stands(self, state: ActionState, phase: Phase = Phase.NONE, **changes: Any) -> None:
        """Have the change that was asked for stand so."""
        self.actions.move(state, phase, **changes)


Step = str | Stage | Callable[[Scene], object]
CONFIRM: tuple[Step, ...] = ("enter", Stage.CONFIRM)
ASKED: tuple[Step, ...] = (*CONFIRM, "y", Stage.FOLLOW)
NOW = {"items": {"11": 1, "12": 3, "13": 1}, "total": "98.90"}


DIALOGS: dict[str, tuple[Callable[[Case], Any], tuple[Step, ...]]] = {
    "order": (lambda case: OrderDialog(case, ORDER), ()),
    "subscription": (lambda case: SubscriptionDialog(case, COFFEE), ()),
    "edit": (lambda case: OrderEditDialog(case, ORDER), ("minus", "j", "0")),
    "edit-confirm": (lambda case: OrderEditDialog(case, ORDER), ("minus", "j", "0", *CONFIRM)),
    "edit-done": (
        lambda case: OrderEditDialog(case, ORDER),
        ("minus", *ASKED, lambda scene: scene.stands(ActionState.DONE)),
    ),
    "edit-under-way": (
        lambda case: OrderEditDialog(case, ORDER),
        ("minus", *ASKED, lambda scene: scene.stands(ActionState.RUNNING, Phase.ASKED)),
    ),
    "edit-stale": (
        lambda case: OrderEditDialog(case, ORDER),
        ("minus", *ASKED, lambda scene: scene.stands(
            ActionState.FAILED, code="action.stale", result={"now": NOW})),
    ),
    "edit-unknown": (
        lambda case: OrderEditDialog(case, ORDER),
        ("minus", *ASKED, lambda scene: scene.stands(ActionState.UNKNOWN, Phase.ASKED), "d"),
    ),
    "cancel": (lambda case: OrderCancelDialog(case, ORDER), ()),
    "cancel-confirm": (lambda case: OrderCancelDialog(case, ORDER), (*CONFIRM, *"#10")),
    "skip": (lambda case: SkipDialog(case, COFFEE), ()),
    "skip-confirm": (lambda case: SkipDialog(case, COFFEE), CONFIRM),
    "terms-confirm": (lambda case: TermsDialog(case, COFFEE), ("plus", *CONFIRM)),
    "end": (lambda case: EndDialog(case, COFFEE), tuple("too much")),
    "picker": (
        lambda case: TargetPicker(ActionKind.ORDER_CANCEL, (ORDER, SENT), START, UTC,
                                  plain=case.plain), ()),
}  # fmt: skip
ALL_SIZES = ("edit", "cancel-confirm", "order")
PICTURES = [
    *[(name, size, "dark") for name in ALL_SIZES for size in SIZES],
    *[(name, "small", "dark") for name in DIALOGS if name not in ALL_SIZES],
    *[(name, "medium", look) for name in ("edit", "edit-confirm", "skip", "edit-unknown", "picker")
      for look in ("light", "ascii")],
]  # fmt: skip


def playing(dialog: Any, scene: Scene, steps: tuple[Step, ...]) -> Callable[..., Awaitable[None]]:
    """Return what opens a dialog and does the steps, each once the one before is seen."""

    async def run(pilot: Pilot[Any]) -> None:
        await pilot.app.push_screen(dialog)
        for step in steps:
            if isinstance(step, str) and not isinstance(step, Stage):
                await pilot.press(step)
            elif isinstance(step, Stage):
                await settle(pilot, lambda step=step: dialog.stage is step)  # type: ignore[misc]
            else:
                step(scene)
                await settle(pilot, lambda: dialog.action == scene.actions.action)
        is_form = isinstance(dialog, ChangeDialog) and dialog.stage is Stage.FORM
        if is_form and dialog.IS_LIVE:
            await settle(pilot, lambda: dialog.is_settled)
        await settle(pilot)

    return run


@pytest.mark.parametrize(("name", "size", "look"), PICTURES)
def test_a_dialog_looks_as_it_did(
    name: str, size: str, look: str, tmp_path: Path, snap_compare: Callable[..., bool]
) -> None:
    make, steps = DIALOGS[name]
    theme, ascii_only = LOOKS[look]
    scene = Scene(tmp_path, plain=ascii_only)
    app = Backdrop(theme, ascii_only=ascii_only)
    run = playing(make(scene.case), scene, steps)
    assert snap_compare(app, terminal_size=SIZES[size], run_before=run)
