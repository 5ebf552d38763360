"""What a call shows: statistics with written formulas, and moments with their places. Pure functions over a transcript."""
