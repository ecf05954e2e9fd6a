"""Sources of facts about customers: one folder each, found by the name of its declaration."""
