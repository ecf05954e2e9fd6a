"""A source that does what a test says, and knows what was really made there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from helpdesk_tui.domain.commerce.actions import ActionRequest, Phase, Preview
from helpdesk_tui.domain.commerce.connected import ConnectedSource
from helpdesk_tui.sync.pacing import Paces
from helpdesk_tui.sync.providers.source import Outcome, Progress

Act = Callable[[ActionRequest, Progress], Outcome]
LookUp = Callable[[ActionRequest], Outcome | None]
DONE = Outcome({"total": "10.00"})


class Killed(BaseException):
    """The worker dies here, as after ``kill -9``: nothing of it runs any more."""


class Scripted:
    """Plays one script after another; what it has made is kept by key."""

    def __init__(self) -> None:
        self.made: list[str] = []
        self.asked: list[str] = []
        """Keys of changes that reached it."""
        self.looked: list[str] = []
        self.script: list[Act] = []
        self.answers: list[Callable[[], Outcome | None]] = []
        self.previews: list[Callable[[ActionRequest], Preview]] = []
        self.closed = 0

    def connect(self, connected: ConnectedSource, secret: str, paces: Paces) -> Any:
        """Be what a connection leads to."""
        return self

    def preview(self, request: ActionRequest) -> Preview:
        """Return what the next script says."""
        return self.previews.pop(0)(request) if self.previews else Preview(request)

    def act(self, request: ActionRequest, progress: Progress) -> Outcome:
        """Play the next script; without one all goes well."""
        self.asked.append(request.key)
        return (self.script.pop(0) if self.script else self.well)(request, progress)

    def look_up(self, request: ActionRequest, progress: Mapping[str, Any]) -> Outcome | None:
        """Say what the next answer says, else what is so."""
        self.looked.append(request.key)
        if self.answers:
            return self.answers.pop(0)()
        return DONE if request.key in self.made else None

    def close(self) -> None:
        """Count it."""
        self.closed += 1

    # scripts

    def well(self, request: ActionRequest, progress: Progress) -> Outcome:
        """Make the change."""
        progress(Phase.CHECKED, {})
        progress(Phase.ASKED, {"edit": "e1"})
        self.made.append(request.key)
        return DONE

    def raising(self, error: BaseException, *phases: Phase, is_made: bool = False) -> Act:
        """Return a script that goes through phases and then raises; made or not."""

        def play(request: ActionRequest, progress: Progress) -> Outcome:
            for phase in phases:
                progress(phase, {})
            if is_made:
                self.made.append(request.key)
            raise error

        return play

    def accepting(self, request: ActionRequest, progress: Progress) -> Outcome:
        """Say yes, and work on it."""
        progress(Phase.CHECKED, {})
        progress(Phase.ASKED, {})
        self.made.append(request.key)
        progress(Phase.ACCEPTED, {"job": "j1"})
        return Outcome({}, is_finished=False)
