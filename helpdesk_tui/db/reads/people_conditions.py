"""Conditions about people: agents, teams, customers and addresses; and about tags."""

from __future__ import annotations

from helpdesk_tui.db.reads.piece import OF_TICKET, Asker, Piece
from helpdesk_tui.domain.query.parsing import QueryError, Term
from helpdesk_tui.domain.text import fold


def named(known: dict[str, int], value: str, *, prefix: bool) -> list[int]:
    """Return the ids of a name; while it is being typed, of all names that begin with it."""
    wanted = fold(value)
    same = [number for name, number in known.items() if fold(name) == wanted]
    if same or not prefix:
        return same
    return [number for name, number in known.items() if fold(name).startswith(wanted)]


def names_in(asker: Asker, table: str) -> dict[str, int]:
    """Return the ids of agents, teams or tags by name."""
    return dict(asker.connection.execute(f"SELECT name, id FROM {table} ORDER BY name").fetchall())


def _ids(asker: Asker, term: Term, table: str, extra: dict[str, list[int | None]]) -> list[object]:
    known = names_in(asker, table)
    ids: list[object] = []
    for value in term.values:
        name = value.lower().removeprefix("@")
        hits: list[int | None] = [*extra.get(name, [])]
        if name not in extra:
            hits += named(known, name, prefix=term.prefix)
            if not hits:
                raise asker.unknown(term, f"query.unknown-{table}", [*extra, *known], value)
        ids += hits
    return ids


def tagged(asker: Asker, ids: list[object]) -> Piece:
    """Ask for any of some tags."""
    marks = asker.marks(ids)
    return Piece(
        "EXISTS (SELECT 1 FROM ticket_tag"
        f" WHERE ticket_tag.ticket_id = ticket.id AND tag_id IN ({marks}))",
        sources=((f"SELECT ticket_id FROM ticket_tag WHERE tag_id IN ({marks})",),),
    )


def tag(asker: Asker, term: Term) -> Piece:
    """Ask for tags by name."""
    return tagged(asker, _ids(asker, term, "tag", {}))


def _me(asker: Asker) -> dict[str, list[int | None]]:
    return {} if asker.agent_id is None else {"me": [asker.agent_id]}


def assignee(asker: Asker, term: Term) -> Piece:
    """Ask for the agents a ticket is assigned to."""
    return assigned(asker, _ids(asker, term, "agent", {**_me(asker), "none": [None]}))


def assigned(asker: Asker, ids: list[object]) -> Piece:
    """Ask for any of some agents; None is nobody."""
    people = [one for one in ids if one is not None]
    tests = [f"assignee_id IN ({asker.marks(people)})"] if people or not ids else []
    if None in ids:
        tests.append("assignee_id IS NULL")
    selects = tuple(select for test in tests for select in asker.within(test)[0])
    return Piece(" OR ".join(tests), sources=(selects,))


def team(asker: Asker, term: Term) -> Piece:
    """Ask for the team of a ticket."""
    mine = asker.connection.execute(
        "SELECT team_id FROM membership WHERE agent_id = :agent", {"agent": asker.agent_id}
    ).fetchall()
    ours: list[int | None] = [number for (number,) in mine]
    ids = _ids(asker, term, "team", {"me": ours, "none": [None]})
    teams = asker.marks([one for one in ids if one is not None])
    if None in ids:
        return Piece(f"team_id IN ({teams}) OR team_id IS NULL")
    select = f"SELECT id FROM ticket WHERE team_id IS NOT NULL AND team_id IN ({teams})"
    return Piece(f"team_id IN ({teams})", sources=((select,),))


def by(asker: Asker, term: Term) -> Piece:
    """Ask for who replied."""
    marks = asker.marks(_ids(asker, term, "agent", _me(asker)))
    where = f"agent_id IN ({marks}) AND direction = 'outbound'"
    return Piece(
        f"EXISTS (SELECT 1 {OF_TICKET} AND {where})",
        is_heavy=True,
        sources=((f"SELECT ticket_id FROM message WHERE agent_id IS NOT NULL AND {where}",),),
    )


def as_like(text: str) -> str:
    """Return a pattern of LIKE for a text with ``*`` for anything."""
    escaped = fold(text).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return escaped.replace("*", "%")


def _any_like(asker: Asker, term: Term, texts: str) -> str:
    return " OR ".join(
        f"fold({texts}) LIKE {asker.bind(f'%{as_like(value)}%')} ESCAPE '\\'"
        for value in term.values
    )


