"""Entry of the one executable: ``helpdesk`` and ``python -m helpdesk_tui``."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the command line and return the exit code."""
    from helpdesk_tui.cli.main import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
