"""How to forward the mail of a support address into a connected mailbox, provider by provider.

Texts only: the command line prints them, the wizard shows them, and both can be handed on to the
person who administers the mail.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from helpdesk_tui.domain.accounts import Confirmation, Provider, SupportAddress
from helpdesk_tui.domain.text import clean
from helpdesk_tui.widgets.words.language import N_, Marked, _

_ADMIN = N_(
    "Administrator access to the mail of {domain} is needed: to the mail provider, and where mail"
    " is routed by DNS to the domain as well. If that is somebody else, give them this text."
)


@dataclass(frozen=True, slots=True)
class Guide:
    """The instructions of one provider; ``{address}`` and ``{workspace}`` stand in the texts."""

    title: str
    steps: tuple[str, ...]
    link: str
    """The provider's own page about it."""
    confirms: str
    """What the provider asks for before it forwards."""
    checks: tuple[str, ...] = ()
    """What else to look at when the test mail does not arrive."""


GUIDES: Marked[Mapping[str, Guide]] = {
    Provider.GMAIL: Guide(
        "Gmail (a free account, address ends in gmail.com)",
        (
            "Open Gmail in a browser as {address}: the gear, See all settings, Forwarding and"
            " POP/IMAP.",
            "Add a forwarding address: {workspace}.",
            "Google writes to {workspace}; helpdesk shows the code and the link of that mail."
            " Enter the code in the same place, or open the link.",
            "Choose 'Forward a copy of incoming mail to {workspace}' and save the changes.",
        ),
        "https://support.google.com/mail/answer/10957",
        "Google sends a mail with a code and a link; until it is confirmed nothing is forwarded.",
        (
            "adding the address is not enough: 'Forward a copy of incoming mail' must be chosen"
            " and saved",
            "mail that Gmail takes for spam is not forwarded: look into Spam",
        ),
    ),
    Provider.WORKSPACE: Guide(
        "Google Workspace (is there an administrator? then it is Workspace, not Gmail)",
        (
            "As administrator: admin.google.com, Apps, Google Workspace, Gmail, Routing.",
            "At 'Email forwarding using recipient address map' choose Configure, and map"
            " {address} to {workspace}.",
            "Choose all incoming messages, and 'also route to the original destination' if a copy"
            " is to stay.",
            "Save. It can take up to a day until it works everywhere; mostly it takes minutes.",
            "Where {address} is a Google group: add {workspace} as a member that gets each mail,"
            " and let the group take posts from anybody on the web.",
        ),
        "https://support.google.com/a/answer/4524505",
        "An address map needs no confirmation. A user who forwards in their own Gmail settings gets"
        " a mail with a code and a link to {workspace} first.",
        (
            "forwarding by users may be switched off for the organisation: Apps, Google Workspace,"
            " Gmail, End User Access, automatic forwarding",
            "a group must let people outside the organisation post",
        ),
    ),
    Provider.MICROSOFT: Guide(
        "Outlook / Microsoft 365",
        (
            "Microsoft 365, as administrator: admin.microsoft.com, Users (or Shared mailboxes),"
            " {address}, Mail, Email forwarding: forward to {workspace}, keep a copy.",
            "Microsoft 365 blocks forwarding to other organisations by default: in the Defender"
            " portal, Email & collaboration, Policies & rules, Threat policies, Anti-spam, make an"
            " outbound policy for {address} with automatic forwarding On.",
            "Outlook.com (no administrator): Settings, Mail, Forwarding: enable it, enter"
            " {workspace}, keep a copy, save. Microsoft may ask you to verify that it is you.",
            "Do not use a rule that 'forwards': it writes a new mail in your name. Use the"
            " forwarding of the mailbox, or a rule that 'redirects'.",
        ),
        "https://learn.microsoft.com/microsoft-365/admin/email/configure-email-forwarding",
        "Microsoft asks the owner of the mailbox to confirm, not {workspace}.",
        (
            "a report '550 5.7.520 Access denied, Your organization does not allow external"
            " forwarding' means that the outbound policy still forbids it",
            "a rule that forwards instead of redirecting makes every mail come from {address}",
        ),
    ),
    Provider.YAHOO: Guide(
        "Yahoo Mail",
        (
            "Automatic forwarding is part of the paid plans of Yahoo Mail only.",
            "Yahoo Mail in a browser as {address}: Settings, More Settings, Mailboxes, choose the"
            " account, Forwarding.",
            "Enter {workspace} and choose Verify.",
            "Yahoo writes to {workspace}; helpdesk shows the link of that mail. Open it.",
        ),
        "https://help.yahoo.com/kb/SLN22028.html",
        "Yahoo sends a mail with a link; until it is opened nothing is forwarded.",
        ("the plan may have ended: Yahoo stops forwarding with it",),
    ),
    Provider.ICLOUD: Guide(
        "iCloud Mail (also a domain of your own at iCloud)",
        (
            "icloud.com/mail in a browser as {address}: the gear, Settings (Preferences), Mail"
            " Forwarding.",
            "Choose 'Forward my email to' and enter {workspace}.",
            "Apple may write to {workspace}; helpdesk shows the code or link of that mail.",
            "Leave 'Delete messages after forwarding' off until the test has arrived; choose Done.",
        ),
        "https://support.apple.com/guide/icloud/mm6b1a3960/icloud",
        "Apple forwards at once, or after a confirmation that it sends to {workspace}.",
        ("all addresses of one iCloud account are forwarded together",),
    ),
    Provider.GENERIC: Guide(
        "Any other provider or an own mail server",
        (
            "Look for 'Forwarding', 'Redirect' or 'Alias' in the settings of {address}, or in the"
            " control panel of the domain.",
            "Let {address} be forwarded (redirected) to {workspace}, with a copy kept if possible.",
            "If the provider writes to {workspace} to confirm it, helpdesk shows the code or link.",
            "Own server: Postfix alias '{address} {workspace}' in virtual_alias_maps, or Sieve"
            " 'redirect :copy \"{workspace}\";'.",
        ),
        "",
        "Some providers send a mail with a code or a link to {workspace} first.",
        (
            "the forwarding must keep sender and headers (redirect): a rule that writes a new mail"
            " loses the customer",
            "a mail server that rewrites nothing may fail SPF: let it use SRS",
        ),
    ),
}
"""Provider → its instructions."""


