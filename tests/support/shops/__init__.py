"""Sources of facts about customers, simulated over real HTTP on loopback: see ``running``."""
