"""The daemon: what polls, keeps presses in hand, stops, and tells how it is."""
