"""The snippets for shops sign what the relay believes, each run by its own language."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

import pytest

from helpdesk_tui.domain.webchat.wire import Visitor
from helpdesk_tui.relay.identity import identify
from helpdesk_tui.services.snippets import LANGUAGES, snippet_of
from tests.support.relay import IDENTITY_KEY, SITE
from tests.support.waiting import PATIENCE

PAGE = Path(__file__).resolve().parents[2] / "docs" / "admins" / "webchat-identity.md"
CUSTOMER = ("1001", "zofia+chat@customer.example", 'Zofia "Żółw" O\'Neil <b>')
RUNS = {
    "python": ("identity.py", [sys.executable, "-c", "import json,sys; sys.path.insert(0, '.');"
               " from identity import identity_token as t; print(t(*json.loads(sys.argv[1])))"]),
    "node": ("identity.mjs", ["node", "--input-type=module", "-e", "const { identityToken } ="
             " await import(process.cwd() + '/identity.mjs');"
             " console.log(identityToken(...JSON.parse(process.argv[1])))"]),
    "ruby": ("identity.rb", ["ruby", "-r", "./identity.rb", "-r", "json", "-e",
             "puts identity_token(*JSON.parse(ARGV[0]))"]),
    "php": ("identity.php", ["php", "-r", "require './identity.php';"
            " echo identity_token(...json_decode($argv[1]));"]),
}  # fmt: skip


def run(language: str, folder: Path, customer: tuple[object, ...], key: str = IDENTITY_KEY) -> str:
    name, command = RUNS[language]
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed")
    text = snippet_of(language, relay="https://chat.shop.example", site=SITE.id)
    (folder / name).write_text(text, "utf-8")
    done = subprocess.run(
        [*command, json.dumps(customer)],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "HELPDESK_IDENTITY_KEY": key, "LANG": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    if not done.returncode:
        return done.stdout.strip()
    return ""


def known(token: str, site: str = SITE.id) -> Visitor | None:
    from dataclasses import replace

    asked = replace(SITE, id=site)
    return identify(asked, {"token": token}, datetime.now(UTC), lambda nonce, until: False)


@pytest.mark.parametrize("language", RUNS)
def test_a_snippet_signs_what_the_relay_believes(language: str, tmp_path: Path) -> None:
    token = run(language, tmp_path, CUSTOMER)
    assert known(token) == Visitor(*CUSTOMER)
    assert known(token, site="other") is None
    # each token is one of its own: the relay takes each once
    assert run(language, tmp_path, CUSTOMER) != token


@pytest.mark.parametrize("language", RUNS)
def test_a_snippet_takes_numbers_and_needs_no_name(language: str, tmp_path: Path) -> None:
    assert known(run(language, tmp_path, (1001,))) == Visitor("1001")


@pytest.mark.parametrize("language", RUNS)
def test_a_snippet_without_its_key_signs_nothing(language: str, tmp_path: Path) -> None:
    token = run(language, tmp_path, CUSTOMER, key="")
    assert token == "" or known(token) is None


def page_of_liquid(customer: dict[str, str] | None) -> str:
    """Return what the snippet makes of a customer, by an engine of that language."""
    liquid = pytest.importorskip("liquid", reason="python-liquid is not installed")
    engine = liquid.Environment()

    def hmac_sha256(text: object, key: object) -> str:
        # one of the shop platform's own additions to the language
        return hmac.new(str(key).encode(), str(text).encode(), hashlib.sha256).hexdigest()

    engine.add_filter("hmac_sha256", hmac_sha256)
    text = snippet_of("liquid", relay="https://chat.shop.example", site=SITE.id)
    shop = {"metafields": {"helpdesk": {"identity_key": {"value": IDENTITY_KEY}}}}
    return str(engine.from_string(text).render(customer=customer, shop=shop))


def test_the_theme_signs_what_the_relay_believes() -> None:
    page = page_of_liquid(dict(zip(("id", "email", "name"), CUSTOMER, strict=True)))
    given = {name: unescape(text) for name, text in re.findall(r'data-([a-z-]+)="([^"]*)"', page)}
    signed = {
        "id": given["user-id"],
        "email": given["user-email"],
        "name": given["user-name"],
        "expires": int(given["expires"]),
        "signature": given["signature"],
    }
    found = identify(SITE, {"signed": signed}, datetime.now(UTC), lambda nonce, until: False)
    assert found == Visitor(*CUSTOMER)
    assert given["site"] == SITE.id
    assert IDENTITY_KEY not in page


def test_the_theme_shows_the_tab_without_a_name_to_others() -> None:
    page = page_of_liquid(None)
    assert 'data-site="shop"' in page
    assert "signature" not in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_for_shops_shows_the_snippets_as_they_are(language: str) -> None:
    text = (Path(snippet_of.__code__.co_filename).parent / LANGUAGES[language]).read_text("utf-8")
    indented = "".join(f"    {line}".rstrip() + "\n" for line in text.splitlines())
    assert indented in PAGE.read_text("utf-8"), f"{LANGUAGES[language]} has changed"
