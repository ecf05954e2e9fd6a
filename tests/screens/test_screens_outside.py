"""Files, links and programs outside: what is opened, what is refused, what is said instead."""

from __future__ import annotations

import errno
import os
import stat
import sys
from pathlib import Path

import pytest

from helpdesk_tui.domain.actor import Actor, ActorKind
from helpdesk_tui.domain.errors import NotAllowed, NotFound, UsageError
from helpdesk_tui.screens.composing.outgoing import read_outgoing
from helpdesk_tui.screens.composing.outside import edit_outside, has_display, launch
from helpdesk_tui.screens.dialogs.attach import _picture
from helpdesk_tui.screens.thread.links import links_of, make_link
from tests.support.thread_values import message
from tests.support.waiting import until

ANNA = Actor(ActorKind.AGENT, agent_id=1, name="anna")


@pytest.mark.parametrize(
    ("address", "host", "allowed"),
    [
        ("https://shop.example/a", "shop.example", True),
        ("HTTP://Shop.Example/a", "shop.example", True),
        ("https://user@evil.example/shop.example", "evil.example", True),
        ("https://gооgle.example/", "xn--ggle-55da.example", True),
        ("mailto:anna@example.pl?subject=x", "anna@example.pl", True),
        ("ssh://-oProxyCommand=x", "", False),
        ("file:///etc/passwd", "", False),
        ("javascript:alert(1)", "", False),
        ("https://-oProxy.example", "-oproxy.example", False),
        ("--help", "", False),
        ("https://a.example/\x1b]52;c;x\x07", "a.example", False),
        ("https://[broken", "", False),
    ],
)
def test_a_link_tells_its_real_host_and_only_web_and_mail_are_opened(address, host, allowed):
    link = make_link(address)
    assert link.host == host or not link.is_allowed
    assert link.is_allowed is allowed


def test_numbered_links_keep_their_numbers_and_links_in_text_follow():
    linked = message(
        1,
        text="see [1] and https://new.example/x. Bye",
        links=(("https://a.example/", "a"), ("https://a.example/", "a")),
    )
    hosts = [link.host for link in links_of(linked)]
    assert hosts == ["a.example", "a.example", "new.example"]
    assert links_of(linked)[2].address == "https://new.example/x"


