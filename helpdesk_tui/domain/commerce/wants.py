"""How urgently it is wanted to know more of a customer; the smaller comes first."""

from __future__ import annotations

REFRESH = -1
"""Now, whatever its age: somebody has asked for it, or it has just been changed."""
OPENED = 0
"""An agent has their ticket open."""
BESIDE = 1
"""Their ticket stands beside the cursor: only what is not scarce is fetched."""
