"""Files that only further programs can read, read by these: HEIC pictures and PDF pages."""

from __future__ import annotations

import io
import shutil

import pytest
from PIL import Image

from helpdesk_tui.domain.pictures import Thumbnail
from helpdesk_tui.services.media import pages
from helpdesk_tui.services.media.first_picture import small_picture

RED = (220, 30, 40)
_PARTS = (
    b"<</Type/Catalog/Pages 2 0 R>>",
    b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
    b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]/Contents 4 0 R>>",
    b"<</Length 39>>stream\n0.9 0.1 0.1 rg 0 0 200 100 re f        \nendstream",
)


def pdf() -> bytes:
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, part in enumerate(_PARTS, start=1):
        places.append(len(out))
        out += b"%d 0 obj%s endobj\n" % (number, part)
    table = len(out)
    out += b"xref\n0 5\n0000000000 65535 f \n"
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer<</Root 1 0 R/Size 5>>\nstartxref\n%d\n%%%%EOF\n" % table
    return bytes(out)


def near(found: bytes, wanted: tuple[int, int, int]) -> bool:
    return all(abs(one - two) < 40 for one, two in zip(found, wanted, strict=False))


def test_a_picture_of_an_iphone_is_read() -> None:
    heif = pytest.importorskip("pillow_heif", reason="the extra heic is not installed")
    out = io.BytesIO()
    heif.from_pillow(Image.new("RGB", (128, 64), RED)).save(out, quality=90)
    made = small_picture(out.getvalue(), 16, 12)
    assert isinstance(made, Thumbnail)
    assert (made.width, made.height) == (128, 64)
    assert near(made.colours, RED)


@pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="poppler-utils is not installed")
def test_the_first_page_of_a_document_is_drawn() -> None:
    page = pages.first_page(pdf())
    with Image.open(io.BytesIO(page)) as image:
        assert image.width == 2 * image.height
        assert near(bytes(image.convert("RGB").tobytes()), (230, 26, 26))


@pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="poppler-utils is not installed")
@pytest.mark.parametrize("data", [b"%PDF-1.4\n", b"%PDF-1.4\n" + b"\0" * 5_000, pdf()[:180]])
def test_a_broken_document_has_no_page(data: bytes) -> None:
    assert pages.first_page(data) == b""
