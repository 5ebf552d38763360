"""Sophia's log: lines on standard error. Content (questions, answers, passages) is never logged."""

import logging

OURS = ("core", "models", "memory", "tools", "agents", "graphs", "api", "evals")


def configure(level: str) -> None:
    """Sophia's own lines from `level` on, everybody else's from warning on."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for package in OURS:
        logging.getLogger(package).setLevel(level.upper())
