"""Scores with care: what is likely, on what evidence, for which reasons; where little is known, a score says so.

`uses` names what is scored, `fitting` fits (scikit-learn, in a process of its own), `scoring` scores in this process
from the coefficients alone, `health` weighs signals without fitting anything.
"""
