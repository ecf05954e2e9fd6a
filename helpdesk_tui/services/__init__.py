"""The desk's verbs: the one gate for permission, activity log and undo."""
