"""What the benchmarks share: results, peers' tools, cached stores, how the program is started."""

from __future__ import annotations

import importlib.util
import os
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from platformdirs import user_cache_path

LARGE = 1_000_000
SMALL = 1_000
SIZE = (180, 50)
"""Columns and rows of the measured terminal: rail, list, preview and sidebar are all visible."""


@dataclass(frozen=True, slots=True)
class Result:
    """One line of the table: a figure, what it must reach, and whether it does."""

    id: str
    what: str
    value: float
    unit: str
    must: float
    aim: float
    note: str = ""
    more_is_better: bool = False

    @property
    def verdict(self) -> str:
        """``aim``, ``must`` or ``MISSED``."""
        for name, bound in (("aim", self.aim), ("must", self.must)):
            if self.value >= bound if self.more_is_better else self.value <= bound:
                return name
        return "MISSED"

    def line(self) -> str:
        """Return the result as a row of the printed table."""
        sign = "≥" if self.more_is_better else "≤"
        value = f"{self.value:.2f} {self.unit}"
        bounds = f"{sign} {self.must:g} / {self.aim:g}"
        return f"{self.id:4} {self.what:52} {value:>12}  {bounds:>14}  {self.verdict:6} {self.note}"


class Skipped(Exception):
    """A measurement that cannot be taken here; says what would enable it."""


def tool_path(name: str) -> Path:
    """Return the path of a measuring tool of the material folder."""
    path = Path(os.environ.get("HELPDESK_MATERIAL", "")) / "tools" / f"{name}.py"
    if not os.environ.get("HELPDESK_MATERIAL") or not path.exists():
        raise Skipped(f"set HELPDESK_MATERIAL to the folder that holds tools/{name}.py")
    return path


def tool(name: str) -> ModuleType:
    """Import a measuring tool of the material folder."""
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, tool_path(name))
        if spec is None or spec.loader is None:
            raise Skipped(f"cannot import {name}")
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


def cache() -> Path:
    """Return the folder where seeded stores are kept between runs, outside the project."""
    named = os.environ.get("HELPDESK_BENCH_CACHE")
    path = Path(named) if named else user_cache_path("helpdesk-tui-bench")
    path.mkdir(parents=True, exist_ok=True)
    return path


def seeded(tickets: int, per_ticket: int = 1) -> Path:
    """Return a store with so many tickets, made once and then kept."""
    from helpdesk_tui.db.store import SCHEMA_VERSION

    more = "" if per_ticket == 1 else f"-{per_ticket}"
    store = cache() / f"store-{SCHEMA_VERSION}-{tickets}{more}"
    done = store / "seeded"
    if not done.exists():
        print(f"seeding {tickets:,} tickets into {store} …", file=sys.stderr, flush=True)
        seed = Path(__file__).with_name("seed.py")
        subprocess.run(
            [
                sys.executable,
                str(seed),
                "--tickets",
                str(tickets),
                "--messages-per-ticket",
                str(per_ticket),
                str(store),
            ],
            check=True,
        )
        done.touch()
    return store


def environment() -> dict[str, str]:
    """Return what every measured program, ours and the peers, finds in its environment.

    Bytecode is kept between runs, as it is for an installed program: compiling the sources anew at
    each start would be measured otherwise wherever the environment forbids to write it.
    """
    return {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(cache() / "bytecode")}


def program(store: Path, *arguments: str) -> list[str]:
    """Return the command that starts the program on a store."""
    return [sys.executable, "-m", "helpdesk_tui", "--store", str(store), *arguments]


def ui(store: Path) -> list[str]:
    """Return the command that opens the terminal UI on a store, with no worker beside it."""
    return ["env", "HELPDESK_WORKER=off", *program(store, "--agent", "anna")]


def percentile(values: Iterable[float], share: float) -> float:
    """Return the value below which ``share`` of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def interleaved(
    sides: Sequence[Callable[[], float]], rounds: int
) -> tuple[tuple[float, ...], list[list[float]]]:
    """Measure several things in turn, so that a slow moment of the machine hits all of them.

    Returns:
        The median of each, and all values of each.
    """
    values: list[list[float]] = [[] for _ in sides]
    for _ in range(rounds):
        for measured, side in zip(values, sides, strict=True):
            measured.append(side())
    return tuple(statistics.median(each) for each in values), values
