"""Files on their way out: looked over, cleaned, made smaller, blacked out."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from helpdesk_tui.domain.actor import Actor, ActorKind
from helpdesk_tui.domain.errors import NotFound, UsageError
from helpdesk_tui.domain.mail import OutgoingFile
from helpdesk_tui.domain.media.limits import findings_of, limits_of
from helpdesk_tui.domain.media.personal_data import DataKind
from helpdesk_tui.domain.messages import AttachmentRow, DraftKind
from helpdesk_tui.services.drafts import Drafts
from helpdesk_tui.services.media.outgoing import OutgoingMedia, cleaned
from helpdesk_tui.services.media.redacting import Region, redact
from helpdesk_tui.services.media.shrinking import shares, shrink
from helpdesk_tui.services.settings import Settings
from tests.support.store import add_agent, add_ticket, make_store

MB = 1_000_000


def noise(width: int, height: int, kind: str = "JPEG", mode: str = "RGB") -> bytes:
    out = io.BytesIO()
    image = Image.effect_noise((width, height), 90).convert(mode)
    image.save(out, kind, **({"quality": 97} if kind == "JPEG" else {}))
    return out.getvalue()


def brightest_of(image: Image.Image) -> int:
    return max(image.tobytes())


def file(name: str, kind: str, size: int) -> AttachmentRow:
    return AttachmentRow(1, name, kind, size, "", inline=False)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_large_picture_is_made_to_fit_and_keeps_its_shape(kind: str) -> None:
    data = noise(1_600, 1_000, kind)
    shrunk = shrink(data, 200_000)
    assert len(shrunk.data) <= 200_000 < len(data)
    assert shrunk.before_size == len(data)
    assert (shrunk.before_width, shrunk.before_height) == (1_600, 1_000)
    assert shrunk.width / shrunk.height == pytest.approx(1.6, rel=0.02)
    with Image.open(io.BytesIO(shrunk.data)) as image:
        assert image.format == "JPEG"
        assert image.size == (shrunk.width, shrunk.height)
        assert not image.getexif()


def test_a_picture_that_lies_on_its_side_stands_up() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    out = io.BytesIO()
    Image.effect_noise((800, 400), 90).convert("RGB").save(out, "JPEG", exif=exif, quality=97)
    shrunk = shrink(out.getvalue(), 60_000)
    assert shrunk.width < shrunk.height
    assert (shrunk.before_width, shrunk.before_height) == (400, 800)


def test_what_cannot_be_made_smaller_says_so() -> None:
    with pytest.raises(UsageError, match=r"media\.cannot-shrink"):
        shrink(noise(900, 900), 1_000)
    with pytest.raises(UsageError, match=r"media\.no-picture"):
        shrink(b"no picture", 1_000)


def test_a_moving_picture_is_not_made_to_stand() -> None:
    out = io.BytesIO()
    frames = [Image.new("RGB", (40, 40), (shade, 0, 0)) for shade in (1, 200)]
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    for work in (lambda: shrink(out.getvalue(), 10), lambda: redact(out.getvalue(), [])):
        with pytest.raises(UsageError, match=r"media\.moves"):
            work()


@pytest.mark.parametrize(
    ("sizes", "rest", "most", "given"),
    [
        ([300, 400], 0, 1_000, [300, 400]),
        ([5_000, 100], 0, 600, [500, 100]),
        ([3_000, 1_000], 0, 2_000, [1_000, 1_000]),
        ([4_000, 4_000], 200, 1_000, [400, 400]),
    ],
)
def test_pictures_share_the_room(sizes: list[int], rest: int, most: int, given: list[int]) -> None:
    assert shares(sizes, rest, most) == given


def test_no_room_beside_other_files_is_an_error() -> None:
    with pytest.raises(UsageError, match=r"media\.cannot-shrink"):
        shares([100], 1_000, 1_000)


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_what_is_blacked_out_is_gone(kind: str) -> None:
    data = noise(300, 200, kind)
    done = redact(data, [Region(0.1, 0.2, 0.5, 0.6), Region(0.9, 0.9, 1, 1)])
    assert (done.width, done.height) == (300, 200)
    with Image.open(io.BytesIO(done.data)) as image:
        assert image.format == kind
        plain = image.convert("RGB")
    # JPEG blurs edges a little: the middle of each is as black as black gets
    for box in ((34, 44, 146, 116), (272, 184, 298, 198)):
        assert brightest_of(plain.crop(box)) <= 12
    assert brightest_of(plain.crop((0, 0, 20, 20))) > 100


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_what_is_made_of_a_picture_tells_nothing_beside_it(kind: str) -> None:
    told = b"where Lena lives"
    exif, text = Image.Exif(), PngInfo()
    exif[0x010E] = told.decode()
    text.add_text("Comment", told.decode())
    out = io.BytesIO()
    picture = Image.effect_noise((300, 200), 90).convert("RGB")
    picture.save(out, kind, exif=exif, comment=told, xmp=told, pnginfo=text)
    data = out.getvalue()
    assert told in data
    assert told not in redact(data, [Region(0, 0, 0.5, 0.5)]).data
    assert told not in shrink(data, 20_000).data


def test_a_photo_that_brings_a_second_one_along_does_not_move() -> None:
    out = io.BytesIO()
    picture = Image.effect_noise((300, 200), 90).convert("RGB")
    picture.save(out, "MPO", save_all=True, append_images=[picture.convert("L").convert("RGB")])
    assert redact(out.getvalue(), [Region(0, 0, 0.5, 0.5)]).width == 300
    assert shrink(out.getvalue(), 10_000).size <= 10_000


def claiming(kind: str, width: int, height: int) -> bytes:
    """Return a small picture that claims another size."""
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, kind)
    data = bytearray(out.getvalue())
    if kind == "PNG":
        data[16:24] = struct.pack(">II", width, height)
        data[29:33] = struct.pack(">I", zlib.crc32(data[12:29]))
    elif kind == "GIF":
        data[6:10] = struct.pack("<HH", width, height)
    else:
        at = data.index(b"\xff\xc0")
        data[at + 5 : at + 9] = struct.pack(">HH", height, width)
    return bytes(data)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF"])
@pytest.mark.parametrize("size", [(60_000, 60_000), (9_000, 8_000), (8_000, 6_500)])
def test_a_bomb_is_not_unpacked_and_says_how_large_it_claims_to_be(
    kind: str, size: tuple[int, int]
) -> None:
    data = claiming(kind, *size)
    for work in (lambda: shrink(data, 100), lambda: redact(data, [Region(0, 0, 1, 1)])):
        with pytest.raises(UsageError) as refused:
            work()
        assert refused.value.code == "media.too-many-pixels"
        assert (refused.value.values["width"], refused.value.values["height"]) == size


def test_a_region_of_nothing_is_an_error() -> None:
    with pytest.raises(UsageError, match=r"media\.nothing-chosen"):
        redact(noise(30, 30), [Region(0.5, 0.5, 0.5, 0.9)])


@pytest.mark.parametrize(
    ("channel", "provider", "files", "codes"),
    [
        ("sms", "twilio", [("a.jpg", "image/jpeg", 400_000)], []),
        ("sms", "twilio", [("a.jpg", "image/jpeg", 700_000)], ["media.may-not-arrive"]),
        ("sms", "twilio", [("a.pdf", "application/pdf", 550_000)], ["media.may-not-arrive"]),
        ("sms", "twilio", [("a.jpg", "image/jpeg", 5_100_000)], ["media.too-large"]),
        ("sms", "twilio", [("a.jpg", "image/jpeg", 3 * MB)] * 2, ["media.too-large-together"]),
        ("sms", "twilio", [("a.jpg", "image/jpeg", 1_000)] * 11, ["media.too-many"]),
        ("sms", "twilio", [("a.exe", "application/x-msdownload", 9)], ["media.not-taken"]),
        ("sms", "twilio", [("a.jpg", "image/jpeg", 0)], ["media.empty"]),
        ("whatsapp", "twilio", [("a.gif", "image/gif", 9)], ["media.not-taken"]),
        ("whatsapp", "twilio", [("a.pdf", "application/pdf", 17 * MB)], ["media.too-large"]),
        ("whatsapp", "meta", [("a.pdf", "application/pdf", 17 * MB)], ["media.slow"]),
        ("whatsapp", "meta", [("a.png", "image/png", 6 * MB)], ["media.too-large"]),
        ("whatsapp", "meta", [("a.ogg", "audio/ogg; codecs=opus", 9)], []),
        ("instagram", "instagram-login", [("a.jpg", "image/jpeg", 9 * MB)], ["media.too-large"]),
        ("instagram", "instagram-login", [("a.webp", "image/webp", 9)], ["media.not-taken"]),
        ("email", "", [("a.bin", "application/octet-stream", 6 * MB)], ["media.slow"]),
        ("email", "", [("a.bin", "application/octet-stream", 26 * MB)],
         ["media.too-large-together"]),
        ("webchat", "", [("a.html", "text/html", 100)], []),
    ],
)  # fmt: skip
def test_limits_speak_before_anything_is_queued(
    channel: str, provider: str, files: list[tuple[str, str, int]], codes: list[str]
) -> None:
    found = findings_of(limits_of(channel, provider), [file(*each) for each in files])
    assert [each.code for each in found] == codes
    assert all(each.is_refusal for each in found if each.code.startswith("media.too"))


@pytest.fixture
def store(tmp_path):
    store = make_store(tmp_path)
    yield store
    store.close()


def picture_with_place() -> bytes:
    exif = Image.Exif()
    exif[0x010F] = "place"
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "JPEG", exif=exif)
    return out.getvalue()


def test_pictures_leave_without_the_place_they_were_taken(store):
    sent = [OutgoingFile("a.jpg", "image/jpeg", picture_with_place()),
            OutgoingFile("b.txt", "text/plain", b"place")]  # fmt: skip
    picture, text = cleaned(store, sent)
    assert b"place" not in picture.data
    assert text.data == b"place"


def test_a_desk_may_keep_what_pictures_tell(store):
    Settings(store, Actor(ActorKind.SYSTEM)).set("remove-metadata", "off", desk=True)
    (picture,) = cleaned(store, [OutgoingFile("a.jpg", "image/jpeg", picture_with_place())])
    assert b"place" in picture.data


@pytest.fixture
def media(store):
    return OutgoingMedia(store, Actor(ActorKind.AGENT, add_agent(store, "anna"), "anna"))


def attached(store, ticket, name, data):
    actor = Actor(ActorKind.AGENT, add_agent(store, "anna"), "anna")
    return Drafts(store, actor).attach(ticket, DraftKind.REPLY, name, data)


def test_private_data_is_asked_about_unless_the_thread_knows_it(store, media):
    ticket = add_ticket(store)
    other = add_ticket(store, name="Ola", email="ola@x.example")
    text = "card 4111 1111 1111 1111, ask ola@x.example"
    found = media.look_over(ticket, text, ()).personal
    assert {each.kind for each in found} == {DataKind.CARD, DataKind.EMAIL}
    assert [each.kind for each in media.look_over(other, text, ()).personal] == [DataKind.CARD]
    Settings(store, Actor(ActorKind.SYSTEM)).set("ask-personal-data", "off", desk=True)
    assert media.look_over(ticket, text, ()).personal == ()


def test_files_alone_want_a_word(store, media):
    ticket = add_ticket(store)
    row = attached(store, ticket, "a.jpg", noise(40, 40))
    assert media.look_over(ticket, " ", [row]).wants_words
    assert not media.look_over(ticket, "here", [row]).wants_words
    assert not media.look_over(ticket, "", []).wants_words


def test_a_file_of_a_draft_gets_other_bytes_and_has_the_former_again(store, media):
    ticket = add_ticket(store)
    row = attached(store, ticket, "label.webp", noise(400, 400, "WEBP"))
    shrunk = media.shrink([row], 12_000)[row.id]
    changed = media.put(row, shrunk.data, shrunk.content_type)
    assert (changed.filename, changed.content_type) == ("label.jpg", "image/jpeg")
    assert media.bytes_of(changed) == shrunk.data
    assert media.files(ticket, DraftKind.REPLY) == (changed,)
    media.put_back(row)
    assert media.files(ticket, DraftKind.REPLY) == (row,)
    assert len(media.bytes_of(row)) == row.size


def test_a_draft_of_another_agent_is_left_alone(store, media):
    row = attached(store, add_ticket(store), "a.jpg", noise(40, 40))
    other = OutgoingMedia(store, Actor(ActorKind.AGENT, add_agent(store, "bert"), "bert"))
    with pytest.raises(NotFound, match=r"attachment\.missing"):
        other.put(row, b"x", "image/png")
