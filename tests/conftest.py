"""What every test gets back as it was."""

from __future__ import annotations

import gc
import logging
import re
from collections.abc import Iterator
from pathlib import Path

import certifi
import pytest

_CERTIFICATE = re.compile("-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)


def pytest_collection_finish() -> None:
    """Keep the collector of garbage away from thousands of tests: walking them takes a tenth."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def one_authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Trust one authority of the world, since all servers are on loopback: each client reads them.

    Reading the whole bundle takes 40 ms, longer than most requests of the tests.
    """
    found = _CERTIFICATE.search(Path(certifi.where()).read_text("utf-8"))
    assert found is not None
    kept = tmp_path_factory.mktemp("trust") / "authority.pem"
    kept.write_text(found[0] + "\n", "ascii")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SSL_CERT_FILE", str(kept))
        yield


@pytest.fixture(autouse=True)
def own_log() -> Iterator[None]:
    """Give the program's logger back as it was: a command may have kept its log to a file."""
    logger = logging.getLogger("helpdesk_tui")
    former = (list(logger.handlers), logger.level, logger.propagate)
    yield
    for handler in set(logger.handlers) - set(former[0]):
        logger.removeHandler(handler)
        handler.close()
    logger.level, logger.propagate = former[1], former[2]
