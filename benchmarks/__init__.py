"""How fast and how large Sophia is on this machine. `make bench` prints and writes what was measured; nothing asserts it."""
