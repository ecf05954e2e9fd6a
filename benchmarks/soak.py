"""Five channels for as long as it takes: thousands of messages, faults all the way, and kills."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from benchmarks.common import Result, Skipped


def soak() -> list[Result]:
    """Run the soak at its full size: what is wrong at its end has to be nothing."""
    from tests.support.soak.world import Plan, soaking

    if shutil.which("dovecot") is None:
        raise Skipped("install dovecot-imapd")
    plan = Plan()
    with tempfile.TemporaryDirectory(prefix="helpdesk-soak-") as name:
        Path(name).chmod(0o755)
        with soaking(Path(name), plan) as world:
            outcome = world.run()
    wrong = sum(len(found) if isinstance(found, list) else 1 for found in outcome.wrong.values())
    faults = sum(outcome.faults.values())
    size = f"{plan.messages} messages, {plan.kills} kills, {faults} faults"
    note = f"{outcome.arrived} of {outcome.replies} replies arrived, {outcome.unknown} in doubt"
    if outcome.wrong:
        note += f"; {sorted(outcome.wrong)}"
    return [
        Result("SK", f"soak ({size}): lost, doubled, disordered", wrong, "", 0, 0, note),
        Result("SK", "soak: until all was settled", outcome.seconds, "s", 3_600, 900),
    ]
