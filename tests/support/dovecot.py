"""A private Dovecot on loopback: plain, STARTTLS and TLS ports, one user, a Maildir."""

from __future__ import annotations

import errno
import os
import pwd
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.support.certs import Certificates, make_certificates
from tests.support.waiting import PATIENCE

USER = "support@shop.example"
PASSWORD = "right pass\\word"
MISSING = "install dovecot-imapd: apt-get install dovecot-imapd"

_PORTS = (20_000, 32_000)
_DICE = random.SystemRandom()

_CONFIG = """
base_dir = {root}/run
state_dir = {root}/state
log_path = {root}/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_cert = <{certificate}
ssl_key = <{key}
disable_plaintext_auth = no
mail_location = maildir:{maildir}:INDEX={root}/index
mail_max_userip_connections = 200
mail_fsync = never
first_valid_uid = 1
auth_failure_delay = 0
default_internal_user = {internal}
default_login_user = {login}
default_internal_group = {group}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service auth {{
  unix_listener auth-smtp {{
    mode = 0666
  }}
}}
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {root}/users
}}
{oauth}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={root}/home
}}
namespace inbox {{
  inbox = yes
  separator = /
  {special}
}}
"""
_SPECIAL = """mailbox "Gesendet" {
    special_use = \\Sent
    auto = create
  }"""


_OAUTH = """auth_mechanisms = plain {mechanisms}
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {root}/oauth.conf
}}"""
_INTROSPECTION = """introspection_mode = auth
introspection_url = {url}
username_attribute = email
active_attribute = active
active_value = true
"""


@dataclass(slots=True)
class Dovecot:
    """The running server, and what a test does to its mail behind its back."""

    root: Path
    port: int
    tls_port: int
    certificates: Certificates
    owner: tuple[int, int]
    process: subprocess.Popen[bytes]

    @property
    def maildir(self) -> Path:
        """The Maildir of INBOX."""
        return self.root / "mail"

    def settings(self, security: str = "tls", **more: Any) -> dict[str, Any]:
        """Return the channel settings that reach this server."""
        return {
            "imap_host": "localhost",
            "imap_port": self.tls_port if security == "tls" else self.port,
            "imap_security": security,
            "user": USER,
            "ca_file": str(self.certificates.ca),
            **more,
        }

    def deliver(self, mails: Iterable[bytes]) -> int:
        """Put mails into INBOX as a delivery agent does; return how many."""
        count = 0
        for raw in mails:
            name = f"{time.time_ns()}.{os.getpid()}_{count}.test,S={len(raw)}"
            target = self.maildir / "tmp" / name
            target.write_bytes(raw)
            os.chown(target, *self.owner)
            target.rename(self.maildir / "new" / name)
            count += 1
        return count

    def folder(self, name: str) -> list[bytes]:
        """Return the mails of a folder of this account, oldest first."""
        base = self.maildir / f".{name}"
        files = [*(base / "cur").glob("*"), *(base / "new").glob("*")]
        return [file.read_bytes() for file in sorted(files, key=lambda file: file.name)]

    def change_validity(self) -> None:
        """Make the server give out a new UIDVALIDITY, as after a restored backup."""
        for name in ("dovecot-uidlist", "dovecot-uidvalidity"):
            for file in self.maildir.glob(f"{name}*"):
                file.unlink()
        shutil.rmtree(self.root / "index", ignore_errors=True)
        _own(self.root / "index", self.owner)

    def stop(self) -> None:
        """End the server and its helpers."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(PATIENCE)


def require_dovecot() -> str:
    """Return the path of Dovecot; skip the test without it, or fail where it is demanded."""
    found = shutil.which("dovecot") or shutil.which("dovecot", path="/usr/sbin:/usr/local/sbin")
    if found:
        return found
    if os.environ.get("HELPDESK_REQUIRE_DOVECOT") == "1":
        pytest.fail(MISSING)
    pytest.skip(MISSING)


def free_port() -> int:
    """Return a loopback port that nobody listens on, by either version of IP.

    It lies below the ports that systems give to outgoing connections: none of them can take it
    before the server does.
    """
    while True:
        port = _DICE.randrange(*_PORTS)
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            if socket.has_dualstack_ipv6() and _is_taken_on_ipv6(port):
                continue
            return port


def _is_taken_on_ipv6(port: int) -> bool:
    try:
        with socket.create_server(("::1", port), family=socket.AF_INET6):
            return False
    except OSError as error:
        return error.errno == errno.EADDRINUSE


def start_dovecot(
    root: Path, *, special: bool = True, tokens_at: str = "", mechanisms: str = ""
) -> Dovecot:
    """Start a server with everything under ``root``; blocks until it answers.

    Its processes run as other users, so ``root`` must not lie in a private folder. With
    ``tokens_at`` it takes access tokens that this address knows, by the named mechanisms.
    """
    program = require_dovecot()
    me = pwd.getpwuid(os.geteuid())
    as_root = me.pw_uid == 0
    owner = pwd.getpwnam("mail") if as_root else me
    certificates = make_certificates(root / "certs")
    for name in ("run", "state"):
        (root / name).mkdir(parents=True, exist_ok=True)
    for name in ("index", "home", "mail/cur", "mail/new", "mail/tmp"):
        _own(root / name, (owner.pw_uid, owner.pw_gid))
    _own(root / "mail", (owner.pw_uid, owner.pw_gid))
    (root / "users").write_text(f"{USER}:{PASSWORD}\n")
    if tokens_at:
        (root / "oauth.conf").write_text(_INTROSPECTION.format(url=tokens_at))
    port, tls_port = free_port(), free_port()
    config = root / "dovecot.conf"
    config.write_text(
        _CONFIG.format(
            root=root,
            maildir=root / "mail",
            port=port,
            tls_port=tls_port,
            certificate=certificates.certificate,
            key=certificates.key,
            uid=owner.pw_uid,
            gid=owner.pw_gid,
            special=_SPECIAL if special else "",
            oauth=_OAUTH.format(root=root, mechanisms=mechanisms) if tokens_at else "",
            internal="dovecot" if as_root else me.pw_name,
            login="dovenull" if as_root else me.pw_name,
            group="dovecot" if as_root else str(me.pw_gid),
        )
    )
    process = subprocess.Popen(
        [program, "-F", "-c", str(config)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    server = Dovecot(root, port, tls_port, certificates, (owner.pw_uid, owner.pw_gid), process)
    _await_greeting(server)
    return server


@contextmanager
def running_dovecot(
    *, special: bool = True, tokens_at: str = "", mechanisms: str = "xoauth2 oauthbearer"
) -> Iterator[Dovecot]:
    """Give a running server in a folder of its own, and remove both afterwards."""
    with tempfile.TemporaryDirectory(prefix="helpdesk-dovecot-") as folder:
        root = Path(folder)
        root.chmod(0o711)
        server = start_dovecot(root, special=special, tokens_at=tokens_at, mechanisms=mechanisms)
        try:
            yield server
        finally:
            server.stop()


def _await_greeting(server: Dovecot) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with suppress(OSError), socket.create_connection(("127.0.0.1", server.port), 1) as link:
            if link.recv(64).startswith(b"* OK"):
                return
        time.sleep(0.05)
    log = server.root / "dovecot.log"
    server.stop()
    raise AssertionError(f"Dovecot did not start: {log.read_text() if log.exists() else 'no log'}")


def _own(folder: Path, owner: tuple[int, int]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    os.chown(folder, *owner)
