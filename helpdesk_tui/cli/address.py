"""``channel address``: several addresses that are forwarded into one mailbox, and their tests."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

from helpdesk_tui.cli.context import desk_of, output_of
from helpdesk_tui.cli.output import Output, cut
from helpdesk_tui.domain.accounts import AddressState, AddressTest, AddressTestStage
from helpdesk_tui.domain.errors import HelpdeskError, NotFound, RemoteError, UsageError
from helpdesk_tui.domain.text import clean
from helpdesk_tui.domain.times import rfc3339
from helpdesk_tui.widgets.words import forwarding_guides as guides
from helpdesk_tui.widgets.words.codes import address_state_name
from helpdesk_tui.widgets.words.errors import address_trouble, sentence
from helpdesk_tui.widgets.words.language import N_, _

if TYPE_CHECKING:
    from datetime import datetime

    from helpdesk_tui.domain.accounts import Confirmation, SupportAddress
    from helpdesk_tui.services.desk import Desk

_TROUBLE_CELLS = 60
_STAGES = N_(
    {
        AddressTestStage.QUEUED: "waiting for the worker",
        AddressTestStage.SENDING: "sending the test mail",
        AddressTestStage.SENT: "sent; waiting until it comes back through the forwarding",
    }
)


def list_addresses(args: argparse.Namespace) -> int:
    """Print the support addresses and how they fare."""
    out = output_of(args)
    with desk_of(args) as desk:
        found = desk.addresses.list()
    if out.quiet:
        out.ids([each.address for each in found])
    elif out.json:
        out.document({"addresses": [address_json(each) for each in found]})
    elif found:
        heading = [
            _("address"),
            _("state"),
            _("forward to"),
            _("channel"),
            _("provider"),
            _("note"),
        ]
        out.table([heading, *(_cells(each) for each in found)])
    else:
        out.say(_("no addresses yet: helpdesk channel add email --help"))
    return 0


def _cells(address: SupportAddress) -> list[str]:
    trouble = address_trouble(address.error_code, address.address)
    if address.confirmation is not None:
        # the whole of it, with the link, is what 'show' prints
        trouble = _("to confirm: {code}").format(code=address.confirmation.code or _("by a link"))
    forward = "–" if address.is_workspace else address.workspace
    return [address.address, address_state_name(address.state), forward, address.account,
            address.provider or "–", cut(trouble, _TROUBLE_CELLS)]  # fmt: skip


def add(args: argparse.Namespace) -> int:
    """Add an address, which is pending, and print how to forward it."""
    out = output_of(args)
    with desk_of(args) as desk:
        channel = args.channel or _only_mailbox(desk)
        added = desk.addresses.add(
            channel, args.address, provider=args.provider, sender_name=args.sender
        )
    if out.quiet:
        out.ids([added.address])
    elif out.json:
        out.document({**address_json(added), **_guide_json(added)})
    else:
        out.say(_("{address} is added and pending").format(address=added.address) + "\n")
        _print_guide(out, added)
    return 0


def _only_mailbox(desk: Desk) -> str:
    """Return the name of the only mailbox there is.

    Raises:
        NotFound: ``address.no-mailbox``.
        UsageError: ``address.which-mailbox``.
    """
    names = [account.name for account in desk.addresses.mailboxes()]
    if not names:
        raise NotFound("address.no-mailbox")
    if len(names) > 1:
        raise UsageError("address.which-mailbox", known=", ".join(names))
    return names[0]


def show(args: argparse.Namespace) -> int:
    """Print one address, how to forward it, and what its provider asks for."""
    out = output_of(args)
    with desk_of(args) as desk:
        found = desk.addresses.load(args.address)
    if args.handout and not out.json:
        out.say(guides.handout(found))
    elif out.json:
        out.document({**address_json(found), **_guide_json(found)})
    else:
        _print_address(out, found)
        if not found.is_workspace:
            out.say("")
            _print_guide(out, found)
    return 0


def _print_address(out: Output, found: SupportAddress) -> None:
    pairs = (
        (_("state"), address_state_name(found.state)),
        (_("trouble"), address_trouble(found.error_code, found.address)),
        (_("channel"), found.account),
        (_("sender"), found.name),
        (_("set up"), _moment(found.forwarded_at)),
        (_("tested"), _moment(found.asked_at)),
        (_("verified"), _moment(found.verified_at)),
        (_("signature"), " / ".join(found.signature.splitlines())),
    )
    out.say(found.address)
    for name, value in pairs:
        if value:
            out.say(f"  {name:9} {value}")


def _print_guide(out: Output, address: SupportAddress) -> None:
    """Print the job at the provider in the order in which it is done."""
    guide = guides.guide_for(address.provider)
    out.say(
        _("forward its mail to the workspace address: {workspace}").format(
            workspace=address.workspace
        )
        + "\n"
    )
    out.say(guides.access_note(address))
    out.say(f"\n{guide.title}:")
    for number, step in enumerate(guides.steps_for(address), 1):
        out.say(f"  {number}. {step}")
    if guide.link:
        out.say(f"  {guide.link}")
    if not address.provider:
        out.say(
            "\n"
            + _("other instructions: helpdesk channel address provider {address} {names}").format(
                address=address.address, names="|".join(guides.GUIDES)
            )
        )
    if address.confirmation is not None:
        out.say(f"\n{guides.confirmation_text(address.confirmation)}")
    out.say(
        "\n"
        + _("for somebody else:   helpdesk channel address show {address} --handout").format(
            address=address.address
        )
    )
    out.say(
        _("when it is set up:   helpdesk channel address test {address}").format(
            address=address.address
        )
    )


def done(args: argparse.Namespace) -> int:
    """Note that the forwarding is set up."""
    with desk_of(args) as desk:
        return _told(
            args, desk.addresses.mark_done(args.address), _("is marked as set up; test it")
        )


def rename(args: argparse.Namespace) -> int:
    """Change the sender name of replies."""
    with desk_of(args) as desk:
        changed = desk.addresses.rename(args.address, args.name)
    return _told(args, changed, _("sends as '{name}' now").format(name=changed.name))


def provider(args: argparse.Namespace) -> int:
    """Say whose instructions apply."""
    with desk_of(args) as desk:
        changed = desk.addresses.set_provider(args.address, args.provider)
    return _told(args, changed, _("is forwarded by {provider}").format(provider=changed.provider))


def signature(args: argparse.Namespace) -> int:
    """Change what is put below replies from an address."""
    text = args.text if args.text is not None else sys.stdin.read()
    with desk_of(args) as desk:
        changed = desk.addresses.set_signature(args.address, text)
    words = _("has its own signature now") if changed.signature else _("has no signature any more")
    return _told(args, changed, words)


def off(args: argparse.Namespace) -> int:
    """Stop using an address; its tickets stay."""
    with desk_of(args) as desk:
        changed = desk.addresses.set_state(args.address, AddressState.OFF)
    return _told(args, changed, _("is off"))


def on(args: argparse.Namespace) -> int:
    """Use an address again."""
    with desk_of(args) as desk:
        changed = desk.addresses.set_state(args.address, AddressState.PENDING)
    return _told(args, changed, _("is on again; test it"))


def remove(args: argparse.Namespace) -> int:
    """Remove an address that was never used."""
    out = output_of(args)
    with desk_of(args) as desk:
        known = desk.addresses.load(args.address)
        desk.addresses.remove(args.address)
    if out.json:
        out.document({"removed": known.address})
    else:
        out.say(_("{address} is removed").format(address=known.address))
    return 0


def _told(args: argparse.Namespace, changed: SupportAddress, words: str) -> int:
    out = output_of(args)
    if out.json:
        out.document(address_json(changed))
    else:
        out.say(f"{changed.address} {words}")
    return 0


def test(args: argparse.Namespace) -> int:
    """Send a test mail to an address and wait until it comes back through the forwarding."""
    from helpdesk_tui.services.logs import log_to_store
    from helpdesk_tui.sync.address_watch import watch_test

    out = output_of(args)
    with desk_of(args) as desk:
        found = desk.addresses.load(args.address)
        job_id = desk.addresses.ask_test(found.address)
        root = desk.store.paths.root
        log_to_store(root)
        line = _StageLine(found)
        try:
            last = watch_test(root, desk.addresses, job_id, line.show, channel=found.account)
        finally:
            line.end()
        found = desk.addresses.load(args.address)
    return _report(out, found, last)


def _report(out: Output, found: SupportAddress, last: AddressTest) -> int:
    """Print how a test ended; what to check goes to stderr."""
    arrived = last.stage is AddressTestStage.ARRIVED
    token = str(last.values.get("token", ""))
    late = last.stage is AddressTestStage.TIMED_OUT
    checks = guides.advice(found, token) if late else ()
    if out.json:
        out.document({**address_json(found), "test": _test_json(last), "check": list(checks)})
    elif arrived:
        out.say(
            _("{address} is verified: the test mail arrived after {waited_seconds:.0f} s").format(
                address=found.address, waited_seconds=last.waited_seconds
            )
        )
    if arrived:
        return 0
    error = HelpdeskError(last.error_code, **{"address": found.address, **last.values})
    out.warn(f"helpdesk: {sentence(error)}")
    for check in checks:
        out.warn(f"  - {check}")
    return RemoteError.exit_code


class _StageLine:
    """Says on stderr how far a test is: one line that counts on a terminal, else one a stage."""

    def __init__(self, address: SupportAddress) -> None:
        self._address = address
        self._is_terminal = sys.stderr.isatty()
        self._last: AddressTestStage | None = None
        self._seconds = -1
        self._has_warned = False
        self._has_hinted = False

    def show(self, test: AddressTest) -> None:
        """Tell about a look at the test, if there is news."""
        self._warn(test)
        words = _(_STAGES.get(test.stage, ""))
        seconds = int(test.waited_seconds)
        if not words or (test.stage is self._last and
                             (not self._is_terminal or seconds == self._seconds)):  # fmt: skip
            return
        self._last, self._seconds = test.stage, seconds
        if self._is_terminal:
            limit = int(test.timeout_seconds)
            said = _("{words} … {seconds} s of {limit} s").format(
                words=words, seconds=seconds, limit=limit
            )
            print(f"\r\x1b[K{said}", end="", file=sys.stderr,
                  flush=True)  # fmt: skip
        else:
            print(words, file=sys.stderr, flush=True)

    def _warn(self, test: AddressTest) -> None:
        """Say once what has to be known while the test goes on."""
        if test.stage is AddressTestStage.SENT and test.error_code and not self._has_warned:
            self._has_warned = True
            self._say(sentence(HelpdeskError(test.error_code, **test.values)))
        hint = guides.waiting_hint(self._address, str(test.values.get("token", "")))
        if test.stage is AddressTestStage.SENT and hint and not self._has_hinted:
            self._has_hinted = True
            self._say(hint)

    def _say(self, text: str) -> None:
        self.end()
        print(clean(text), file=sys.stderr, flush=True)

    def end(self) -> None:
        """Remove the line."""
        if self._is_terminal and self._last is not None:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def address_json(address: SupportAddress) -> dict[str, Any]:
    """Return a support address as scripts see it."""
    return {
        "id": str(address.id),
        "address": address.address,
        "name": address.name,
        "channel": address.account,
        "workspace": address.workspace,
        "state": address.state.value,
        "provider": address.provider or None,
        "forwarded_at": _time(address.forwarded_at),
        "asked_at": _time(address.asked_at),
        "verified_at": _time(address.verified_at),
        "error": address.error_code or None,
        "confirmation": address.confirmation and _confirmation_json(address.confirmation),
        "signature": address.signature,
    }


def _confirmation_json(found: Confirmation) -> dict[str, Any]:
    return {
        "code": found.code or None,
        "link": found.link or None,
        "provider": found.provider,
        "address": found.address or None,
        "seen_at": rfc3339(found.seen_at),
    }


def _guide_json(address: SupportAddress) -> dict[str, Any]:
    guide = guides.guide_for(address.provider)
    return {
        "access": guides.access_note(address),
        "steps": list(guides.steps_for(address)),
        "link": guide.link or None,
        "handout": guides.handout(address),
    }


def _test_json(test: AddressTest) -> dict[str, Any]:
    return {
        "stage": test.stage.value,
        "started_at": rfc3339(test.started_at),
        "waited_seconds": round(test.waited_seconds, 1),
        "error": test.error_code or None,
    }


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else rfc3339(moment)


def _moment(moment: datetime | None) -> str:
    return "" if moment is None else moment.astimezone().strftime("%Y-%m-%d %H:%M")
