from __future__ import annotations

import copy
import json
import os
import pickle
import sys

import pytest
from keyring.errors import KeyringLocked

from helpdesk_tui.db.paths import StorePaths
from helpdesk_tui.domain.errors import NotFound, UsageError
from helpdesk_tui.services.config import Config
from helpdesk_tui.services.secrets import (
    HANDED_OVER,
    Place,
    Secret,
    Secrets,
    get_secret,
    run_command,
    set_secret,
    variable_of,
    without_secrets,
)
from helpdesk_tui.services.worker_state import start_worker, worker_running
from tests.support.waiting import PATIENCE

WORD = "pa55-wörd"


class Keyring:
    """A keyring of a desktop, locked or not."""

    def __init__(self, *, locked: bool = False) -> None:
        self.values: dict[tuple[str, str], str] = {}
        self.locked = locked

    def get_password(self, service: str, user: str) -> str | None:
        if self.locked:
            raise KeyringLocked
        return self.values.get((service, user))

    def set_password(self, service: str, user: str, value: str) -> None:
        if self.locked:
            raise KeyringLocked
        self.values[service, user] = value


class Plain(Keyring):
    """One of those that keep plain text."""

    __module__ = "keyrings.alt.file"


class Chainer:
    def __init__(self, *backends: object) -> None:
        self.backends = list(backends)


@pytest.fixture
def config(tmp_path):
    (tmp_path / "store").mkdir(mode=0o700)
    return Config(file=tmp_path / "config" / "config.toml", store=tmp_path / "store")


def secrets_of(config, environ=None, keyring=None):
    return Secrets(config.store, config, environ or {}, keyring or Plain())


def found(secrets, settings=""):
    secret, place = secrets.find("support", settings)
    return (secret.reveal() if secret else None, place)


def test_a_secret_shows_itself_only_when_asked():
    secret = Secret(WORD)
    assert secret.reveal() == WORD
    for text in (repr(secret), str(secret), f"{secret}", f"{[secret]!r}", f"{secret:>20}"):
        assert WORD not in text
    with pytest.raises(TypeError):
        pickle.dumps(secret)
    with pytest.raises(TypeError):
        copy.copy(secret)
    assert secret == Secret(WORD)
    assert secret != Secret("x")
    assert not Secret("")


def test_the_places_are_asked_in_their_order(config, tmp_path):
    credentials = tmp_path / "credentials"
    credentials.mkdir()
    (credentials / "support").write_text("from systemd\n")
    keyring = Keyring()
    secrets = secrets_of(config, keyring=keyring)
    assert found(secrets) == (None, Place.NONE)
    assert secrets.save("support", Secret("from file"), Place.FILE) is Place.FILE
    assert found(secrets) == ("from file", Place.FILE)
    assert secrets.save("support", Secret("from keyring")) is Place.KEYRING
    assert found(secrets) == ("from keyring", Place.KEYRING)
    settings = json.dumps({"password_command": f"{sys.executable} -c 'print(\"from command\")'"})
    assert found(secrets, settings) == ("from command", Place.COMMAND)
    environ = {"HELPDESK_SECRET_SUPPORT": "from environment"}
    assert found(secrets_of(config, environ, keyring), settings)[0] == "from environment"
    environ["CREDENTIALS_DIRECTORY"] = str(credentials)
    assert found(secrets_of(config, environ, keyring)) == ("from systemd", Place.CREDENTIALS)


def test_a_keyring_that_keeps_plain_text_is_refused_and_the_file_taken(config):
    plain = Plain()
    secrets = secrets_of(config, keyring=plain)
    assert secrets.save("support", Secret(WORD)) is Place.FILE
    assert plain.values == {}
    assert secrets.keyring_name() == "refused: keyrings.alt.file.Plain"
    with pytest.raises(UsageError, match=r"secret\.no-keyring"):
        secrets.save("support", Secret(WORD), Place.KEYRING)


def test_behind_a_chain_the_first_good_keyring_is_used(config):
    good = Keyring()
    secrets = secrets_of(config, keyring=Chainer(Plain(), good))
    secrets.save("support", Secret(WORD))
    assert list(good.values.values()) == [WORD]


def test_a_locked_keyring_leads_on_to_the_file(config):
    secrets = secrets_of(config, keyring=Keyring(locked=True))
    assert secrets.save("support", Secret(WORD)) is Place.FILE
    assert found(secrets) == (WORD, Place.FILE)


def test_the_file_is_ours_alone_and_keeps_other_secrets(config):
    secrets = secrets_of(config)
    secrets.save("support", Secret('a"b\\c\n\x7f'))
    secrets.save("other", Secret(WORD))
    assert config.secrets_file.stat().st_mode & 0o777 == 0o600
    assert config.secrets_file.parent.stat().st_mode & 0o777 == 0o700
    assert found(secrets)[0] == 'a"b\\c\n\x7f'
    assert secrets.find("other")[0] == Secret(WORD)


def test_stores_do_not_share_secrets(config, tmp_path):
    secrets_of(config).save("support", Secret(WORD))
    other = Secrets(tmp_path / "other", config, {}, Plain())
    assert other.find("support")[0] is None


def test_a_hand_written_file_names_secrets_plainly(config):
    config.secrets_file.parent.mkdir()
    config.secrets_file.touch(mode=0o600)
    config.secrets_file.write_text('support = "by hand"\n')
    assert found(secrets_of(config)) == ("by hand", Place.FILE)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_file_that_others_can_read_is_refused(config, mode):
    secrets = secrets_of(config)
    secrets.save("support", Secret(WORD))
    config.secrets_file.chmod(mode)
    with pytest.raises(UsageError, match=r"secret\.file-open"):
        secrets.find("support")


