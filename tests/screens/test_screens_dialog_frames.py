"""Every dialog stands in the frame that dialogs share."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from typing import Any

from helpdesk_tui.screens import dialogs
from helpdesk_tui.screens.dialogs.base import Dialog


def test_every_dialog_takes_the_looks_of_dialogs() -> None:
    for module in pkgutil.iter_modules(dialogs.__path__):
        import_module(f"{dialogs.__name__}.{module.name}")
    found: list[type[Dialog[Any]]] = [Dialog]
    seen: set[type[Dialog[Any]]] = set()
    while found:
        seen.add(each := found.pop())
        found += [one for one in each.__subclasses__() if one not in seen]
    frameless = {each.__name__ for each in seen if "Dialog" not in each._css_type_names}
    # the library looks for styles along the first base alone
    assert frameless == set()
    assert len(seen) > 10
