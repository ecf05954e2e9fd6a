"""Pictures for tests."""

from __future__ import annotations

import io
from functools import cache

from PIL import Image


@cache
def picture(width: int = 8, height: int = 6, colour: str = "teal", kind: str = "PNG") -> bytes:
    """Return a small picture of one colour."""
    held = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(held, kind)
    return held.getvalue()
