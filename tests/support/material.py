"""Where the material for tests lies: mails of the world that the project does not carry itself."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path
from types import ModuleType

import pytest


def material(name: str) -> Path:
    """Return a folder of the material, or skip the test, saying what would enable it."""
    root = os.environ.get("HELPDESK_MATERIAL", "")
    path = Path(root) / name
    if not root or not path.exists():
        pytest.skip(f"set HELPDESK_MATERIAL to the folder that holds {name}")
    return path


def tool(name: str) -> ModuleType:
    """Import a tool of the material, such as the mail generator, or skip the test."""
    path = material("tools") / f"{name}.py"
    if name in sys.modules:
        return sys.modules[name]
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module
