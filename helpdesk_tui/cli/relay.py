"""``relay``: the public service of the chat tab and of webhooks; opens no store of a desk."""

from __future__ import annotations

import argparse
import logging
import os
import secrets
import stat
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from helpdesk_tui.cli.context import output_of
from helpdesk_tui.domain.errors import StoreError, UsageError
from helpdesk_tui.domain.web_addresses import is_base, is_safe
from helpdesk_tui.widgets.words.language import _

if TYPE_CHECKING:
    from helpdesk_tui.cli.output import Output
    from helpdesk_tui.relay.config import RelayConfig, type_of_network

TOKEN_VARIABLE = "HELPDESK_RELAY_TOKEN"  # noqa: S105 - its name
STORE_VARIABLE = "HELPDESK_RELAY_STORE"
CREDENTIAL = "relay-token"
_MOST = 4_096
_MEGABYTE = 1_000_000
_DESK_FILE = "helpdesk.db"


def run(args: argparse.Namespace) -> int:
    """Serve until told to stop, or with ``--new-token`` make one."""
    out = output_of(args)
    if args.new_token is not None:
        return _make_token(args.new_token, out)
    config = config_of_relay(args, os.environ)
    # child processes and crash reports have no use for it
    os.environ.pop(TOKEN_VARIABLE, None)
    for line in _warnings(config):
        out.warn(line)
    _log_to_stderr()
    return _serve(config, out)


def config_of_relay(args: argparse.Namespace, environ: Mapping[str, str]) -> RelayConfig:
    """Return what the command line and the environment say.

    Raises:
        UsageError: ``relay.*``, with what to do.
    """
    from helpdesk_tui.relay.config import DEFAULT_HOST, DEFAULT_PORT, RelayConfig

    port = DEFAULT_PORT if args.port < 0 else args.port
    if port > 65_535:
        raise UsageError("argument.bad", name="--port", value=port, hint="0-65535")
    if args.files_room < 0:
        raise UsageError("argument.bad", name="--files-room", value=args.files_room, hint="1-")
    room = {"media_total": args.files_room * _MEGABYTE} if args.files_room else {}
    return RelayConfig(
        store=_store(args.store, environ),
        token=_token(args.token_file, environ),
        host=args.host or DEFAULT_HOST,
        port=port,
        public_url=_public_url(args.public_url),
        trusted_proxies=tuple(_network(each) for each in args.trusted_proxy),
        **room,
    )


def _serve(config: RelayConfig, out: Output) -> int:
    import asyncio

    from helpdesk_tui.relay.serving import RelayServer, raise_file_limit, serve
    from helpdesk_tui.sync.notify import notify_service

    log = logging.getLogger("helpdesk_tui.relay")
    files = raise_file_limit()

    def ready(server: RelayServer) -> None:
        host = f"[{config.host}]" if ":" in config.host else config.host
        url = f"http://{host}:{server.port}"
        notify_service("READY=1")
        log.info("the relay answers on port %d; %d open files are allowed", server.port, files)
        if out.json:
            out.document({"url": url, "public_url": config.public_url, "store": str(config.store)})
        else:
            out.say(_("relay running at {url}; Ctrl-C stops it").format(url=url))
        sys.stdout.flush()

    asyncio.run(serve(config, ready=ready, alive=lambda: notify_service("WATCHDOG=1")))
    notify_service("STOPPING=1")
    log.info("the relay has stopped")
    return 0


def _warnings(config: RelayConfig) -> list[str]:
    """Return what is allowed but seldom meant."""
    found = []
    if not config.is_local:
        found.append(
            _("everybody who reaches {host} reaches the relay, without encryption: put a TLS proxy"
              " before it and leave --host away").format(host=config.host)
        )  # fmt: skip
    if config.public_url and not is_safe(config.public_url):
        found.append(
            _("{url} is not encrypted: what visitors write can be read on the way").format(
                url=config.public_url
            )
        )
    if config.public_url.startswith("https:") and not config.trusted_proxies:
        found.append(
            _("no proxy is named: all visitors share one limit; add --trusted-proxy 127.0.0.1 if"
              " the proxy runs on this machine")
        )  # fmt: skip
    return found


def _store(given: str | None, environ: Mapping[str, str]) -> Path:
    """Return the folder of the relay's own store, which is never that of a desk."""
    from helpdesk_tui.services.config import store_path

    text = given or environ.get(STORE_VARIABLE) or environ.get("STATE_DIRECTORY", "")
    if text:
        folder = store_path(text)
    else:
        from platformdirs import user_data_path

        folder = user_data_path("helpdesk-relay")
    if (folder / _DESK_FILE).exists():
        raise UsageError("relay.store-of-desk", path=str(folder))
    return folder


def _token(file: Path | None, environ: Mapping[str, str]) -> str:
    from helpdesk_tui.relay.config import TOKEN_LENGTH

    folder = environ.get("CREDENTIALS_DIRECTORY", "")
    credential = Path(folder) / CREDENTIAL if folder else None
    if file is not None:
        # systemd's own files are readable by nobody else, whatever their mode says
        found = _read(file, is_guarded=bool(folder) and file.parent == Path(folder))
    elif credential is not None and credential.exists():
        found = _read(credential, is_guarded=True)
    else:
        found = environ.get(TOKEN_VARIABLE, "").strip()
    if not found:
        raise UsageError("relay.no-token")
    if len(found) < TOKEN_LENGTH or not found.isascii() or not found.isprintable() or " " in found:
        raise UsageError("relay.token-weak")
    return found


def _read(path: Path, *, is_guarded: bool) -> str:
    try:
        with path.open("rb") as file:
            state = os.fstat(file.fileno())
            if not is_guarded and (state.st_mode & 0o077 or not stat.S_ISREG(state.st_mode)):
                raise UsageError("relay.token-open", path=str(path))
            return file.read(_MOST).decode("ascii").strip()
    except OSError as error:
        raise UsageError("secret.unreadable", path=str(path)) from error
    except UnicodeDecodeError:
        # the error would repeat a part of it
        raise UsageError("relay.token-weak") from None


def _make_token(path: Path, out: Output) -> int:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        with os.fdopen(os.open(path, flags, 0o600), "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(32) + "\n")
    except FileExistsError as error:
        raise UsageError("relay.token-exists", path=str(path)) from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise StoreError("store.unwritable", path=str(path), reason=reason) from error
    if out.json:
        out.document({"token_file": str(path)})
        return 0
    out.say(_("a new token is in {path}").format(path=path))
    out.say(_("the relay:  helpdesk relay --token-file {path}").format(path=path))
    out.say(_("the desk:   helpdesk channel add webchat --relay URL --token-stdin < {path}").format(
        path=path))  # fmt: skip
    return 0


def _public_url(text: str) -> str:
    address = text.strip()
    if address and not is_base(address):
        raise UsageError("relay.bad-url", url=text)
    return address.rstrip("/")


def _network(text: str) -> type_of_network:
    from helpdesk_tui.relay.proxies import network_of

    try:
        return network_of(text)
    except ValueError:
        raise UsageError("relay.bad-proxy", address=text) from None


def _log_to_stderr() -> None:
    """Write JSON lines to stderr, where systemd takes them; no library says more than errors."""
    from helpdesk_tui.services.logs import JsonLines

    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    for name, level in (("helpdesk_tui", logging.INFO), ("uvicorn", logging.ERROR)):
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.setLevel(level)
        logger.propagate = False
    logging.getLogger("asyncio").handlers = [handler]
