"""How providers sign: over the bytes as they came, before anything is made of them."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

_MOST_FIELDS = 1_000
_PORTS = {"http": 80, "https": 443}
_META = "sha256="


def is_metas(body: bytes, signature: str, secrets: Iterable[str]) -> bool:
    """Tell whether a body carries the signature of Meta, by one of the app's secrets.

    Args:
        body: The bytes as they came.
        signature: The header ``X-Hub-Signature-256``.
        secrets: An empty one signs nothing, nor does one of blanks.
    """
    if not signature.startswith(_META):
        return False
    expected = [
        hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        for secret in secrets
        if secret.strip()
    ]
    return _is_one(signature.removeprefix(_META), expected)


def is_twilios(urls: Sequence[str], body: bytes, signature: str, secrets: Iterable[str]) -> bool:
    """Tell whether a form carries the signature of Twilio, by one of the account's tokens.

    Args:
        urls: The address as Twilio may have called it, query included.
        body: The form as it came.
        signature: The header ``X-Twilio-Signature``.
        secrets: An empty one signs nothing, nor does one of blanks.
    """
    fields = _fields(body)
    if fields is None or not signature:
        return False
    expected = [
        base64.b64encode(
            hmac.new(secret.encode(), url.encode() + fields, hashlib.sha1).digest()
        ).decode()
        for secret in secrets
        if secret.strip()
        for url in urls
    ]
    return _is_one(signature, expected)


def called_as(base: str, path: str, query: str) -> tuple[str, ...]:
    """Return how a provider may have written an address of ours.

    Some name the port that goes without saying and some do not; a proxy may write the characters
    of a query in another way than they were sent.

    Args:
        base: What stands before the path.
        path: From the root on.
        query: As it came, without the question mark.
    """
    found: dict[str, None] = {}
    for way in _queries(query):
        for start in _with_and_without_port(base):
            found[f"{start}{path}" + (f"?{way}" if way else "")] = None
    return tuple(found)


def _queries(query: str) -> Iterator[str]:
    yield query
    if not query:
        return
    try:
        fields = parse_qsl(
            query, keep_blank_values=True, encoding="latin-1", max_num_fields=_MOST_FIELDS
        )
    except ValueError:
        return
    yield urlencode(fields, encoding="latin-1", quote_via=quote)
    yield urlencode(fields, encoding="latin-1")


def _with_and_without_port(base: str) -> Iterator[str]:
    parts = urlsplit(base)
    host = parts.netloc
    yield base
    usual = f":{_PORTS.get(parts.scheme, 0)}"
    if host.endswith(usual):
        yield urlunsplit(parts._replace(netloc=host.removesuffix(usual)))
    elif parts.port is None:
        yield urlunsplit(parts._replace(netloc=host + usual))


def _fields(body: bytes) -> bytes | None:
    """Return names and values of a form as they are signed: sorted, one behind the other."""
    try:
        # latin-1 both ways keeps every byte as it came
        found = parse_qsl(
            body.decode("latin-1"),
            keep_blank_values=True,
            encoding="latin-1",
            max_num_fields=_MOST_FIELDS,
        )
    except ValueError:
        return None
    return "".join(name + value for name, value in sorted(set(found))).encode("latin-1")


def _is_one(given: str, expected: Sequence[str]) -> bool:
    """Compare with all, in the same time whichever it is."""
    is_right = False
    for each in expected:
        is_right |= hmac.compare_digest(given.encode(), each.encode())
    return is_right
