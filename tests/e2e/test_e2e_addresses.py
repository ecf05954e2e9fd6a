"""Support addresses from end to end: a real server forwards them into a real mailbox."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from helpdesk_tui.db.paths import StorePaths
from helpdesk_tui.services.worker_state import worker_running
from tests.support.company import CUSTOMER, HELP, LOST, VOID, Company, running_company
from tests.support.dovecot import USER
from tests.support.postfix import require_postfix
from tests.support.waiting import PATIENCE, until

pytestmark = [pytest.mark.dovecot, pytest.mark.slow]


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Company]:
    require_postfix()
    with running_company(tmp_path) as company:
        yield company


def state_of(company: Company, address: str) -> dict[str, Any]:
    """Return an address as the command line lists it."""
    listed = company.box.json_here("channel", "address", "list")["addresses"]
    return next(each for each in listed if each["address"] == address)


def test_an_address_is_added_tested_and_answered_from(company: Company) -> None:
    box = company.box
    added = box.json("channel", "address", "add", HELP, "--sender", "Brand Help")
    assert (added["state"], added["workspace"], added["channel"]) == ("pending", USER, "support")
    assert USER in added["handout"]
    assert "dministrator access" in added["access"]

    done = box.run("channel", "address", "test", HELP)
    assert "verified" in done.stdout
    assert "waiting until it comes back" in done.stderr
    known = state_of(company, HELP)
    assert (known["state"], known["error"]) == ("verified", None)
    assert known["verified_at"] is not None

    assert box.json_here("ticket", "list")["tickets"] == []
    assert box.json_here("intake", "list")["intake"] == []
    (row,) = box.json_here("intake", "list", "--all")["intake"]
    assert row["reason"] == "address-test"

    company.write(HELP, "Parcel QX77123")
    box.sync()
    (ticket,) = box.json_here("ticket", "list")["tickets"]
    assert (ticket["recipient"], ticket["customer"]["email"]) == (HELP, CUSTOMER)
    box.here("ticket", "reply", ticket["id"], "--text", "It left today.")
    box.sync()
    until(company.customer_mail)
    (answer,) = company.customer_mail()
    assert answer["From"] == f"Brand Help <{HELP}>"
    assert answer["To"].addresses[0].addr_spec == CUSTOMER


def test_an_address_without_forwarding_fails_until_it_is_mended(company: Company) -> None:
    box = company.box
    box.here("setting", "set", "address-test-timeout", "3s")
    box.here("channel", "address", "add", LOST)
    done = box.run("channel", "address", "test", LOST, expect=5)
    assert done.stdout == ""
    assert "did not arrive in time" in done.stderr
    assert "finished and saved" in done.stderr
    failing = state_of(company, LOST)
    assert (failing["state"], failing["error"]) == ("failing", "address.test-timed-out")
    until(company.customer_mail)
    (mail,) = company.customer_mail()
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["X-Auto-Response-Suppress"] == "All"

    token = mail["X-Helpdesk-Address-Test"]
    company.postfix.set_aliases({HELP: USER, LOST: USER})
    company.write(LOST, token)
    summary = box.sync()
    assert (summary["automatic"], summary["tickets"]) == (1, 0)
    assert state_of(company, LOST)["state"] == "verified"
    company.postfix.set_aliases({HELP: USER, LOST: VOID})
    box.run("channel", "address", "test", LOST, expect=5)
    assert state_of(company, LOST)["state"] == "failing"


def test_a_refused_address_fails_at_once(company: Company) -> None:
    company.box.here("channel", "address", "add", "nobody@brand.example")
    done = company.box.run("channel", "address", "test", "nobody@brand.example", "--json", expect=5)
    said = json.loads(done.stdout)
    assert (said["state"], said["error"]) == ("failing", "address.test-refused")
    assert (said["test"]["stage"], said["test"]["error"]) == ("failed", "smtp.refused")


def test_a_running_worker_does_the_test(company: Company) -> None:
    box = company.box
    box.here("channel", "address", "add", HELP)
    worker = subprocess.Popen(
        box.command("sync", "--quiet"), env=box.environment(), stdin=subprocess.DEVNULL
    )
    try:
        # the command would become the worker itself if it were the first to start
        until(lambda: worker_running(StorePaths(box.store)))
        done = box.run("channel", "address", "test", HELP, "--json")
    finally:
        worker.terminate()
        worker.wait(PATIENCE)
    said = json.loads(done.stdout)
    assert (said["state"], said["test"]["stage"]) == ("verified", "arrived")
    assert said["test"]["waited_seconds"] < 30
