"""What an agent's settings say about the interface, and the bindings of the configuration file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from helpdesk_tui.domain.channels import CHANNELS
from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.domain.setting.interface import (
    IMAGES,
    KEYMAP_PRESET,
    LANGUAGE,
    THEME,
    TITLE_BADGE,
    enter_sends,
)
from helpdesk_tui.widgets.keymap import Problem, merged_keymap
from helpdesk_tui.widgets.keymap_presets import PRESETS
from helpdesk_tui.widgets.theme import THEMES
from helpdesk_tui.widgets.words.language import known

if TYPE_CHECKING:
    from textual.app import App


@dataclass(frozen=True, slots=True)
class Preferences:
    """The settings that the interface follows as a whole."""

    keymap_preset: str = "default"
    theme: str = ""
    language: str = ""
    """Empty: as the configuration file or the environment says."""
    images: str = "auto"
    """How pictures are drawn."""
    has_badge: bool = True
    """The terminal's title carries the number of unread tickets."""
    enter: Mapping[str, bool] = field(default_factory=dict)
    """Whether enter sends, by the channels where the agent or the desk has said so."""

    def sends_at_enter(self, channel: str) -> bool:
        """Return whether enter sends at once on a channel."""
        return self.enter.get(channel, CHANNELS[channel].enter_sends)

    @classmethod
    def of(cls, values: Mapping[str, object]) -> Preferences:
        """Return what settings by their names say; what means nothing (any more) is as if unset."""
        preset, theme = values.get(KEYMAP_PRESET), values.get(THEME)
        language = values.get(LANGUAGE)
        return cls(
            keymap_preset=preset if isinstance(preset, str) and preset in PRESETS else "default",
            theme=theme if isinstance(theme, str) and theme in THEMES else "",
            language=known(language) if isinstance(language, str) else "",
            images=str(values.get(IMAGES, "auto")),
            has_badge=values.get(TITLE_BADGE) != "off",
            enter={
                channel: values[enter_sends(channel)] == "on"
                for channel in CHANNELS
                if enter_sends(channel) in values
            },
        )


@dataclass(frozen=True, slots=True)
class Bindings:
    """What the configuration file says about keys; its preset wins over the agent's setting."""

    keys: Mapping[str, object] = field(default_factory=dict)
    preset: str = ""
    file: str = ""
    lines: Mapping[str, int] = field(default_factory=dict)

    def laid_over(self, preset: str) -> tuple[dict[str, tuple[str, ...]], list[Problem]]:
        """Return the keymap over a preset (or none), and all that is wrong with it."""
        return merged_keymap(self.keys, preset or "default")

    def merged(self, preset: str) -> tuple[dict[str, tuple[str, ...]], list[Problem]]:
        """Return the keymap over the preset of the settings, and what is unwise about it.

        Raises:
            UsageError: ``keymap.refused`` with everything that has to be mended.
        """
        keymap, problems = self.laid_over(self.preset or preset)
        if any(problem.is_fatal for problem in problems):
            raise self.refusal(problems)
        return keymap, problems

    def refusal(self, problems: list[Problem]) -> UsageError:
        """Return the error that names every problem with its place in the file."""
        from helpdesk_tui.widgets.words.keymap import refusal

        return refusal(problems, self.file, self.lines)


def warn_of_keys(app: App[Any], problems: Sequence[Problem]) -> None:
    """Tell of keys that may not arrive."""
    from helpdesk_tui.widgets.words.keymap import problem_sentence

    for problem in problems:
        app.notify(problem_sentence(problem), severity="warning", markup=False, timeout=15)
