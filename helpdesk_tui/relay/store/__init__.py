"""The relay's own store: what visitors and box have said and the other side has not fetched."""
