"""Passwords: where they are kept, and that nothing prints them.

Looked for in this order: systemd credentials, the environment, a command, the keyring of the
desktop, a file of ours that only we can read. Keyrings that keep plain text are refused.
"""

from __future__ import annotations

import hmac
import json
import os
import re
import shlex
import stat
import subprocess
import tomllib
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any, NoReturn

from helpdesk_tui.domain.errors import NotFound, StoreError, UsageError
from helpdesk_tui.domain.text import clean
from helpdesk_tui.services.config import Config, load_config

PREFIX = "HELPDESK_SECRET_"
HANDED_OVER = "HELPDESK_SECRETS_FD"
"""Names the open file in which an interface hands its secrets to the worker it starts."""
_SERVICE = "helpdesk-tui"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_REFUSED = ("keyring.backends.fail", "keyring.backends.null", "keyrings.alt")
_PATIENCE = 60.0
_MAX_BYTES = 64_000


class Secret:
    """A text that shows itself only when asked by name."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """Return the text; call it where it is used and keep it nowhere."""
        return self._text

    def __repr__(self) -> str:
        return "***"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return "***"

    def __bool__(self) -> bool:
        return bool(self._text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and hmac.compare_digest(
            self._text.encode(), other._text.encode()
        )

    __hash__ = None  # type: ignore[assignment]

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not written anywhere")


class Place(StrEnum):
    """Where a secret was found."""

    CREDENTIALS = "credentials"
    ENVIRONMENT = "environment"
    COMMAND = "command"
    KEYRING = "keyring"
    FILE = "file"
    NONE = ""


def get_secret(root: Path, name: str, settings: str = "") -> Secret:
    """Return a secret. Blocks: a command or keyring may ask a person.

    Args:
        root: The folder of the store it belongs to.
        name: Its name: that of the channel account.
        settings: JSON settings of the account, which may name a command.

    Raises:
        NotFound: ``secret.missing``.
        UsageError: ``secret.*`` if its place refuses, with the reason.
    """
    found = find_secret(root, name, settings)
    if found is None:
        raise NotFound("secret.missing", name=name, variable=variable_of(name))
    return found


def find_secret(
    root: Path, name: str, settings: str = "", *, by_name: bool = False
) -> Secret | None:
    """Return a secret, or None if it is nowhere; raises like :func:`get_secret`.

    With ``by_name`` the command for all names is not asked: it would fail for one that need not be.
    """
    return Secrets(root).find(name, settings, by_name=by_name)[0]


def set_secret(root: Path, name: str, secret: Secret, *, place: Place = Place.NONE) -> Place:
    """Keep a secret in the keyring if one can be used, else in our file; return where.

    Raises:
        UsageError: ``secret.no-keyring`` if the keyring is asked for and cannot be used.
        StoreError: ``store.unwritable`` if the file cannot be written.
    """
    return Secrets(root).save(name, secret, place)


def variable_of(name: str) -> str:
    """Return the environment variable of a secret."""
    return PREFIX + re.sub(r"[^A-Z0-9]", "_", name.upper())


def without_secrets(environ: Mapping[str, str]) -> dict[str, str]:
    """Return an environment for a child process: none of our secrets in it."""
    return {
        name: value
        for name, value in environ.items()
        if not name.startswith(PREFIX) and name != HANDED_OVER
    }


def run_command(command: str | Sequence[str]) -> Secret:
    """Run a command such as ``pass show mail/support`` and return what it prints.

    Raises:
        UsageError: ``secret.command-failed``; what it printed is not repeated.
    """
    try:
        arguments = shlex.split(command) if isinstance(command, str) else list(command)
    except ValueError as error:
        raise UsageError("secret.command-failed", command="?", reason=str(error)) from error
    if not arguments:
        raise UsageError("secret.command-failed", command="?", reason="empty")
    shown = clean(arguments[0])
    try:
        done = subprocess.run(  # noqa: S603 - the administrator's own command, no shell
            arguments,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_PATIENCE,
            check=False,
            env=without_secrets(os.environ),
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        reason = getattr(error, "strerror", None) or "it takes too long"
        raise UsageError("secret.command-failed", command=shown, reason=reason) from error
    text = done.stdout.decode(errors="replace").partition("\n")[0].rstrip("\r")
    if done.returncode or not text:
        reason = f"exit code {done.returncode}" if done.returncode else "it printed nothing"
        raise UsageError("secret.command-failed", command=shown, reason=reason)
    return Secret(text)


class Secrets:
    """The places of secrets for one store."""

    def __init__(
        self,
        root: Path,
        config: Config | None = None,
        environ: Mapping[str, str] = os.environ,
        keyring: Any = None,
    ) -> None:
        self._root = root.absolute()
        self._config = config or load_config(environ=environ)
        self._environ = environ
        self._keyring = keyring

    def find(
        self, name: str, settings: str = "", *, by_name: bool = False
    ) -> tuple[Secret | None, Place]:
        """Return a secret and where it stands, in the order of the places.

        Raises:
            UsageError: ``secret.*`` if the place that should have it refuses.
        """
        if not _NAME.fullmatch(name):
            raise UsageError("secret.bad-name", name=clean(name))
        places: tuple[tuple[Place, Callable[[], str]], ...] = (
            (Place.CREDENTIALS, lambda: self._from_credentials(name)),
            (Place.ENVIRONMENT, lambda: self._from_environment(name)),
            (Place.COMMAND, lambda: self._from_command(name, settings, by_name=by_name)),
            (Place.KEYRING, lambda: self._from_keyring(name)),
            (Place.FILE, lambda: self._from_file(name)),
        )
        for place, look in places:
            found = look()
            if found:
                return Secret(found), place
        return None, Place.NONE

    def save(self, name: str, secret: Secret, place: Place = Place.NONE) -> Place:
        """Keep a secret; without a wish in the keyring if that works, else in the file."""
        if not _NAME.fullmatch(name):
            raise UsageError("secret.bad-name", name=clean(name))
        if place is not Place.FILE and self._save_in_keyring(name, secret):
            return Place.KEYRING
        if place is Place.KEYRING:
            raise UsageError("secret.no-keyring", backend=self.keyring_name())
        self._save_in_file(name, secret)
        return Place.FILE

    def keyring_name(self) -> str:
        """Return the keyring that would be used, or the refused one with ``refused:`` before."""
        backend, refused = self._backend()
        if backend is None:
            return f"refused: {refused}" if refused else "none"
        return _name_of(backend)

    def _from_credentials(self, name: str) -> str:
        folder = self._environ.get("CREDENTIALS_DIRECTORY", "")
        for file in (f"helpdesk-{name}", name) if folder else ():
            try:
                return (Path(folder) / file).read_text(encoding="utf-8").rstrip("\r\n")
            except FileNotFoundError:
                continue
            except (OSError, UnicodeDecodeError) as error:
                raise UsageError("secret.unreadable", path=str(Path(folder) / file)) from error
        return ""

    def _from_environment(self, name: str) -> str:
        given = self._environ.get(variable_of(name), "")
        return given or handed_over(self._environ).get(variable_of(name), "")

    def _from_command(self, name: str, settings: str, *, by_name: bool) -> str:
        command = self._config.commands.get(name)
        if command is None and "*" in self._config.commands and not by_name:
            command = tuple(part.replace("{name}", name) for part in self._config.commands["*"])
        if command is not None:
            return run_command(command).reveal()
        try:
            stored = json.loads(settings or "{}").get("password_command", "")
        except (ValueError, AttributeError):
            stored = ""
        if not stored:
            return ""
        # whoever can write the store could have any command run as us: only our own store counts
        state = self._root.stat()
        if state.st_uid != os.getuid() or state.st_mode & 0o077:
            raise UsageError("secret.command-shared", name=name, path=str(self._config.file))
        return run_command(stored).reveal()

    def _user(self, name: str) -> str:
        return f"{name} {self._root}"

    def _backend(self) -> tuple[Any | None, str]:
        """Return a keyring that keeps secrets, or None and the name of a refused one."""
        backend = self._keyring
        if backend is None:
            import keyring

            backend = keyring.get_keyring()
        refused = ""
        for each in getattr(backend, "backends", None) or [backend]:
            if not _name_of(each).startswith(_REFUSED):
                return each, ""
            refused = refused or _name_of(each)
        return None, refused

    def _from_keyring(self, name: str) -> str:
        backend, _ = self._backend()
        if backend is None:
            return ""
        from keyring.errors import KeyringError

        try:
            return backend.get_password(_SERVICE, self._user(name)) or ""
        except (KeyringError, OSError):
            return ""  # locked, or its service is gone: the next place may have it

    def _save_in_keyring(self, name: str, secret: Secret) -> bool:
        backend, _ = self._backend()
        if backend is None:
            return False
        from keyring.errors import KeyringError

        try:
            backend.set_password(_SERVICE, self._user(name), secret.reveal())
        except (KeyringError, OSError):
            return False
        return True

    def _from_file(self, name: str) -> str:
        values = self._read_file()
        own = values.get(str(self._root))
        found = own.get(name) if isinstance(own, dict) else None
        found = found or values.get(name)
        return found if isinstance(found, str) else ""

    def _read_file(self) -> dict[str, Any]:
        path = self._config.secrets_file
        try:
            handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise UsageError("secret.unreadable", path=str(path)) from error
        with os.fdopen(handle, "rb") as file:
            state = os.fstat(file.fileno())
            if not stat.S_ISREG(state.st_mode) or state.st_uid != os.getuid():
                raise UsageError("secret.file-not-ours", path=str(path))
            if state.st_mode & 0o077:
                raise UsageError("secret.file-open", path=str(path))
            try:
                return tomllib.load(file)
            except (tomllib.TOMLDecodeError, UnicodeDecodeError):
                # the parser's message could repeat a part of a secret
                raise UsageError("secret.file-broken", path=str(path)) from None

    def _save_in_file(self, name: str, secret: Secret) -> None:
        path = self._config.secrets_file
        values = self._read_file()
        own = values.get(str(self._root))
        values[str(self._root)] = {**(own if isinstance(own, dict) else {}), name: secret.reveal()}
        part = path.with_name(f".{path.name}.{os.getpid()}.part")
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            part.unlink(missing_ok=True)
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
            with os.fdopen(os.open(part, flags, 0o600), "w", encoding="utf-8") as file:
                file.write(_as_toml(values))
                file.flush()
                os.fsync(file.fileno())
            part.rename(path)
        except OSError as error:
            part.unlink(missing_ok=True)
            raise StoreError(
                "store.unwritable", path=str(path), reason=error.strerror or str(error)
            ) from error


def handed_over(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the secrets that the process which started us handed over in an open file."""
    number = environ.get(HANDED_OVER, "")
    if not number.isdigit():
        return {}
    try:
        found = json.loads(os.pread(int(number), _MAX_BYTES, 0))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _name_of(backend: Any) -> str:
    return f"{type(backend).__module__}.{type(backend).__qualname__}"


def _as_toml(values: Mapping[str, Any]) -> str:
    """Return texts and one level of tables as TOML; JSON strings are TOML strings."""
    lines = [f"{_quoted(key)} = {_quoted(text)}" for key, text in values.items()
             if isinstance(text, str)]  # fmt: skip
    for key, table in values.items():
        if isinstance(table, dict):
            lines += ["", f"[{_quoted(key)}]"]
            lines += [f"{_quoted(name)} = {_quoted(text)}" for name, text in table.items()]
    return "\n".join(lines).lstrip("\n") + "\n"


def _quoted(text: Any) -> str:
    return json.dumps(str(text), ensure_ascii=False).replace("\x7f", "\\u007f")
