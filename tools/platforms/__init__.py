"""Platforms behind one port: what they are like, what may be changed about them, and how a change is planned and undone."""
