"""The route of the widget's script: the one thing that any page may load."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from helpdesk_tui.relay.widget import widget_etag, widget_script

_KEPT = "public, max-age=300, stale-while-revalidate=86400"


async def show_script(request: Request) -> Response:
    """``GET /widget.js``."""
    headers = {"ETag": widget_etag(), "Cache-Control": _KEPT}
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    return Response(widget_script(), headers=headers, media_type="text/javascript")
