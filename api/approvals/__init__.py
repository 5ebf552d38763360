"""Approvals: a person, or a standing rule that a person made, lets an exact plan run."""
