"""Files that providers fetch: under an address nobody can guess, for a while, then gone."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response

from helpdesk_tui.domain.messaging.relaying import NAME_LIMIT
from helpdesk_tui.domain.webchat.reading import moment_text
from helpdesk_tui.relay.bodies import Pace, announced, read_file
from helpdesk_tui.relay.box import check_token
from helpdesk_tui.relay.core import number, relay_of
from helpdesk_tui.relay.files import move
from helpdesk_tui.relay.proxies import public_base
from helpdesk_tui.relay.refusals import Refused, not_found, too_large, unreadable
from helpdesk_tui.relay.store.media import (
    Medium,
    check_room,
    forget_medium,
    medium_of,
    note_fetched,
    put_medium,
)
from helpdesk_tui.relay.store.store import Write

_TOKEN = re.compile(r"[A-Za-z0-9_-]{26,128}")
"""At least 128 bits, however they are written; also a fair file name."""
_TYPE = re.compile(r"[a-z0-9][a-z0-9.+-]{0,60}/[a-z0-9][a-z0-9.+-]{0,100}")
_ACTIVE = re.compile(r"html|xml|script|svg|x-shockwave")
"""What a browser might run: it is given out as a download, in case one ever comes here."""
_UNFIT = re.compile(r"[^A-Za-z0-9_-]+")
_EXTENSION = re.compile(r"[A-Za-z0-9]{1,5}")
_SECONDS = 600.0
"""A large file may take as long."""


async def put(request: Request) -> Response:
    """``PUT /box/v1/media/TOKEN``: the bytes of a file for a provider."""
    relay = await check_token(request)
    config = relay.config
    token = _token(request)
    content_type = request.query_params.get("type", "").lower()
    if not _TYPE.fullmatch(content_type):
        raise unreadable("type")
    seconds = number(request, "seconds", otherwise=3_600, most=config.media_seconds)
    size = announced(request)
    if size > config.media_limit:
        raise too_large(config.media_limit)
    most = size or config.media_limit
    work = partial(check_room, token=token, size=most, most=config.media_total)
    await relay.store.read(work)
    folder = relay.store.media
    saved = await read_file(request, most, folder, Pace(config.body_seconds, _SECONDS))
    try:
        if not saved.size:
            raise unreadable("file")
        name = safe_name(request.query_params.get("name", ""))
        medium = Medium(token, name, content_type, saved.size)
        await relay.store.write(
            partial(_keep, medium=medium, seconds=seconds, path=saved.path, folder=folder)
        )
    finally:
        saved.path.unlink(missing_ok=True)
    return JSONResponse({"url": f"{public_base(request, config)}/m/{token}/{name}"})


async def state(request: Request) -> Response:
    """``GET /box/v1/media/TOKEN``: whether a file was fetched."""
    relay = await check_token(request)
    found = await _medium(request)
    if found is None or not (relay.store.media / found.token).is_file():
        raise Refused(404, "media.unknown")
    return JSONResponse({"fetched": found.fetched, "expires": found.expires})


async def delete(request: Request) -> Response:
    """``DELETE /box/v1/media/TOKEN``: the provider has it."""
    relay = await check_token(request)
    await relay.store.write(partial(forget_medium, token=_token(request), folder=relay.store.media))
    return Response(status_code=204)


async def show(request: Request) -> Response:
    """``GET /m/TOKEN/NAME``, and ``HEAD``: the file, with its type and its length."""
    relay = relay_of(request)
    found = await _medium(request)
    path = relay.store.media / (found.token if found else "")
    if found is None or found.name != request.path_params["name"] or not path.is_file():
        raise not_found()
    if request.method != "HEAD":
        grace = relay.config.media_grace
        await relay.store.write(partial(note_fetched, token=found.token, grace=grace))
    shown = "attachment" if _ACTIVE.search(found.content_type) else "inline"
    return FileResponse(
        path,
        headers={
            # exactly as the box said: providers compare it with the bytes
            "Content-Type": found.content_type,
            "Content-Disposition": f'{shown}; filename="{found.name}"',
        },
    )


def safe_name(given: str) -> str:
    """Return a name as every provider takes it: short, of plain letters, its ending kept."""
    stem, dot, ending = given.rpartition(".")
    if not dot or not _EXTENSION.fullmatch(ending):
        stem, ending = given, ""
    plain = _UNFIT.sub("-", stem).strip("-")
    room = NAME_LIMIT - (len(ending) + 1 if ending else 0)
    plain = plain[:room].strip("-") or "file"
    return f"{plain}.{ending}" if ending else plain


async def _medium(request: Request) -> Medium | None:
    relay = relay_of(request)
    token = request.path_params["token"]
    at = moment_text(relay.store.now)
    return await relay.store.read(partial(medium_of, token=token, at=at))


def _token(request: Request) -> str:
    token: str = request.path_params["token"]
    if not _TOKEN.fullmatch(token):
        raise unreadable("token")
    return token


def _keep(write: Write, medium: Medium, seconds: float, path: Path, folder: Path) -> None:
    move(path, folder / medium.token)
    put_medium(write, medium, seconds)
