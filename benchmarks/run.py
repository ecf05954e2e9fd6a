"""Print the table of figures: `make bench`, or single groups by name."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable
from importlib import import_module

from benchmarks.common import Result, Skipped

GROUPS: dict[str, tuple[str, str]] = {
    "ingest": ("benchmarks.ingest", "ingest"),
    "truth": ("benchmarks.ingest", "truth"),
    "start": ("benchmarks.screen", "start_up"),
    "keys": ("benchmarks.screen", "keys"),
    "open": ("benchmarks.screen", "open_ticket"),
    "lists": ("benchmarks.lists", "deep_page"),
    "search": ("benchmarks.search", "searches"),
    "views": ("benchmarks.search", "views"),
    "writers": ("benchmarks.writers", "agent_writes"),
    "live": ("benchmarks.live", "live_change"),
    "responder": ("benchmarks.responder", "responder"),
    "mail": ("benchmarks.mail_speed", "speed"),
    "load": ("benchmarks.load", "under_load"),
    "keys-under-load": ("benchmarks.load", "keys_under_load"),
    "idle": ("benchmarks.load", "idle"),
    "chat-idle": ("benchmarks.chat", "idle"),
    "chat": ("benchmarks.chat", "chatting"),
    "channels": ("benchmarks.channels", "channels"),
    "actions": ("benchmarks.actions", "actions"),
    "context": ("benchmarks.context", "context"),
    "context-open": ("benchmarks.context_open", "context_open"),
    "soak": ("benchmarks.soak", "soak"),
}
BY_HAND: dict[str, tuple[str, str]] = {"large": ("benchmarks.large", "large")}
"""Groups that run only when they are named."""


def main(names: list[str]) -> int:
    """Run the named groups (all by default); 1 if a must was missed or a group broke."""
    results: list[Result] = []
    broken = False
    for name in names or list(GROUPS):
        module, function = (GROUPS | BY_HAND)[name]
        print(f"… {name}", file=sys.stderr, flush=True)
        measure: Callable[[], list[Result]] = getattr(import_module(module), function)
        try:
            found = measure()
        except Skipped as reason:
            print(f"{name}: skipped, {reason}")
            continue
        except Exception:  # noqa: BLE001 - one broken group must not hide the others' figures
            traceback.print_exc()
            broken = True
            continue
        for result in found:
            print(result.line(), file=sys.stderr, flush=True)
        results += found
    print(f"{'id':4} {'what':52} {'value':>12}  {'must / aim':>14}")
    for result in results:
        print(result.line())
    missed = [result for result in results if result.verdict == "MISSED"]
    return 1 if missed or broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
