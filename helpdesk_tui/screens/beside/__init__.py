"""The lists beside the inbox: drafts, outbox, activity, macros, settings and more."""
