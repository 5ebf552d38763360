"""Alembic's tree: how the schema came to be, one revision a step."""
