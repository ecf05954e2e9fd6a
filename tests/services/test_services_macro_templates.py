"""Macros on WhatsApp: their own text while the window is open, the approved one when it is shut."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from helpdesk_tui.domain.actor import SYSTEM, Role
from helpdesk_tui.domain.macros.macro import Mode
from helpdesk_tui.domain.messaging.templates import TemplateFound
from helpdesk_tui.services.accounts import Accounts
from helpdesk_tui.services.macros.macros import Macros
from helpdesk_tui.services.messaging.templates import Templates
from helpdesk_tui.widgets.macro_preview import preview_lines
from tests.support.messaging_out import World
from tests.support.store import START

MACRO = """
name = "late"
mode = "run"
[body]
{body}
whatsapp_template = {{ name = "late_news", parameters = ["{{{{ ticket.id }}}}", "Thursday"] }}
"""


@pytest.fixture
def world(tmp_path):
    made = World(tmp_path, "whatsapp")
    account = Accounts(made.store, SYSTEM).all("whatsapp")[0]
    Templates(made.store, SYSTEM).synced(
        account, [TemplateFound("late_news", "en_US", "approved", "Order {{1}} comes on {{2}}.")]
    )
    yield made
    made.store.close()


def run(world, body='chat = "It is on its way."'):
    macros = Macros(world.store, replace(world.agent, role=Role.MANAGER), now=world.clock)
    macro = macros.save(MACRO.format(body=body))
    applied = macros.apply(macro.id, [world.ticket], mode=Mode.RUN, undo=False)
    outcome = applied.outcomes[0]
    if outcome.error is not None:
        raise outcome.error
    return world.message(outcome.message_id)


def test_an_open_window_takes_the_text_of_the_macro(world):
    row = run(world)
    assert (row["text"], row["template"]) == ("It is on its way.", "")


def test_a_shut_window_takes_the_approved_template(world):
    world.clock.now = START + timedelta(days=3)
    row = run(world)
    assert row["text"] == f"Order {world.ticket} comes on Thursday."
    world.run()
    use = world.cloud.taken[0].template
    assert (use.name, use.language) == ("late_news", "en_US")
    assert use.values == (str(world.ticket), "Thursday")


def test_a_macro_without_another_text_always_sends_the_template(world):
    assert run(world, body="")["template"]


def test_a_template_that_is_not_approved_is_named(world):
    account = Accounts(world.store, SYSTEM).all("whatsapp")[0]
    Templates(world.store, SYSTEM).synced(
        account, [TemplateFound("late_news", "en_US", "paused", "Order {{1}} comes on {{2}}.")]
    )
    world.clock.now = START + timedelta(days=3)
    with pytest.raises(Exception, match="missing"):
        run(world)


def test_the_preview_names_the_template_that_leaves(world):
    macros = Macros(world.store, replace(world.agent, role=Role.MANAGER), now=world.clock)
    macro = macros.save(MACRO.format(body='chat = "It is on its way."'))

    def shown():
        lines = preview_lines(macros.preview(macro.id, world.ticket), 60)
        return ["".join(text for text, _ in line) for line in lines]

    assert shown()[0] == "It is on its way."
    assert not any("template" in line for line in shown())
    world.clock.now = START + timedelta(days=3)
    assert shown()[0] == f"Order {world.ticket} comes on Thursday."
    assert "leaves as the approved template late_news (en_US)" in shown()
