"""The configuration file: only what is needed before the store opens. Never a secret."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from helpdesk_tui.domain.errors import NotFound, UsageError
from helpdesk_tui.domain.text import clean

APP = "helpdesk"
_SECRET_WORDS = ("password", "passwd", "secret", "token", "api_key")


@dataclass(frozen=True, slots=True)
class Config:
    """What the file and the environment say."""

    file: Path
    """The configuration file, whether it exists or not."""
    store: Path
    agent: str = ""
    theme: str = ""
    language: str = ""
    """Language of the interface; empty: the environment's. The agent's setting wins over it."""
    zone: str = ""
    """Name of the agent's time zone; empty: the system's."""
    ascii: bool = False
    downloads: Path = field(default_factory=lambda: Path("~/Downloads").expanduser())
    commands: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Name of a secret → the command that prints it; ``*`` for all, with ``{name}`` in it."""
    keys: Mapping[str, Any] = field(default_factory=dict)
    """The user's key bindings; the interface reads them."""
    key_lines: Mapping[str, int] = field(default_factory=dict)
    """The line of the file in which each of them stands, where it can be told."""
    keymap_preset: str = ""
    """The keymap to start from; empty: as the agent's settings say."""

    @property
    def secrets_file(self) -> Path:
        """The fallback file of secrets, beside the configuration."""
        return self.file.parent / "secrets.toml"


def config_file(environ: Mapping[str, str] = os.environ) -> Path:
    """Return where the configuration stands: ``HELPDESK_CONFIG``, else the user's folder."""
    named = environ.get("HELPDESK_CONFIG", "")
    if named:
        return Path(named).expanduser().absolute()
    from platformdirs import user_config_path

    return user_config_path(APP) / "config.toml"


def store_path(text: str) -> Path:
    """Return the folder of a store as ``--store`` or ``HELPDESK_STORE`` names it.

    Raises:
        UsageError: ``store.address`` for an address of a kind that is not known here.
    """
    if "://" in text:
        raise UsageError("store.address", address=clean(text.partition("://")[0]))
    return Path(text).expanduser().absolute()


def load_config(file: Path | None = None, environ: Mapping[str, str] = os.environ) -> Config:
    """Read the configuration; without a file everything has its default. Blocks.

    Args:
        file: The file named on the command line.
        environ: The environment; it wins over the file.

    Raises:
        NotFound: ``config.missing`` if a named file does not exist.
        UsageError: ``config.*`` with the key and what is wrong about it.
    """
    path = file.expanduser().absolute() if file is not None else config_file(environ)
    is_named = file is not None or bool(environ.get("HELPDESK_CONFIG"))
    values = _Values(path, _read(path, is_named=is_named))
    store, agent, downloads = values.text("store"), values.text("agent"), values.text("downloads")
    store = environ.get("HELPDESK_STORE") or store
    config = Config(
        file=path,
        store=store_path(store) if store else _default_store(),
        agent=environ.get("HELPDESK_AGENT") or agent,
        theme=values.text("theme"),
        language=values.text("language"),
        zone=values.text("zone"),
        ascii=values.flag("ascii"),
        downloads=Path(downloads or "~/Downloads").expanduser(),
        commands=values.commands("secrets"),
        keys=values.table("keys"),
        keymap_preset=values.text("keymap-preset"),
    )
    values.finish()
    if config.keys:
        config = replace(config, key_lines=_key_lines(path))
    return config


_TABLE = re.compile(r"\s*\[\s*([^\[\]]+?)\s*\]")
_ENTRY = re.compile(r"\s*([\w.\"' -]+?)\s*=")


def _key_lines(path: Path) -> dict[str, int]:
    """Return the lines in which the key bindings stand; tells people where to mend."""
    found: dict[str, int] = {}
    table = ""
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if (match := _TABLE.match(line)) is not None:
            table = match[1]
        elif (match := _ENTRY.match(line)) is not None:
            name = re.sub(r"[\"' ]", "", f"{table}.{match[1]}")
            if name.startswith("keys."):
                found.setdefault(name.removeprefix("keys."), number)
    return found


def _default_store() -> Path:
    from platformdirs import user_data_path

    return user_data_path(APP)


def _read(path: Path, *, is_named: bool) -> dict[str, Any]:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        if is_named:
            raise NotFound("config.missing", path=str(path)) from None
        return {}
    except OSError as error:
        raise UsageError("config.unreadable", path=str(path), reason=error.strerror) from error
    # where there is no file, no start pays for its reader
    import tomllib

    try:
        return tomllib.loads(data.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UsageError("config.broken", path=str(path), reason=clean(str(error))) from error


class _Values:
    """Takes values out of a parsed file, and finds what nobody asked for."""

    def __init__(self, path: Path, values: dict[str, Any]) -> None:
        self._path = path
        self._values = dict(values)

    def _take(self, key: str, kind: type, default: Any) -> Any:
        value = self._values.pop(key, default)
        if not isinstance(value, kind):
            raise UsageError("config.wrong-type", path=str(self._path), key=key, kind=kind.__name__)
        return value

    def text(self, key: str) -> str:
        return str(self._take(key, str, ""))

    def flag(self, key: str) -> bool:
        return bool(self._take(key, bool, False))

    def table(self, key: str) -> dict[str, Any]:
        return dict(self._take(key, dict, {}))

    def _strings(self, key: str, values: list[Any]) -> tuple[str, ...]:
        if not all(isinstance(value, str) for value in values):
            raise UsageError("config.wrong-type", path=str(self._path), key=key, kind="texts")
        return tuple(values)

    def commands(self, key: str) -> dict[str, tuple[str, ...]]:
        """Return ``[secrets]``: commands as lists of arguments, never a secret itself."""
        found: dict[str, tuple[str, ...]] = {}
        for name, value in self.table(key).items():
            if not isinstance(value, list) or not value:
                raise UsageError("config.secret", path=str(self._path), key=f"{key}.{name}")
            found[name] = self._strings(f"{key}.{name}", value)
        return found

    def finish(self) -> None:
        """Refuse keys that mean nothing: a typo would be a setting that silently fails."""
        for key in self._values:
            is_secret = any(word in key.lower() for word in _SECRET_WORDS)
            code = "config.secret" if is_secret else "config.unknown-key"
            raise UsageError(code, path=str(self._path), key=clean(key))