@pytest.mark.parametrize(
    ("environment", "platform", "there"),
    [
        ({"DISPLAY": ":0"}, "linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True),
        ({}, "linux", False),
        ({"SSH_CONNECTION": "x"}, "linux", False),
        ({}, "darwin", True),
        ({"SSH_CONNECTION": "x"}, "darwin", False),
    ],
)
def test_a_display_is_looked_for_before_anything_is_opened(environment, platform, there):
    assert has_display(environment, platform) is there


def fake_opener(tmp_path, monkeypatch):
    """Put an opener on the path that writes its arguments down."""
    name = "open" if sys.platform == "darwin" else "xdg-open"
    script = tmp_path / name
    script.write_text(f'#!/bin/sh\nprintf "%s\\n" "$#" "$@" > {tmp_path}/said.new\n'
                      f"echo noise\nmv {tmp_path}/said.new {tmp_path}/said\n")  # fmt: skip
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    return tmp_path / "said"


def test_the_viewer_gets_one_absolute_path_and_no_terminal(tmp_path, monkeypatch, capfd):
    said = fake_opener(tmp_path, monkeypatch)
    assert launch("/tmp/a b;c.pdf") == ""
    until(said.exists)
    assert said.read_text().splitlines() == ["1", "/tmp/a b;c.pdf"]
    assert capfd.readouterr().out == ""


@pytest.mark.parametrize("target", ["-x", "a.pdf", "ssh://host", "file:///etc/passwd", "~/x"])
def test_what_could_be_an_option_or_a_command_is_not_opened(tmp_path, monkeypatch, target):
    said = fake_opener(tmp_path, monkeypatch)
    assert launch(target) != ""
    assert not said.exists()


class NoScreen:
    """Stands in for an app that can be suspended."""

    def suspend(self):
        from contextlib import nullcontext

        return nullcontext()


def test_the_own_editor_gets_a_private_file_and_its_text_comes_back_clean(tmp_path, monkeypatch):
    editor = tmp_path / "my editor"
    editor.write_text(
        f'#!/bin/sh\nstat -c %a "$1" > {tmp_path}/mode\nprintf "\\033[31mnew" > "$1"\n'
    )
    editor.chmod(0o755)
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", f"'{editor}'")
    assert edit_outside(NoScreen(), "old", ANNA) == ("␛[31mnew", "")
    assert (tmp_path / "mode").read_text().strip() == "600"


def test_no_program_outside_is_told_a_secret(tmp_path, monkeypatch):
    told = tmp_path / "told"
    editor = tmp_path / "editor"
    editor.write_text(f"#!/bin/sh\nenv > {told}\n")
    editor.chmod(0o755)
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", str(editor))
    monkeypatch.setenv("HELPDESK_SECRET_SUPPORT", "planted-password")
    edit_outside(NoScreen(), "old", ANNA)
    assert "EDITOR=" in told.read_text()
    assert "planted-password" not in told.read_text()
    told.unlink()
    opener = tmp_path / ("open" if sys.platform == "darwin" else "xdg-open")
    opener.write_text(f"#!/bin/sh\nenv > {told}.part\nmv {told}.part {told}\n")
    opener.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    assert launch("/tmp/a.pdf") == ""
    until(told.exists)
    assert "EDITOR=" in told.read_text()
    assert "planted-password" not in told.read_text()


def test_an_editor_that_fails_leaves_the_text_as_it_was(monkeypatch):
    monkeypatch.setenv("VISUAL", "false")
    text, problem = edit_outside(NoScreen(), "old", ANNA)
    assert (text, "ended with an error" in problem) == ("old", True)
    monkeypatch.setenv("VISUAL", "/nowhere/editor")
    text, problem = edit_outside(NoScreen(), "old", ANNA)
    assert (text, "could not be started" in problem) == ("old", True)


def test_no_editor_starts_for_an_agent_who_came_by_a_forced_command():
    locked = Actor(ActorKind.AGENT, agent_id=1, name="anna", identified_by="key")
    assert "switched off" in edit_outside(NoScreen(), "old", locked)[1]


def test_a_file_goes_out_under_its_bare_name(tmp_path):
    path = tmp_path / "label\x1b.pdf"
    path.write_bytes(b"%PDF")
    assert read_outgoing(path, "email") == ("label␛.pdf", b"%PDF")


def test_a_file_that_cannot_be_read_to_its_end_is_refused_with_a_reason(tmp_path):
    # reading the first page of a program's memory fails as a disk does
    with pytest.raises(NotAllowed) as refused:
        read_outgoing(Path("/proc/self/mem"), "email")
    assert (refused.value.code, refused.value.values["reason"]) == (
        "file.unreadable",
        os.strerror(errno.EIO),
    )


def test_what_only_looks_like_a_picture_keeps_no_picker_waiting(tmp_path):
    pipe = tmp_path / "pipe.jpg"
    os.mkfifo(pipe)
    assert _picture(pipe) is None


def test_what_cannot_go_out_is_refused_with_a_reason(tmp_path):
    for name in ("none", "no\0ne"):
        with pytest.raises(NotFound):
            read_outgoing(tmp_path / name, "email")
    with pytest.raises((UsageError, NotAllowed)):
        read_outgoing(tmp_path, "email")
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    with pytest.raises(UsageError) as refused:
        read_outgoing(pipe, "email")
    assert refused.value.code == "attachment.not-a-file"
    large = tmp_path / "large"
    with large.open("wb") as file:
        file.truncate(5_000_001)
    with pytest.raises(UsageError) as refused:
        read_outgoing(large, "sms")
    assert refused.value.code == "attachment.too-large"
