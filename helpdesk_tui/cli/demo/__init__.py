"""The sample desk of ``helpdesk demo``: about two hundred tickets on all channels."""

from __future__ import annotations

AGENT = "anna"
"""Who sits in front of the demo."""
