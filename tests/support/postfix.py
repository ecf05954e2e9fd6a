"""A private Postfix on loopback: logins, forwarded aliases, delivery into Maildirs."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.dovecot import Dovecot, free_port
from tests.support.waiting import PATIENCE, until

MISSING = "install postfix: apt-get install postfix"
NOT_ROOT = "Postfix starts as root only: run this test as root"

_MAIN = """
compatibility_level = 3.6
config_directory = {root}
queue_directory = {root}/spool
data_directory = {root}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
meta_directory = /etc/postfix
shlib_directory = /usr/lib/postfix
mail_owner = postfix
setgid_group = postdrop
maillog_file = {root}/log/mail.log
maillog_file_prefixes = {root}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mx.shop.example
mydestination =
mynetworks =
alias_maps =
local_recipient_maps =
smtpd_tls_security_level = may
smtpd_tls_cert_file = {certificate}
smtpd_tls_key_file = {key}
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = {auth}
smtpd_relay_restrictions = permit_sasl_authenticated, reject_unauth_destination
smtpd_peername_lookup = no
disable_dns_lookups = yes
virtual_alias_domains = {alias_domains}
virtual_alias_maps = texthash:{root}/aliases
virtual_mailbox_domains = {mailbox_domains}
virtual_mailbox_base = /
virtual_mailbox_maps = texthash:{root}/mailboxes
virtual_minimum_uid = 1
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
"""
_MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""


@dataclass(slots=True)
class Postfix:
    """The running server."""

    root: Path
    port: int
    process: subprocess.Popen[bytes]

    def set_aliases(self, aliases: Mapping[str, str]) -> None:
        """Forward the mail of some addresses from now on."""
        _write_map(self.root / "aliases", aliases)
        before = self._helpers()
        _postfix(self.root, "reload")
        # those that have read the map as it was go a moment later, and could take one mail more
        until(lambda: not before & self._helpers())

    def _helpers(self) -> set[str]:
        """Return the processes that work for the server now."""
        master = (self.root / "spool" / "pid" / "master.pid").read_text().strip()
        return set(Path(f"/proc/{master}/task/{master}/children").read_text().split())

    def log(self) -> str:
        """Return what the server logged."""
        file = self.root / "log" / "mail.log"
        return file.read_text() if file.exists() else ""

    def stop(self) -> None:
        """End the server and its helpers."""
        with suppress(subprocess.CalledProcessError):
            _postfix(self.root, "stop")
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(PATIENCE)


def require_postfix() -> str:
    """Return the path of Postfix; skip the test without it, or fail where it is demanded."""
    found = shutil.which("postfix") or shutil.which("postfix", path="/usr/sbin:/usr/local/sbin")
    problem = MISSING if not found else "" if os.geteuid() == 0 else NOT_ROOT
    if found and not problem:
        return found
    if os.environ.get("HELPDESK_REQUIRE_POSTFIX") == "1":
        pytest.fail(problem)
    pytest.skip(problem)


def _postfix(root: Path, command: str) -> None:
    done = subprocess.run(
        [require_postfix(), "-c", str(root), command], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, f"postfix {command}: {done.stdout}{done.stderr}"


def _write_map(file: Path, values: Mapping[str, str]) -> None:
    file.write_text("".join(f"{name} {value}\n" for name, value in values.items()))


@contextmanager
def running_postfix(
    root: Path, dovecot: Dovecot, *, aliases: Mapping[str, str], mailboxes: Mapping[str, Path]
) -> Iterator[Postfix]:
    """Give a running server with everything under ``root``, and end it afterwards.

    Args:
        root: Its folder; other users have to reach it.
        dovecot: Checks the logins, and owns the Maildirs.
        aliases: Address → where its mail is forwarded to.
        mailboxes: Address → its Maildir.
    """
    program = require_postfix()
    uid, gid = dovecot.owner
    for name in ("spool", "data", "log"):
        (root / name).mkdir(parents=True, exist_ok=True)
    os.chown(root / "data", pwd.getpwnam("postfix").pw_uid, -1)
    port = free_port()
    domains = {address.rpartition("@")[2] for address in mailboxes}
    values = {
        "root": root, "port": port, "uid": uid, "gid": gid,
        "certificate": dovecot.certificates.certificate, "key": dovecot.certificates.key,
        "auth": dovecot.root / "run" / "auth-smtp",
        "mailbox_domains": " ".join(sorted(domains)),
        "alias_domains": " ".join(sorted({a.rpartition("@")[2] for a in aliases} - domains)),
    }  # fmt: skip
    (root / "main.cf").write_text(_MAIN.format(**values))
    (root / "master.cf").write_text(_MASTER.format(**values))
    _write_map(root / "aliases", aliases)
    _write_map(root / "mailboxes", {name: f"{path}/" for name, path in mailboxes.items()})
    process = subprocess.Popen(
        [program, "-c", str(root), "start-fg"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    server = Postfix(root, port, process)
    try:
        _await_greeting(server)
        yield server
    finally:
        server.stop()


def _await_greeting(server: Postfix) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with suppress(OSError), socket.create_connection(("127.0.0.1", server.port), 5) as link:
            if link.recv(64).startswith(b"220"):
                return
        time.sleep(0.05)
    raise AssertionError(f"Postfix did not start: {server.log() or 'no log'}")
