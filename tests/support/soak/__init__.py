"""Five channels at once, with faults all the way and processes killed: what is left must be all."""
