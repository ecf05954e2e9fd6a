"""The widget's script and texts as files: small, complete, and without any way to read markup."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import pytest

from helpdesk_tui.domain.languages import TAGS
from helpdesk_tui.domain.webchat.site_wire import site_json
from helpdesk_tui.relay import widget
from helpdesk_tui.relay.widget import widget_etag, widget_script, widget_texts
from tests.support.relay import SITE, running_relay

_FOLDER = Path(widget.__file__).parent
_PLURALS = {
    "en": {"one", "other"},
    "pl": {"one", "few", "many", "other"},
    "sv": {"one", "other"},
    "pt-BR": {"one", "many", "other"},
}
_PLACE = re.compile(r"\{\w+\}")


def _own(language: str) -> dict[str, str | dict[str, str]]:
    texts: dict[str, str | dict[str, str]] = json.loads(
        (_FOLDER / "texts" / f"{language}.json").read_text(encoding="utf-8")
    )
    return texts


def test_script_and_the_longest_texts_stay_below_thirty_kilobytes() -> None:
    texts = max(
        len(gzip.compress(json.dumps(widget_texts(each), ensure_ascii=False).encode(), 9))
        for each in TAGS
    )
    assert len(gzip.compress(widget_script(), 9)) + texts < 30_000


def test_every_source_is_in_the_script() -> None:
    script = widget_script().decode()
    for source in (_FOLDER / "source").glob("*.js"):
        names = re.findall(r"^(?:class|function|async function) (\w+)", source.read_text(), re.M)
        assert names, source
        assert all(re.search(rf"(?:class|function) {name}\b", script) for name in names), source


@pytest.mark.parametrize(
    "way",
    ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function",
     "DOMParser", "srcdoc", "createContextualFragment", "document.cookie", "javascript:"],
)  # fmt: skip
def test_script_knows_no_way_to_read_markup_or_to_keep_cookies(way: str) -> None:
    assert way not in widget_script().decode()


@pytest.mark.parametrize("language", TAGS)
def test_texts_are_complete_in_every_language(language: str) -> None:
    english, own = _own("en"), _own(language)
    assert own.keys() == english.keys()
    for name, text in own.items():
        forms = list(text.values()) if isinstance(text, dict) else [text]
        base = english[name]
        places = set(_PLACE.findall(base["other"] if isinstance(base, dict) else base))
        assert isinstance(text, dict) == isinstance(base, dict), name
        if isinstance(text, dict):
            assert set(text) == _PLURALS[language], name
        assert all(form.strip() for form in forms), name
        may_lack = {"{name}"} if name == "greeting" else set()
        assert all(set(_PLACE.findall(form)) | may_lack >= places for form in forms), name


def test_every_text_is_said_somewhere_and_every_said_text_is_there() -> None:
    sources = "".join(each.read_text() for each in (_FOLDER / "source").glob("*.js"))
    said = set(re.findall(r"""say\("(\w+)\"""", sources))
    texts = set(_own("en"))
    assert said - texts - {"title", "away"} == set()
    assert {each for each in texts if f'"{each}"' not in sources and "state_" not in each} == set()


@pytest.mark.parametrize(
    ("asked", "greeting"),
    [("pt", "Olá {name}"), ("sv_FI", "Hej {name}"), ("PL", "Dzień dobry"), ("ja", "Hello {name}")],
)
def test_nearest_language_is_taken(asked: str, greeting: str) -> None:
    assert widget_texts(asked)["greeting"] == greeting


def test_relay_serves_the_script_once_and_the_texts_with_the_site(tmp_path: Path) -> None:
    site = {
        **site_json(SITE),
        "languages": ["pl"],
        "texts": {"pl": {"welcome": "Cześć", "back": ""}},
    }
    with running_relay(tmp_path) as relay, relay.browser() as browser:
        first = browser.get("/widget.js")
        again = browser.get("/widget.js", headers={"If-None-Match": first.headers["ETag"]})
        with relay.box() as box:
            box.put("/box/v1/site", json=site).raise_for_status()
        texts = browser.get("/v1/sites/shop", params={"language": "pl"}).json()["texts"]
    assert first.content == widget_script()
    assert first.headers["Content-Type"].startswith("text/javascript")
    assert first.headers["ETag"] == widget_etag()
    assert (again.status_code, again.content) == (304, b"")
    assert texts["welcome"] == "Cześć"
    assert texts["back"] == _own("pl")["back"]