def test_a_broken_file_is_named_without_its_contents(config):
    config.secrets_file.parent.mkdir()
    config.secrets_file.touch(mode=0o600)
    config.secrets_file.write_text(f"support = {WORD}")
    with pytest.raises(UsageError) as caught:
        secrets_of(config).find("support")
    assert caught.value.code == "secret.file-broken"
    assert WORD not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_link_in_place_of_the_file_is_refused(config, tmp_path):
    config.secrets_file.parent.mkdir()
    config.secrets_file.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UsageError, match=r"secret\.unreadable"):
        secrets_of(config).find("support")


def test_a_command_of_a_store_that_others_can_write_is_not_run(config, tmp_path):
    config.store.chmod(0o770)
    settings = json.dumps({"password_command": f"touch {tmp_path / 'ran'}"})
    with pytest.raises(UsageError, match=r"secret\.command-shared"):
        secrets_of(config).find("support", settings)
    assert not (tmp_path / "ran").exists()


def test_a_command_of_the_configuration_gets_the_name(tmp_path):
    code = "import sys; print(sys.argv[1])"
    commands = {"*": (sys.executable, "-c", code, "mail/{name}")}
    config = Config(file=tmp_path / "c.toml", store=tmp_path, commands=commands)
    assert found(secrets_of(config)) == ("mail/support", Place.COMMAND)


@pytest.mark.parametrize(
    "command",
    ["", "'", "/does/not/exist", f"{sys.executable} -c ''",
     f"{sys.executable} -c 'print(\"{WORD}\"); raise SystemExit(3)'"],
)  # fmt: skip
def test_a_command_that_fails_is_named_without_what_it_printed(command):
    with pytest.raises(UsageError) as caught:
        run_command(command)
    assert caught.value.code == "secret.command-failed"
    assert WORD not in str(caught.value)


def test_a_command_sees_no_other_secret(monkeypatch):
    monkeypatch.setenv("HELPDESK_SECRET_OTHER", WORD)
    code = "import os; print(','.join(k for k in os.environ if 'SECRET' in k) or 'none')"
    assert run_command([sys.executable, "-c", code]).reveal() == "none"


@pytest.mark.parametrize("name", ["", "../x", "a b", "a/b", "x" * 65, "a\n"])
def test_a_name_is_never_a_path(config, name):
    for call in (lambda s: s.find(name), lambda s: s.save(name, Secret("x"))):
        with pytest.raises(UsageError, match=r"secret\.bad-name"):
            call(secrets_of(config))


def test_a_missing_secret_names_the_variable(tmp_path, monkeypatch):
    monkeypatch.setenv("HELPDESK_CONFIG", str(tmp_path / "config.toml"))
    (tmp_path / "config.toml").touch()
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    with pytest.raises(NotFound) as caught:
        get_secret(tmp_path, "support-eu")
    assert caught.value.values["variable"] == "HELPDESK_SECRET_SUPPORT_EU"
    assert set_secret(tmp_path, "support-eu", Secret(WORD), place=Place.FILE) is Place.FILE
    assert get_secret(tmp_path, "support-eu").reveal() == WORD


def test_children_get_no_secret_by_their_environment():
    given = {"A": "1", variable_of("support"): WORD, "HELPDESK_SECRETS_FD": "7"}
    assert without_secrets(given) == {"A": "1"}


def test_a_started_worker_gets_secrets_by_an_open_file_only(tmp_path, monkeypatch):
    script = (
        "#!/bin/sh\n"
        f'echo "$@" > {tmp_path}/arguments; env > {tmp_path}/environment.part\n'
        f'exec {sys.executable} -c "import os,json;'
        f"open('{tmp_path}/handed','w').write("
        f"os.pread(int(os.environ['{HANDED_OVER}']),9999,0).decode())\"\n"
    )
    program = tmp_path / "python"
    program.write_text(script)
    program.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(program))
    environ = {**os.environ, "HELPDESK_SECRET_SUPPORT": WORD}
    with start_worker(tmp_path / "store", environ=environ) as child:
        assert child.wait(PATIENCE) == 0
    assert json.loads((tmp_path / "handed").read_text()) == {"HELPDESK_SECRET_SUPPORT": WORD}
    assert WORD not in (tmp_path / "environment.part").read_text()
    assert (tmp_path / "arguments").read_text().split() == [
        "-m", "helpdesk_tui", "--store", str(tmp_path / "store"), "sync", "--quiet",
    ]  # fmt: skip


def test_handed_over_secrets_count_as_environment(config, tmp_path):
    with (tmp_path / "handed").open("w+b") as file:
        file.write(json.dumps({"HELPDESK_SECRET_SUPPORT": WORD}).encode())
        file.flush()
        environ = {HANDED_OVER: str(file.fileno())}
        assert found(secrets_of(config, environ)) == (WORD, Place.ENVIRONMENT)
    assert found(secrets_of(config, {HANDED_OVER: "9999"})) == (None, Place.NONE)


def test_a_worker_is_seen_by_its_lock(tmp_path):
    import fcntl

    paths = StorePaths(tmp_path)
    assert not worker_running(paths)
    with paths.sync_lock.open("w") as lock:
        assert not worker_running(paths)
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert worker_running(paths)
    assert not worker_running(paths)
