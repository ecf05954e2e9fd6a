"""Who is believed: what the shop signed in every respect, once, and nothing else."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given, settings
from hypothesis import strategies as st
from joserfc import jwe, jwt
from joserfc.jwk import OctKey, RSAKey

from helpdesk_tui.domain.webchat.wire import Visitor
from helpdesk_tui.relay.identity import LEEWAY, LONGEST, identify, signed_text
from tests.support.relay import IDENTITY_KEY, SITE

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
AT = int(NOW.timestamp())
ZOFIA = Visitor("1001", "zofia@customer.example", "Zofia Nowak")
OLD_KEY = "the-key-of-the-shop-before-rotation-9876543210"
ROTATED = replace(SITE, identity_keys=(IDENTITY_KEY, OLD_KEY))
CLAIMS: dict[str, Any] = {
    "sub": "1001",
    "email": "zofia@customer.example",
    "name": "Zofia Nowak",
    "aud": "shop",
    "iat": AT,
    "exp": AT + 600,
    "jti": "a1",
}


def fresh(nonce: str, until: datetime) -> bool:
    return False


class Noting:
    """Records what it is asked and knows nothing."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, datetime]] = []

    def __call__(self, nonce: str, until: datetime) -> bool:
        self.asked.append((nonce, until))
        return False


def token(key: str = IDENTITY_KEY, header: dict[str, Any] | None = None, **changes: Any) -> str:
    claims = {name: each for name, each in {**CLAIMS, **changes}.items() if each is not None}
    return jwt.encode({"alg": "HS256", **(header or {})}, claims, OctKey.import_key(key))


def by_hand(header: Any, payload: Any, key: bytes = b"", raw: bool = False) -> str:
    """Return a token with any header and payload, signed with ``key`` whatever it says."""
    parts = [each if raw else json.dumps(each).encode() for each in (header, payload)]
    head = b".".join(base64.urlsafe_b64encode(each).rstrip(b"=") for each in parts)
    made = hmac.new(key, head, hashlib.sha256).digest()
    return f"{head.decode()}.{base64.urlsafe_b64encode(made).rstrip(b'=').decode()}"


def signed(key: str = IDENTITY_KEY, site: str = "shop", **changes: Any) -> dict[str, Any]:
    """Return the signed text form; ``changes`` are made after signing."""
    text = signed_text(site, AT + 600, ZOFIA)
    return {
        "id": ZOFIA.id,
        "email": ZOFIA.email,
        "name": ZOFIA.name,
        "expires": AT + 600,
        "signature": hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest(),
        **changes,
    }


def test_a_token_of_the_shop_names_its_customer() -> None:
    assert identify(SITE, {"token": token()}, NOW, fresh) == ZOFIA


def test_a_signed_text_of_the_shop_names_its_customer() -> None:
    assert identify(SITE, {"signed": signed()}, NOW, fresh) == ZOFIA


def test_the_signed_text_is_what_the_page_for_shops_says() -> None:
    made = hmac.new(
        IDENTITY_KEY.encode(),
        f"v1|shop|{AT + 600}|1001|zofia@customer.example|Zofia Nowak".encode(),
        hashlib.sha256,
    ).hexdigest()
    assert signed()["signature"] == made


@pytest.mark.parametrize("number", [1001, "1001"])
def test_an_id_may_be_a_number_in_a_signed_text(number: object) -> None:
    assert identify(SITE, {"signed": signed(id=number)}, NOW, fresh) == ZOFIA


@pytest.mark.parametrize("name", ["", None])
def test_email_and_name_may_be_missing(name: object) -> None:
    assert identify(SITE, {"token": token(name=name, email=name)}, NOW, fresh) == Visitor("1001")


def test_the_key_before_rotation_counts_until_it_is_dropped() -> None:
    for said in ({"token": token(OLD_KEY)}, {"signed": signed(OLD_KEY)}):
        assert identify(ROTATED, said, NOW, fresh) == ZOFIA
        assert identify(SITE, said, NOW, fresh) is None


