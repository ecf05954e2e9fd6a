"""The rules of the desk as pure functions over frozen values: no I/O, no clock."""
