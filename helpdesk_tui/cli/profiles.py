"""``profile show``, ``refresh``, ``export`` and ``erase``: what is known of a customer."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

from helpdesk_tui.cli.context import desk_of, number, output_of
from helpdesk_tui.cli.tickets import age, whole_ticket_json
from helpdesk_tui.domain.actor import require_admin
from helpdesk_tui.domain.commerce.plain import as_plain
from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.domain.times import rfc3339
from helpdesk_tui.widgets.words.commerce import money_words, order_state, payment_words
from helpdesk_tui.widgets.words.language import _, ngettext

if TYPE_CHECKING:
    from helpdesk_tui.domain.commerce.context import CustomerContext
    from helpdesk_tui.services.desk import Desk


def show(args: argparse.Namespace) -> int:
    """Print what sources know of a customer, with its age."""
    out = output_of(args)
    with desk_of(args) as desk:
        profile = _customer(desk, args.profile)
        person = desk.people.person(profile)
        context = desk.customer_context.load(profile)
        now = desk.clock()
    if out.json:
        found = context_json(context)
        names = {"name": person.name, "email": person.email or None, "phone": person.phone or None}
        out.document({"id": str(context.profile_id), **names, **found})
    elif out.quiet:
        out.ids([context.profile_id])
    else:
        out.say(" · ".join(filter(None, (f"#{profile}", person.name, person.email, person.phone))))
        if not context.sources:
            out.say(_("no shop and no other source is connected"))
        rows = [
            [section.value, _name(context, word.source_id), word.state.value,
             "–" if word.fetched_at is None else age(word.fetched_at, now), word.code]
            for section, words in context.words.items()
            for word in words
        ]  # fmt: skip
        if rows:
            head = [_("section"), _("source"), _("state"), _("age"), _("error")]
            out.table([head, *rows])
        for _source, order in context.orders:
            total = money_words(order.total, order.currency)
            said = (order.name, total, payment_words(order.payment), order_state(order)[0])
            out.say("  ".join(filter(None, said)))
    return 0


def _customer(desk: Desk, text: str) -> int:
    """Return whom an agent means: by number, mail address or phone number."""
    return desk.people.named(text) if "@" in text or text.startswith("+") else number(text)


def context_json(context: CustomerContext) -> dict[str, Any]:
    """Return customer context for scripts; every value names its source."""

    def of(pairs: Any) -> list[dict[str, Any]]:
        return [{"source": _name(context, source), **as_plain(one)} for source, one in pairs]

    return {
        "sections": {
            section.value: [
                {"source": _name(context, word.source_id), "state": word.state.value,
                 "fetched_at": None if word.fetched_at is None else rfc3339(word.fetched_at),
                 "error": word.code or None}
                for word in words
            ]
            for section, words in context.words.items()
        },
        "matches": of(context.matches),
        "profiles": of(context.profiles),
        "segments": of(context.segments),
        "values": of(context.values),
        "orders": of(context.orders),
        "order_count": context.order_count,
        "subscriptions": of(context.subscriptions),
        "subscription_count": context.subscription_count,
        "events": of(context.events),
        "event_count": context.event_count,
        "claims": [{"kind": each.kind, "value": each.value} for each in context.claims],
        "same": [str(each) for each in context.same],
    }  # fmt: skip


def _name(context: CustomerContext, source_id: int) -> str:
    source = context.source(source_id)
    return str(source_id) if source is None else source.name


def refresh(args: argparse.Namespace) -> int:
    """Ask the worker to fetch everything of a customer anew."""
    from helpdesk_tui.domain.commerce.wants import REFRESH

    out = output_of(args)
    with desk_of(args) as desk:
        profile = _customer(desk, args.profile)
        desk.people.person(profile)
        desk.customer_context.want([profile], REFRESH)
    if out.json:
        out.document({"id": str(profile), "asked": True})
    elif not out.quiet:
        out.say(_("the worker fetches customer {id} anew").format(id=profile))
    return 0


def export(args: argparse.Namespace) -> int:
    """Print all that the desk holds of a customer."""
    out = output_of(args)
    with desk_of(args) as desk:
        require_admin(desk.actor)
        profile = _customer(desk, args.profile)
        person = desk.people.person(profile)
        held = desk.customer_context.holdings(profile)
        context = context_json(desk.customer_context.load(profile))
        context["orders"] = held.orders
        context["subscriptions"] = held.subscriptions
        context["events"] = held.events
        names = {"name": person.name, "email": person.email or None, "phone": person.phone or None}
        out.document(
            {
                "id": str(profile), **names, "identities": held.identities,
                "consent": held.consent, "actions": held.actions, **context,
                "tickets": [whole_ticket_json(desk, each) for each in held.tickets],
            }
        )  # fmt: skip
    return 0


def erase(args: argparse.Namespace) -> int:
    """Erase a customer for good."""
    from helpdesk_tui.services.commerce.erasing import Erasing

    profile, out = number(args.profile), output_of(args)
    with desk_of(args) as desk:
        erasing = Erasing(desk.store, desk.actor, now=desk.clock)
        extent = erasing.extent(profile)
        if not args.yes and not _confirmed(profile, len(extent.tickets)):
            out.say(_("nothing was erased"))
            return 1
        done = erasing.erase(profile)
    if out.json:
        ids = {"profiles": [str(each) for each in done.profiles],
               "tickets": [str(each) for each in done.tickets]}  # fmt: skip
        out.document({**ids, "files": done.files})
    elif not out.quiet:
        out.say(
            ngettext(
                "customer {id} is erased, with {count} ticket",
                "customer {id} is erased, with {count} tickets",
                len(done.tickets),
            ).format(id=profile, count=len(done.tickets))
        )
    return 0


def _confirmed(profile: int, tickets: int) -> bool:
    """Ask on the terminal for the number once more: there is no way back.

    Raises:
        UsageError: ``erase.needs-yes`` where nobody can be asked.
    """
    if not sys.stdin.isatty():
        raise UsageError("erase.needs-yes", id=profile)
    question = ngettext(
        "This erases customer {id} and {count} ticket for good. Type the number to go on:",
        "This erases customer {id} and {count} tickets for good. Type the number to go on:",
        tickets,
    ).format(id=profile, count=tickets)
    print(question, end=" ", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip() == str(profile)
