"""Put the sample desk together: who works there, and which ticket ends how."""

from __future__ import annotations

import random
from datetime import datetime

from helpdesk_tui.cli.demo.stories import Library, Story, load_library
from helpdesk_tui.cli.demo.telling import ACCOUNTS, Fate, Teller, address_on
from helpdesk_tui.domain.actor import Role
from helpdesk_tui.domain.history import PastAccount, PastAgent, PastDesk, PastTicket
from helpdesk_tui.domain.tickets import Priority, Status

TEAM = ("anna", "marek", "sofia", "lena")
_AT_WORK = ("anna", *TEAM)
"""Who took the tickets; anna took most."""
_FULL_NAMES = ("Anna Zielińska", "Marek Wolny", "Sofia Berg", "Lena Hoffmann")
_ROLES = (Role.OWNER, Role.SUPPORT, Role.SUPPORT, Role.MANAGER)
_RETOLD = 150
"""Tickets told from stories that fit anybody."""
_THREE_WEEKS = 21 * 24 * 60
_STATES = (Status.CLOSED,) * 12 + (Status.OPEN,) * 6 + (Status.SNOOZED,) * 2


def sample_desk(now: datetime, seed: int = 1) -> PastDesk:
    """Return the sample desk as it stands at ``now``; the same for the same seed and moment."""
    dice = random.Random(seed)  # noqa: S311 - sample texts, not secrets
    library = load_library()
    teller = Teller(now, dice, dict(zip(TEAM, _FULL_NAMES, strict=True)))
    tickets = [*_pinned(library, teller), *_retold(library, teller, dice)]
    for index, spam in enumerate(library.spam):
        tickets.append(teller.tell_spam(spam, 25 + 310 * index + dice.randint(0, 200)))
    return PastDesk(
        name="Acme Support",
        agents=tuple(
            PastAgent(name, full, f"{name}@acme.example", role, f"{full.split()[0]}\nAcme Support")
            for name, full, role in zip(TEAM, _FULL_NAMES, _ROLES, strict=True)
        ),
        accounts=tuple(
            PastAccount(name, channel, address) for channel, (name, address) in ACCOUNTS.items()
        ),
        tickets=tuple(tickets),
    )


def _pinned(library: Library, teller: Teller) -> list[PastTicket]:
    return [
        teller.tell(
            story,
            Fate(
                minutes=story.pin.minutes,
                channel=story.channels[0],
                person=story.pin.person,
                assignee=story.pin.assignee,
                unread=story.pin.unread,
                priority=Priority(story.pin.priority),
                last=story.pin.last,
            ),
        )
        for story in library.stories
        if story.pin is not None
    ]


def _retold(library: Library, teller: Teller, dice: random.Random) -> list[PastTicket]:
    """Tell the stories that fit anybody, each with several people, over three weeks."""
    stories = [story for story in library.stories if story.pin is None]
    tickets = []
    for index in range(_RETOLD):
        # older and older, the first ones of this very day
        minutes = int(95 + (_THREE_WEEKS - 95) * (index / _RETOLD) ** 1.6) + dice.randint(0, 40)
        tickets.append(teller.tell(*_cast(stories[index % len(stories)], minutes, dice)))
    return tickets


def _cast(story: Story, minutes: int, dice: random.Random) -> tuple[Story, Fate]:
    """Choose channel, customer, agent and end of one telling."""
    people = {
        channel: [person for person in story.language.people if address_on(person, channel)]
        for channel in story.channels
    }
    channel = dice.choice([name for name, reached in people.items() if reached])
    person = dice.choice(people[channel])
    status = dice.choice(_STATES)
    # a desk that works leaves little open behind: what is old is mostly done
    if status is Status.OPEN and minutes > dice.randint(1000, 6 * 1440):
        status = Status.CLOSED
    lines = len(story.lines)
    if status is not Status.CLOSED:
        lines = dice.randint(min(2, lines), lines)
    last = story.lines[lines - 1]
    unread = status is Status.OPEN and last.who == "C" and dice.random() < 0.4
    return story, Fate(minutes, channel, person, status, dice.choice(_AT_WORK), unread, lines=lines)