RSA = RSAKey.import_key(rsa.generate_private_key(public_exponent=65537, key_size=2048))
OCT = OctKey.import_key(IDENTITY_KEY)
ATTACKS: dict[str, Any] = {
    "alg none": by_hand({"alg": "none"}, CLAIMS).rpartition(".")[0] + ".",
    "alg none with a signature": by_hand({"alg": "none"}, CLAIMS, IDENTITY_KEY.encode()),
    "alg None": by_hand({"alg": "nOnE"}, CLAIMS, IDENTITY_KEY.encode()),
    "alg missing": by_hand({"typ": "JWT"}, CLAIMS, IDENTITY_KEY.encode()),
    "alg of another length": jwt.encode({"alg": "HS512"}, CLAIMS, OCT, algorithms=["HS512"]),
    "alg RS256 with its own key": jwt.encode(
        {"alg": "RS256", "jwk": RSA.as_dict(private=False)}, CLAIMS, RSA
    ),
    "own key in the header": by_hand(
        {"alg": "HS256", "jwk": {"kty": "oct", "k": "YXR0YWNrZXI"}}, CLAIMS, b"attacker"
    ),
    "key id that is a path": by_hand({"alg": "HS256", "kid": "../../dev/null"}, CLAIMS, b""),
    "unknown critical header": by_hand(
        {"alg": "HS256", "crit": ["x"], "x": 1}, CLAIMS, IDENTITY_KEY.encode()
    ),
    "payload not encoded": by_hand(
        {"alg": "HS256", "crit": ["b64"], "b64": False}, CLAIMS, IDENTITY_KEY.encode()
    ),
    "encrypted": jwe.encrypt_compact(
        {"alg": "dir", "enc": "A128CBC-HS256"},
        json.dumps(CLAIMS).encode(),
        OctKey.import_key(b"0" * 32),
    ),
    "empty key": by_hand({"alg": "HS256"}, CLAIMS, b""),
    "wrong key": token("another-shop-entirely-another-shop-entirely"),
    "key in small letters": token(IDENTITY_KEY.upper()),
    "expired": token(exp=AT - 61, iat=AT - 600),
    "without exp": token(exp=None),
    "without iat": token(iat=None),
    "without sub": token(sub=None),
    "without aud": token(aud=None),
    "exp null": by_hand({"alg": "HS256"}, {**CLAIMS, "exp": None}, IDENTITY_KEY.encode()),
    "exp text": token(exp=str(AT + 600)),
    "exp true": token(exp=True),
    "exp endless": by_hand(
        b'{"alg":"HS256"}',
        b'{"sub":"1001","aud":"shop","iat":%d,"exp":Infinity}' % AT,
        IDENTITY_KEY.encode(),
        raw=True,
    ),
    "exp no number": by_hand(
        b'{"alg":"HS256"}',
        b'{"sub":"1001","aud":"shop","iat":%d,"exp":NaN}' % AT,
        IDENTITY_KEY.encode(),
        raw=True,
    ),
    "exp huge": token(exp=10**30),
    "good for too long": token(exp=AT + int(LONGEST.total_seconds()) + 61),
    "issued in the future": token(iat=AT + 61),
    "not yet": token(nbf=AT + 61),
    "other site": token(aud="other"),
    "site as a beginning": token(aud="shop2"),
    "site in other letters": token(aud="SHOP"),
    "sites without this one": token(aud=["other", "third"]),
    "aud object": token(aud={"shop": True}),
    "sub empty": token(sub=""),
    "sub blank": token(sub="   "),
    "sub number": token(sub=7),
    "sub list": token(sub=["1001"]),
    "sub huge": token(sub="x" * 257),
    "sub with an escape": token(sub="1001\x1b[2J"),
    "sub turned around": token(sub="1001\u202e"),
    "name object": token(name={"$gt": ""}),
    "email list": token(email=["zofia@customer.example"]),
    "claims no object": by_hand({"alg": "HS256"}, ["sub"], IDENTITY_KEY.encode()),
    "header no object": by_hand(["alg"], CLAIMS, IDENTITY_KEY.encode()),
    "header a text": by_hand("HS256", CLAIMS, IDENTITY_KEY.encode()),
    "deep header": by_hand(b'{"alg":' + b"[" * 1_000 + b"]" * 1_000 + b"}", b"{}", b"", raw=True),
    "huge": token(name="x" * 20_000),
    "signature cut": token()[:-4],
    "signature empty": token().rpartition(".")[0] + ".",
    "padded": token() + "=",
    "with spaces": " " + token(),
    "with a line end": token() + "\n",
    "four parts": token() + ".e30",
    "two parts": token().rpartition(".")[0],
    "text": "hello",
    "empty": "",
    "dots": "..",
    "not ascii": "żółw.żółw.żółw",
    "surrogate": "\ud800.\ud800.\ud800",
    "number": 5,
    "list": [token()],
    "object": {"alg": "none"},
    "null": None,
    "bytes": token().encode(),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_a_bad_token_is_anonymous(name: str) -> None:
    def never(nonce: str, until: datetime) -> bool:
        raise AssertionError("asked about something that is not right")

    assert identify(SITE, {"token": ATTACKS[name]}, NOW, never) is None


FORGED: dict[str, Any] = {
    "other id": signed(id="1002"),
    "other email": signed(email="erik@customer.example"),
    "other name": signed(name="Erik Lund"),
    "longer": signed(expires=AT + 601),
    "other site": signed(site="other"),
    "wrong key": signed("another-shop-entirely-another-shop-entirely"),
    "empty key": signed(""),
    "signature cut": signed(signature=signed()["signature"][:-1]),
    "signature empty": signed(signature=""),
    "signature null": signed(signature=None),
    "signature number": signed(signature=0),
    "signature list": signed(signature=[signed()["signature"]]),
    "signature not ascii": signed(signature="ż" * 64),
    "expires text": signed(expires="soon"),
    "expires null": signed(expires=None),
    "expires fraction": signed(expires=AT + 600.0),
    "expires true": signed(expires=True),
    "expires with a sign": signed(expires=f"+{AT + 600}"),
    "expires with a zero": signed(expires=f"0{AT + 600}"),
    "expires huge": signed(expires=10**11),
    "expires in other digits": signed(expires="".join(chr(0x660 + int(c)) for c in str(AT + 600))),
    "id list": signed(id=["1001"]),
    "id true": signed(id=True),
    "parts moved": signed(id="1001|zofia@customer.example", email="Zofia Nowak", name=""),
    "surrogate": signed(name="\ud800"),
    "not an object": [1, 2],
    "text": "v1|shop",
}


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_signed_text_is_anonymous(name: str) -> None:
    assert identify(SITE, {"signed": FORGED[name]}, NOW, fresh) is None


@pytest.mark.parametrize("keys", [(), ("",), ("   ",), ("short",), ("x" * 31,)])
def test_no_key_or_a_weak_one_lets_nobody_in(keys: tuple[str, ...]) -> None:
    site = replace(SITE, identity_keys=keys)
    key = keys[0] if keys else ""
    for said in (
        {"token": by_hand({"alg": "HS256"}, CLAIMS, key.encode())},
        {"signed": signed(key)},
    ):
        assert identify(site, said, NOW, fresh) is None


@pytest.mark.parametrize(
    ("later", "is_known"),
    [
        (timedelta(seconds=600), True),
        (timedelta(seconds=600) + LEEWAY - timedelta(seconds=1), True),
        (timedelta(seconds=600) + LEEWAY, False),
        (timedelta(days=400), False),
        (-LEEWAY, True),
    ],
)
def test_both_forms_end_with_the_same_second(later: timedelta, is_known: bool) -> None:
    for said in ({"token": token()}, {"signed": signed()}):
        assert (identify(SITE, said, NOW + later, fresh) is not None) is is_known


def test_what_was_used_is_recorded_until_it_could_not_be_used_anyway() -> None:
    for said in ({"token": token()}, {"signed": signed()}):
        used = Noting()
        identify(SITE, said, NOW, used)
        assert used.asked[0][1] == NOW + timedelta(seconds=600) + LEEWAY
        assert identify(SITE, said, NOW, lambda *what: True) is None


def test_other_spellings_of_a_signature_are_the_same_use() -> None:
    """The last letter of a signature has bits that mean nothing: they make no new token."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    nonces, texts = Noting(), Noting()
    one = token()
    known = [identify(SITE, {"token": one[:-1] + each}, NOW, nonces) for each in letters]
    upper = signed(signature=signed()["signature"].upper())
    for said in (signed(), upper, signed(id=1001), signed(expires=str(AT + 600))):
        assert identify(SITE, {"signed": said}, NOW, texts)
    assert ZOFIA in known
    assert len({nonce for nonce, _ in nonces.asked}) == 1
    assert len({nonce for nonce, _ in texts.asked}) == 1


@pytest.mark.parametrize(
    "address",
    ["zofia@customer.example\r\nBcc: all@shop.example", "no address", "a@b@c", "<x@y>", "x" * 300],
)
def test_what_is_no_address_is_left_out(address: str) -> None:
    found = identify(SITE, {"token": token(email=address)}, NOW, fresh)
    assert found == replace(ZOFIA, email="")


def test_a_name_cannot_carry_what_a_terminal_obeys() -> None:
    found = identify(SITE, {"token": token(name="Zo\x1b]0;x\x07fia\u202e" + "x" * 500)}, NOW, fresh)
    assert found is not None
    assert len(found.name) == 200
    assert not {"\x1b", "\x07", "\u202e"} & set(found.name)


WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cf", "Zl", "Zp", "Zs", "Mn"]))
IDS = WORDS.filter(lambda text: 0 < len(text) <= 256 and "|" not in text)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_garbage_of_any_kind_is_anonymous(data: st.DataObject) -> None:
    plain = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary()
    anything = st.recursive(
        plain, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8
    )
    fields = st.fixed_dictionaries(
        {}, optional=dict.fromkeys(("id", "email", "name", "expires", "signature"), anything)
    )
    said = data.draw(st.fixed_dictionaries({}, optional={"token": anything, "signed": fields}))
    assert identify(SITE, said, NOW, fresh) is None


@settings(max_examples=300, deadline=None)
@given(st.integers(0, len(token()) - 1), st.integers(0, 0x10FFFF))
def test_a_token_with_any_sign_changed_is_anonymous_or_the_same(place: int, sign: int) -> None:
    one = token()
    changed = one[:place] + chr(sign) + one[place + 1 :]
    # only the last letter of the signature has another spelling
    expected = {ZOFIA, None} if place == len(one) - 1 or changed == one else {None}
    assert identify(SITE, {"token": changed}, NOW, fresh) in expected


@settings(max_examples=200, deadline=None)
@given(IDS, IDS, WORDS, IDS, IDS, WORDS)
def test_two_identities_never_have_the_same_text(
    id1: str, email1: str, name1: str, id2: str, email2: str, name2: str
) -> None:
    one, other = Visitor(id1, email1, name1), Visitor(id2, email2, name2)
    assert (signed_text("shop", AT, one) == signed_text("shop", AT, other)) is (one == other)
