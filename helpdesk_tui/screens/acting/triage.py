"""Triage that asks first: until when, who, which tags, how urgent; watching; being there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from helpdesk_tui.domain.setting.interface import LANGUAGE
from helpdesk_tui.domain.tickets import Priority, TicketRow, View, ViewFilter
from helpdesk_tui.domain.triage import Change
from helpdesk_tui.screens.inbox.actions import Act, InboxActions
from helpdesk_tui.widgets.words.language import N_, _, ngettext, spoken
from helpdesk_tui.widgets.words.locale_forms import number

if TYPE_CHECKING:
    from helpdesk_tui.screens.dialogs.assign import AssignChoice, Offer
    from helpdesk_tui.screens.dialogs.snooze import SnoozeChoice
    from helpdesk_tui.screens.dialogs.tags import TagChange
    from helpdesk_tui.screens.inbox.screen import InboxScreen
    from helpdesk_tui.screens.menu import Choice
    from helpdesk_tui.services.desk import Desk

_MOST_READ = 500
"""Marked tickets whose tags are read before the dialog opens."""
_PRIORITIES: tuple[tuple[str, Priority, str], ...] = (
    ("u", Priority.URGENT, N_("urgent")),
    ("h", Priority.HIGH, N_("high")),
    ("n", Priority.NORMAL, N_("normal")),
    ("l", Priority.LOW, N_("low")),
)


@dataclass(frozen=True, slots=True)
class _Tags:
    """What the dialog of tags is made from."""

    on_all: tuple[str, ...]
    on_some: tuple[str, ...]
    counts: Mapping[str, int]


class TriageDesk:
    """Opens the dialogs of triage; what was chosen is done to the ticket or to the marked ones."""

    def __init__(self, screen: InboxScreen, desk: Desk, actions: InboxActions) -> None:
        self._screen = screen
        self._desk = desk
        self._actions = actions
        self.asks_before_snooze: Callable[[Callable[[], None]], bool] = lambda _snooze: False
        """Asks first where a visitor would see it; whether it did."""

    def handlers(self) -> dict[str, Callable[[], None]]:
        """Return what the keys do."""
        return {
            "ticket.snooze": self.snooze,
            "ticket.assign": self.assign,
            "ticket.tag": self.tags,
            "ticket.priority": self.priority,
            "ticket.watch": self.watch,
            "app.available": self.available,
        }

    # what is acted on ------------------------------------------------------------------------

    @property
    def _row(self) -> TicketRow | None:
        return self._screen.tickets.cursor_row

    def _about(self) -> str:
        """Return what a dialog is about: a ticket, or how many."""
        count = self._screen.tickets.marks.count
        if self._screen.tickets.marks.is_any:
            return ngettext("{count} ticket", "{count} tickets", count).format(count=number(count))
        return f"#{self._row.id}" if self._row is not None else ""

    # snoozing --------------------------------------------------------------------------------

    def snooze(self) -> None:
        """Ask until when the tickets shall sleep."""
        if self._row is not None and not self.asks_before_snooze(self._ask_moment):
            self._ask_moment()

    def _ask_moment(self) -> None:
        from helpdesk_tui.screens.dialogs.snooze import SnoozeDialog

        def ask(language: object) -> None:
            dialog = SnoozeDialog(
                self._screen.now(),
                self._desk.zone,
                language=str(language or "") or spoken(),
                takes_reply=True,
            )
            dialog.about = self._about()
            self._screen.app.push_screen(dialog, self._snooze)

        self._screen.ask(lambda: self._desk.settings.get(LANGUAGE, ""), ask, group="ask")

    def _snooze(self, choice: SnoozeChoice | None) -> None:
        if choice is not None:
            self._actions.snooze_until(choice.until, keep=choice.keep, zone=choice.zone)

    # assigning -------------------------------------------------------------------------------

    def assign(self) -> None:
        """Ask who gets the tickets."""
        row = self._row
        if row is None:
            return
        from helpdesk_tui.domain.tickets import AgentRow
        from helpdesk_tui.screens.dialogs.assign import AssignDialog, Offer

        desk = self._desk

        def look() -> tuple[tuple[AgentRow, ...], Offer]:
            here = {one.agent_id: one for one in desk.presence.team()}
            return desk.team.agents(), Offer(
                desk.teams.all(), desk.team.workload(), here, row.team_id
            )

        def ask(found: tuple[tuple[AgentRow, ...], Offer]) -> None:
            agents, offer = found
            dialog = AssignDialog(
                agents,
                me=desk.actor.agent_id,
                current=row.assignee_id,
                offer=offer,
                signs=self._screen.signs,
            )
            dialog.about = self._about()
            self._screen.app.push_screen(dialog, self._assign)

        self._screen.ask(look, ask, group="ask")

    def _assign(self, choice: AssignChoice | None) -> None:
        if choice is None:
            return
        team_id = choice.team_id
        if team_id is None:
            self._actions.assign_to(choice.agent_id, choice.name)
            return
        team = team_id

        def verb(desk: Desk, ids: Sequence[int], seen: Mapping[int, int] | None) -> Change:
            return desk.triage.assign_team(ids, team, versions=seen)

        def many(count: int) -> str:
            return ngettext(
                "{count} ticket goes to the team {name}",
                "{count} tickets go to the team {name}",
                count,
            )

        said = _("#{id} goes to the team {name}")
        self._actions.do(Act(verb, said, many, {"name": choice.name}, moves_on=True))

    # tags ------------------------------------------------------------------------------------

    def tags(self) -> None:
        """Ask which tags the tickets shall have."""
        if self._row is None:
            return
        from helpdesk_tui.screens.dialogs.tags import TagsDialog

        def ask(found: _Tags) -> None:
            dialog = TagsDialog(
                found.on_all, tuple(found.counts), some=found.on_some, counts=found.counts
            )
            dialog.about = self._about()
            self._screen.app.push_screen(dialog, self._tag)

        self._screen.ask(self._look_at_tags(), ask, group="ask")

    def _look_at_tags(self) -> Callable[[], _Tags]:
        """Return what reads the tags of the tickets that are meant."""
        tickets, desk, row = self._screen.tickets, self._desk, self._row
        marks = tickets.marks
        ids = list(marks.versions)[:_MOST_READ]
        in_memory = [one.tags for one in tickets.window.rows if marks.has(one.id)]
        is_whole, is_any = marks.is_whole, marks.is_any

        def look() -> _Tags:
            counts = dict(desk.tags.counts())
            if not is_any:
                return _Tags(row.tags if row is not None else (), (), counts)
            if is_whole:
                # nobody has read the whole list: what is in memory stands for it
                some = {tag for tags in in_memory for tag in tags}
                return _Tags((), tuple(sorted(some)), counts)
            found = desk.inbox.rows(ids, ViewFilter(View.ALL)).values()
            sets = [set(one.tags) for one in found if one is not None]
            on_all = set.intersection(*sets) if sets else set()
            on_some = set.union(*sets) - on_all if sets else set()
            return _Tags(tuple(sorted(on_all)), tuple(sorted(on_some)), counts)

        return look

    def _tag(self, change: TagChange | None) -> None:
        if change is not None:
            self._actions.change_tags(list(change.add), list(change.remove))

    # priority --------------------------------------------------------------------------------

    def priority(self) -> None:
        """Ask how urgent the tickets are."""
        row = self._row
        if row is None:
            return
        from helpdesk_tui.screens.menu import Choice, Menu

        choices: list[Choice[Priority]] = [
            Choice(key, _(word), level, _("now") if level is row.priority else "")
            for key, level, word in _PRIORITIES
        ]
        place = [level for _key, level, _word in _PRIORITIES].index(row.priority)
        title = _("priority of {what}").format(what=self._about())
        menu = Menu(title, choices, opened_by="ticket.priority", current=place)
        self._screen.app.push_screen(menu, self._set_priority)

    def _set_priority(self, level: Priority | None) -> None:
        if level is None:
            return
        wanted = level

        def verb(desk: Desk, ids: Sequence[int], seen: Mapping[int, int] | None) -> Change:
            return desk.triage.set_priority(ids, wanted, versions=seen)

        word = next(word for _key, each, word in _PRIORITIES if each is wanted)
        said = _("#{id} has priority {level}")

        def many(count: int) -> str:
            return ngettext(
                "{count} ticket has priority {level}",
                "{count} tickets have priority {level}",
                count,
            )

        self._actions.do(Act(verb, said, many, {"level": _(word)}))

    # watching --------------------------------------------------------------------------------

    def watch(self) -> None:
        """Watch the ticket, or watch it no longer."""
        row, me = self._row, self._desk.actor.agent_id
        if row is None:
            return
        if me is None:
            self._screen.complain_text(_("no agent is named: start with --agent NAME"))
            return
        number = row.id
        # the cursor may have moved on by the time the store has answered
        meant = None if self._screen.tickets.marks.is_any else row

        def do(is_watched: bool) -> None:
            def verb(desk: Desk, ids: Sequence[int], seen: Mapping[int, int] | None) -> Change:
                change = desk.watching.unwatch if is_watched else desk.watching.watch
                return change(ids, versions=seen)

            def many(count: int) -> str:
                if is_watched:
                    return ngettext(
                        "{count} ticket is not watched any more",
                        "{count} tickets are not watched any more",
                        count,
                    )
                return ngettext(
                    "{count} ticket is watched: you hear of it",
                    "{count} tickets are watched: you hear of them",
                    count,
                )

            said = _("#{id} is watched: you hear of it")
            if is_watched:
                said = _("#{id} is not watched any more")
            self._actions.do(Act(verb, said, many), meant)

        self._screen.ask(lambda: me in self._desk.watching.watchers(number), do, group="ask")

    # being there -----------------------------------------------------------------------------

    def available(self) -> None:
        """Be there for new tickets, or away."""
        desk, name = self._desk, self._desk.actor.name
        if desk.actor.agent_id is None:
            self._screen.complain_text(_("no agent is named: start with --agent NAME"))
            return

        def turn() -> bool:
            wanted = not desk.team.agent(name).available
            desk.teams.set_available(available=wanted)
            return wanted

        def done(is_there: bool) -> None:
            self._screen.update_header(away=not is_there)
            self._screen.footer.say(
                _("you are available: new tickets are given to you")
                if is_there
                else _("you are away: no new tickets are given to you")
            )

        self._screen.start(turn, done, group="write")
