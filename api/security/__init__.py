"""Who is asking: API keys and the principals behind them."""
