"""The forms of a briefing: each is a pure function of it."""
