"""Routes of files: visitors send theirs up, the box puts ours; both fetch the other's."""

from __future__ import annotations

import os
import re
from functools import partial
from pathlib import Path
from urllib.parse import unquote

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response

from helpdesk_tui.domain.media.sniffing import content_type
from helpdesk_tui.domain.text import clean
from helpdesk_tui.domain.webchat.wire import FILE_LIMIT, WireFile
from helpdesk_tui.relay.bodies import patience_for_files, read_file
from helpdesk_tui.relay.box import check_token, site_name
from helpdesk_tui.relay.browsers import check_open, visitor_for
from helpdesk_tui.relay.core import relay_of
from helpdesk_tui.relay.entries import file_json
from helpdesk_tui.relay.refusals import not_found, unreadable
from helpdesk_tui.relay.store.files import (
    add_ours,
    add_upload,
    check_room,
    given_to,
    new_id,
    ours_path,
    upload_of,
)
from helpdesk_tui.relay.store.store import Write
from helpdesk_tui.relay.values import Upload

_SHA256 = re.compile(r"[0-9a-f]{64}")
_MOST_NAME = 200
_OCTETS = "application/octet-stream"


async def send_up(request: Request) -> Response:
    """``POST /v1/chat/files``: a file of a visitor, for one of their next messages."""
    relay = relay_of(request)
    config = relay.config
    session, visitor = await visitor_for(request, "upload", config.rates.uploads)
    await relay.check_address("upload", request, config.rates.uploads_address)
    check_open(relay, session.site)
    await relay.store.read(partial(check_room, visitor=visitor))
    saved = await read_file(
        request, config.file_limit, relay.store.uploads, patience_for_files(config)
    )
    try:
        if not saved.size:
            raise unreadable("file")
        name = _name(request.headers.get("x-file-name", ""))
        file = WireFile(new_id(), name, content_type(saved.head, name), saved.size, saved.sha256)
        upload = Upload(file.id, session.site, visitor, file)
        await relay.store.write(
            partial(_keep_upload, upload=upload, path=saved.path, folder=relay.store.uploads)
        )
    finally:
        saved.path.unlink(missing_ok=True)
    return JSONResponse(file_json(file), 201)


async def show_file(request: Request) -> Response:
    """``GET /v1/chat/files/ID``: one of the visitor's own conversations, always a download."""
    relay = relay_of(request)
    _, visitor = await visitor_for(request, "read", relay.config.rates.reads)
    asked = request.path_params["id"]
    upload = await relay.store.read(partial(upload_of, id=asked))
    if upload is not None and upload.visitor == visitor:
        return _download(relay.store.uploads / upload.id, upload.file)
    given = await relay.store.read(partial(given_to, visitor=visitor, sha256=asked))
    if given is None:
        raise not_found()
    file, site = given
    return _download(ours_path(relay.store.ours, site, file.sha256), file)


async def put_ours(request: Request) -> Response:
    """``PUT /box/v1/files/SHA256``: the bytes of a file of ours, before its message."""
    relay = await check_token(request)
    site = site_name(request)
    sha256 = request.path_params["id"]
    if not _SHA256.fullmatch(sha256):
        raise unreadable("sha256")
    saved = await read_file(request, FILE_LIMIT, relay.store.ours, patience_for_files(relay.config))
    try:
        if saved.sha256 != sha256:
            raise unreadable("sha256")
        await relay.store.write(
            partial(_keep_ours, site=site, sha256=sha256, size=saved.size, path=saved.path,
                    folder=relay.store.ours)
        )  # fmt: skip
    finally:
        saved.path.unlink(missing_ok=True)
    return Response(status_code=204)


async def show_upload(request: Request) -> Response:
    """``GET /box/v1/files/ID``: the bytes of a visitor's file."""
    relay = await check_token(request)
    site = site_name(request)
    upload = await relay.store.read(partial(upload_of, id=request.path_params["id"]))
    if upload is None or upload.site != site:
        raise not_found()
    path = relay.store.uploads / upload.id
    if not path.is_file():
        raise not_found()
    return FileResponse(path, media_type=_OCTETS)


def _keep_upload(write: Write, upload: Upload, path: Path, folder: Path) -> None:
    move(path, folder / upload.id)
    add_upload(write, upload)


def _keep_ours(write: Write, site: str, sha256: str, size: int, path: Path, folder: Path) -> None:
    move(path, ours_path(folder, site, sha256))
    add_ours(write, site, sha256, size)


def move(path: Path, target: Path) -> None:
    """Give a file its name for good: it lasts before the row that names it."""
    path.replace(target)
    folder = os.open(target.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _download(path: Path, file: WireFile) -> Response:
    if not path.is_file():
        raise not_found()
    kind = file.content_type if file.content_type.isascii() else _OCTETS
    return FileResponse(path, media_type=kind, filename=file.name or "file")


def _name(given: str) -> str:
    """Return the label of a file: its last part, harmless and not too long."""
    name = clean(unquote(given[: 9 * _MOST_NAME], errors="replace"))
    name = re.split(r"[/\\]", name)[-1].strip().strip(".")
    return name[-_MOST_NAME:] or "file"
