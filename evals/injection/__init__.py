"""Attacks by text: what is read gives orders, and whoever speaks for Sophia obeys them."""
