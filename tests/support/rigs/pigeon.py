"""Pigeon post, the sixth channel of tests."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from helpdesk_tui.domain.mail import OutgoingFile
from tests.support.rigs.rig import Came, Rig


class PigeonRig(Rig):
    """A loft, and somebody who keeps pigeons."""

    channel = "pigeon"
    kind = "loft"
    address = "the old mill"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.loft = folder / "loft"
        for place in ("in", "out"):
            (self.loft / place).mkdir(parents=True)
        (self.loft / "key").write_text("rusty key")
        self.secrets.by_purpose = {"token": "rusty key"}
        self._last = ("", "")
        self._count = 0
        self.connect()

    def settings(self) -> dict[str, Any]:
        return {"loft": str(self.loft)}

    def customer_writes(self, text: str, files: Sequence[OutgoingFile] = ()) -> None:
        self._count += 1
        letter = {
            "from": "the lighthouse",
            "name": "Ada Example",
            "text": text,
            "at": datetime.now(UTC).isoformat(),
            "files": [
                {
                    "name": file.filename,
                    "type": file.content_type,
                    "data": base64.b64encode(file.data).decode(),
                }
                for file in files
            ],
        }
        self._last = (f"letter-{self._count:04d}", json.dumps(letter))
        self.repeat()

    def repeat(self) -> None:
        name, letter = self._last
        (self.loft / "in" / f"{name}.json").write_text(letter)

    def came(self) -> list[Came]:
        letters = sorted(
            (self.loft / "out").glob("*.json"), key=lambda one: tuple(map(int, one.stem.split(".")))
        )
        return [_came(json.loads(letter.read_text())) for letter in letters]

    def busy(self) -> None:
        (self.loft / "storm").touch()


def _came(letter: dict[str, Any]) -> Came:
    return Came(letter["text"], tuple(base64.b64decode(file["data"]) for file in letter["files"]))
