"""Weights that kernels ship with, fitted to labelled calls. Nothing here sees a call that is held out."""
