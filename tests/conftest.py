"""What every test gets back as it was."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest


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
