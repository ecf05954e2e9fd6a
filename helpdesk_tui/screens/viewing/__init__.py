"""Pictures and other files looked at closely: one at a time, or all of a ticket."""
