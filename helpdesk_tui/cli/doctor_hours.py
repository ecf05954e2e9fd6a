"""What ``doctor`` says of office hours, follow-ups of chats, and mail to the team."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from helpdesk_tui.cli.findings import Finding
from helpdesk_tui.widgets.words.language import _


def hours(root: Path) -> Iterator[Finding]:
    """Say whether the office is open, and what is missing to know it well."""
    from helpdesk_tui.db.store import Store
    from helpdesk_tui.services.hours import hours_troubles, office_hours

    if not _is_ready(root):
        return
    with closing(Store(root, read_only=True)) as store:
        always = office_hours(store).is_always
        troubles = hours_troubles(store)
    if always:
        yield Finding("hours", "ok", _("no office hours are set: always open"))
    for trouble in troubles:
        if trouble.code == "no-zone":
            detail = _("office hours have no time zone: that of this machine counts, {zone}")
            yield Finding("hours", "warning", detail.format(zone=trouble.detail),
                          "helpdesk setting set office-zone Europe/Warsaw")  # fmt: skip
        else:
            detail = _("no holidays are known for {names}")
            yield Finding("hours", "warning", detail.format(names=trouble.detail),
                          "helpdesk setting set office-holidays PL US-CA")  # fmt: skip
    if not always and not troubles:
        yield Finding("hours", "ok", _("office hours are set"))


def follow_up(root: Path) -> Iterator[Finding]:
    """Say where follow-ups of chats come from; nothing where there is no chat."""
    from helpdesk_tui.domain.actor import SYSTEM
    from helpdesk_tui.domain.channels import WEBCHAT
    from helpdesk_tui.services.chat.follow_up import follow_up_trouble
    from helpdesk_tui.services.desk import open_desk

    if not _is_ready(root):
        return
    with closing(open_desk(root, SYSTEM, read_only=True)) as desk:
        if all(each.channel != WEBCHAT.name for each in desk.admin.channels()):
            return
        settings = desk.settings.chosen(("follow-up", "follow-up-address"))
        code, address = follow_up_trouble(settings, desk.addresses.list())
    said = {
        "": _("visitors who left get what they did not read"),
        "none": _("there is no verified support address: visitors who left get no mail"),
        "unverified": _("{address} is no verified support address: another one is used"),
        "free-mail": _("{address} is one that anybody could have: mail from it is often refused"),
    }
    mends = {
        "none": "helpdesk channel address add ADDRESS",
        "unverified": f"helpdesk channel address test {address}",
        "free-mail": "helpdesk setting set follow-up-address support@shop.example",
    }
    state = "ok" if not code else "warning"
    yield Finding("follow-up", state, said[code].format(address=address), mends.get(code, ""))


def team_mail(root: Path) -> Iterator[Finding]:
    """Say whether the team hears of new chats, and why a mail to it did not leave."""
    from helpdesk_tui.domain.actor import SYSTEM
    from helpdesk_tui.domain.channels import EMAIL, WEBCHAT
    from helpdesk_tui.domain.team_mail import team_mail as setting_name
    from helpdesk_tui.services.desk import open_desk
    from helpdesk_tui.services.team_mail import own_recipients, team_mail_trouble
    from helpdesk_tui.widgets.words.errors import sentence_of

    if not _is_ready(root):
        return
    with closing(open_desk(root, SYSTEM, read_only=True)) as desk:
        has_chat = any(each.channel == WEBCHAT.name for each in desk.admin.channels())
        has_mail = any(
            each.channel == EMAIL.name and each.enabled for each in desk.admin.channels()
        )
        told = desk.settings.get(setting_name(WEBCHAT.name))
        code, ours = team_mail_trouble(desk.store), own_recipients(desk.store)
    if code:
        detail = _("a mail to the team was given up: {reason}")
        yield Finding("team-mail", "warning", detail.format(reason=sentence_of(code)),
                      "helpdesk setting list; helpdesk channel test NAME")  # fmt: skip
    if ours:
        detail = _("{addresses}: read by this desk itself, gets no mail about new tickets")
        yield Finding("team-mail", "warning", detail.format(addresses=", ".join(ours)),
                      "helpdesk setting set team-mail-webchat team@shop.example")  # fmt: skip
    if told and not has_mail:
        yield Finding("team-mail", "warning",
                      _("no mailbox is connected: the team gets no mail about new tickets"),
                      "helpdesk channel add email --help")  # fmt: skip
    if has_chat and not told:
        yield Finding("team-mail", "warning", _("nobody is told of new chats by mail"),
                      "helpdesk setting set team-mail-webchat team@shop.example")  # fmt: skip


def _is_ready(root: Path) -> bool:
    from helpdesk_tui.db.migrate import schema_version
    from helpdesk_tui.db.store import SCHEMA_VERSION

    return schema_version(root) == SCHEMA_VERSION
