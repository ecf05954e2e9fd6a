"""Hot reads: hand-written SQL over plain connections, no object mapper."""