def to(asker: Asker, term: Term) -> Piece:
    """Ask for whom messages went to, copies included."""
    where = _any_like(asker, term, "recipients || ' ' || copies")
    also = _any_like(asker, term, "recipient")
    return Piece(f"{also} OR EXISTS (SELECT 1 {OF_TICKET} AND ({where}))", is_heavy=True)


def cc(asker: Asker, term: Term) -> Piece:
    """Ask for who got a copy."""
    where = _any_like(asker, term, "copies")
    return Piece(f"EXISTS (SELECT 1 {OF_TICKET} AND ({where}))", is_heavy=True)


def customer(asker: Asker, term: Term) -> Piece:
    """Ask for the customer by name or address, or by the ``#number`` of a profile."""
    number = term.values[0].removeprefix("#") if len(term.values) == 1 else ""
    if term.values[0].startswith("#") and number.isascii() and number.isdecimal():
        where = f"profile_id = {int(number[:18])}"
        return Piece(where, sources=((f"SELECT id FROM ticket WHERE {where}",),))
    tests, exact = [_any_like(asker, term, "customer_name || ' ' || customer_address")], []
    for value in term.values:
        profiles = f"SELECT profile_id FROM identity WHERE value = {asker.bind(value.lower())}"
        tests.append(f"profile_id IN ({profiles})")
        if "@" in value[1:] and not term.prefix:
            exact.append(f"SELECT id FROM ticket WHERE profile_id IN ({profiles})")
    # a whole address is looked up: it stands in no other one worth finding
    if len(exact) == len(term.values):
        return Piece(" OR ".join(tests[1:]), sources=(tuple(exact),))
    return Piece(" OR ".join(tests))


def email(asker: Asker, term: Term) -> Piece:
    """Ask for mail addresses of the customer: whole, by their beginning, or by ``@host``."""
    tests, selects = [], []
    for value in term.values:
        text = value.lower()
        if text.startswith("@"):
            where = f"value LIKE {asker.bind(f'%{as_like(text)}')} ESCAPE '\\'"
        else:
            low, high = asker.bind(text), asker.bind(f"{text}\U0010ffff")
            is_start = term.prefix or "@" not in text
            where = f"value >= {low} AND value < {high}" if is_start else f"value = {low}"
        of_ticket = "identity.profile_id = ticket.profile_id AND kind = 'email'"
        tests.append(f"EXISTS (SELECT 1 FROM identity WHERE {of_ticket} AND {where})")
        selects.append(
            "SELECT ticket.id FROM identity JOIN ticket ON ticket.profile_id = identity.profile_id"
            f" WHERE kind = 'email' AND {where}"
        )
    return Piece(" OR ".join(tests), sources=(tuple(selects),))


def phone(asker: Asker, term: Term) -> Piece:
    """Ask for telephone numbers of the customer; only digits count."""
    tests = []
    for value in term.values:
        digits = "".join(char for char in value if char.isdigit()).lstrip("0")
        if not digits:
            raise QueryError(
                "query.unclear-phone", text=asker.text, position=term.position, known=(),
                value=value,
            )  # fmt: skip
        mark = asker.bind(f"%{digits}%")
        plain = "replace(replace(replace(replace({}, ' ', ''), '-', ''), '(', ''), ')', '')"
        tests += [
            f"(customer_address NOT LIKE '%@%' AND {plain.format('customer_address')} LIKE {mark})",
            "EXISTS (SELECT 1 FROM profile WHERE profile.id = ticket.profile_id"
            f" AND phone != '' AND {plain.format('phone')} LIKE {mark})",
            "EXISTS (SELECT 1 FROM identity WHERE identity.profile_id = ticket.profile_id"
            f" AND kind != 'email' AND {plain.format('value')} LIKE {mark})",
        ]
    return Piece(" OR ".join(tests), is_heavy=True)


def campaign(asker: Asker, term: Term) -> Piece:
    """Ask for the campaign or flow that a message of the customer answers."""
    found = (
        "SELECT message.ticket_id FROM campaign_send JOIN message"
        " ON message.id = campaign_send.message_id WHERE campaign_send.message_id IS NOT NULL"
        f" AND ({_any_like(asker, term, 'campaign_send.name')})"
    )
    return Piece(f"ticket.id IN ({found})", is_heavy=True, sources=((found,),))


def inbox(asker: Asker, term: Term) -> Piece:
    """Ask for where the customer wrote to: an address of ours, or a channel by name."""
    accounts = _any_like(asker, term, "name || ' ' || address")
    return Piece(
        f"{_any_like(asker, term, 'recipient')}"
        f" OR channel_account_id IN (SELECT id FROM channel_account WHERE {accounts})"
    )
