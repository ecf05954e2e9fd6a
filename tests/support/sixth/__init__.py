"""A sixth channel for tests: pigeon post. ``plug`` puts it in, ``pigeon`` is its adapter."""