def guide_for(provider: str) -> Guide:
    """Return the instructions of a provider; the general ones where it is not known."""
    return GUIDES.get(provider) or GUIDES[Provider.GENERIC]


def steps_for(address: SupportAddress) -> tuple[str, ...]:
    """Return what to do at the provider, step by step."""
    return tuple(_filled(step, address) for step in guide_for(address.provider).steps)


def access_note(address: SupportAddress) -> str:
    """Return whose help is needed before anything else."""
    return _filled(_(_ADMIN), address)


def handout(address: SupportAddress) -> str:
    """Return the whole job as a text for the person who administers the mail."""
    guide = guide_for(address.provider)
    lines = [
        _("Please let all mail to {address} be forwarded automatically to {workspace}.").format(
            address=address.address, workspace=address.workspace
        ),
        _("It must be a forwarding on the server (redirect): the sender of each mail has to stay."),
        "",
        f"{guide.title}:",
        *(f"{number}. {step}" for number, step in enumerate(steps_for(address), 1)),
        "",
        _filled(guide.confirms, address),
    ]
    if guide.link:
        lines.append(_("The provider's own page: {link}").format(link=guide.link))
    lines.append(
        _(
            "Replies leave from {address} through the server of {workspace}: let that"
            " account send as this address too (SPF, 'send as')."
        ).format(address=address.address, workspace=address.workspace)
    )
    return "\n".join(lines)


def advice(address: SupportAddress, token: str = "") -> tuple[str, ...]:
    """Return what to check when the test mail did not arrive in time.

    Args:
        address: The address that was tested.
        token: The token that is still waited for, if any.
    """
    guide = guide_for(address.provider)
    lines = [
        _("Is the forwarding of {address} to {workspace} finished and saved?").format(
            address=address.address, workspace=address.workspace
        ),
        _("Is it confirmed (verified) at the provider?") + " " + _confirmation_line(address),
        _("Is it switched on? Some providers keep an address ready without forwarding to it."),
        _(
            "Was the test mail forwarded by hand, or by a rule that writes a new mail? That does"
            " not count: customers could not be told apart."
        ),
        *(_filled(f"{check[0].upper()}{check[1:]}.", address) for check in guide.checks),
        _("Look into the spam folders of both mailboxes."),
    ]
    if token:
        lines.append(
            _(
                "Gmail and some others hide a mail that comes back to its sender. If"
                " {workspace} is such a mailbox: {write_it}"
            ).format(workspace=address.workspace, write_it=_write_it(address, token))
        )
    if guide.link:
        lines.append(_("The provider's own page: {link}").format(link=guide.link))
    return tuple(lines)


def waiting_hint(address: SupportAddress, token: str) -> str:
    """Return how to test a mailbox that hides mail which comes back; empty where none does."""
    if not (address.hides_own_mail and token):
        return ""
    return _(
        "{workspace} is at Google, which hides a mail that comes back to its sender."
        " If nothing arrives, {write_it}"
    ).format(workspace=address.workspace, write_it=_write_it(address, token))


def _write_it(address: SupportAddress, token: str) -> str:
    return _(
        "write from any other address to {address} with nothing but this as the subject: {token}"
    ).format(address=address.address, token=token)


def _confirmation_line(address: SupportAddress) -> str:
    if address.confirmation is None:
        return _("Its mail to confirm has not come in here, or it sends none.")
    return confirmation_text(address.confirmation)


def confirmation_text(found: Confirmation) -> str:
    """Return in one line what a provider's mail asks for; who opens the link is a person."""
    parts = [
        _("code {code}").format(code=found.code) if found.code else "",
        _("link {link}").format(link=found.link) if found.link else "",
    ]
    about = " " + _("to forward {address}").format(address=found.address) if found.address else ""
    return clean(
        _("{provider} asks to confirm{about}:").format(provider=found.provider, about=about)
        + " "
        + ", ".join(filter(None, parts))
    )


def _filled(text: str, address: SupportAddress) -> str:
    return text.format(
        address=clean(address.address),
        workspace=clean(address.workspace),
        domain=clean(address.address.rpartition("@")[2]),
    )
