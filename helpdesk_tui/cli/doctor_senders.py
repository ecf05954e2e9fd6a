"""What ``doctor`` says of who is believed about senders, and whose word it has seen.

The name of the server is proposed, never taken: where a server of ours writes no such header, the
topmost one is the sender's.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from helpdesk_tui.cli.findings import Finding
from helpdesk_tui.domain.channels import EMAIL
from helpdesk_tui.widgets.words.language import _

if TYPE_CHECKING:
    from helpdesk_tui.services.desk import Desk

_NAME = "channels"
_FEWEST = 3
"""Senders of different domains below which nothing is proposed."""
_SHARE = 0.8
"""Of those how many bear the word of the server that receives all mail."""
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?")
_COMMAND = "helpdesk setting set trusted-authserv-ids"


@dataclass(frozen=True, slots=True)
class Seen:
    """What stands at the top of the newest mails of an account."""

    names: Counter[str]
    mails: int

    @property
    def proposed(self) -> str:
        """Return the server that judges nearly all of them; empty where none does."""
        name, count = next(iter(self.names.most_common(1)), ("", 0))
        # it becomes part of a command, and anybody may have written it
        is_clear = self.mails >= _FEWEST and count >= self.mails * _SHARE and _HOST.fullmatch(name)
        return name if is_clear else ""


def senders_findings(root: Path) -> Iterator[Finding]:
    """Say whether forged senders are noticed, and which server could say so."""
    from helpdesk_tui.db.migrate import schema_version
    from helpdesk_tui.domain.actor import SYSTEM
    from helpdesk_tui.domain.own import TRUSTED_SERVERS
    from helpdesk_tui.services.desk import open_desk

    if schema_version(root) is None:
        return
    with closing(open_desk(root, SYSTEM, read_only=True)) as desk:
        accounts = [each for each in desk.admin.channels() if each.channel == EMAIL.name]
        if not accounts:
            return
        trusted = [each.lower() for each in desk.settings.get(TRUSTED_SERVERS) or ()]
        seen = [_seen(desk, each.id) for each in accounts if each.enabled]
        has_sources = any(each.is_enabled for each in desk.sources.all())
    if not trusted:
        yield Finding(_NAME, "warning", _untrusted(has_sources=has_sources), _mend(seen, []))
        return
    silent = [each for each in seen if each.proposed and not set(each.names) & set(trusted)]
    if silent:
        yield Finding(
            _NAME,
            "warning",
            _(
                "{servers}: trusted about senders, but named at the top of none of the newest"
                " mails, so forged senders are not noticed"
            ).format(servers=", ".join(trusted)),
            _mend(silent, trusted),
        )


def _seen(desk: Desk, account_id: int) -> Seen:
    from helpdesk_tui.mail.authresults import judging_server
    from helpdesk_tui.services.senders import newest_mails

    mails = newest_mails(desk.store, account_id)
    names = Counter(name for each in mails if (name := judging_server(each)))
    return Seen(names, len(mails))


def _untrusted(*, has_sources: bool) -> str:
    if has_sources:
        return _(
            "no server is trusted about senders, so forged ones are not noticed: beside such a"
            " mail stands what the customer whom it names has bought"
        )
    return _("no server is trusted about senders, so forged ones are not noticed")


def _mend(seen: Sequence[Seen], trusted: Sequence[str]) -> str:
    """Return the command; with what was seen where that is clear."""
    proposed = list(dict.fromkeys(each.proposed for each in seen if each.proposed))
    if not proposed:
        return _(
            "helpdesk setting set trusted-authserv-ids; docs/admins/settings.md says how to find"
            " the name"
        )
    count = sum(each.names[each.proposed] for each in seen if each.proposed)
    mails = sum(each.mails for each in seen if each.proposed)
    return _(
        "{command}, if that is the server that receives your mail: it stands at the top of"
        " {count} of the newest {mails} mails, each from another sender"
    ).format(command=" ".join([_COMMAND, *trusted, *proposed]), count=count, mails=mails)
