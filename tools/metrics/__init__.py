"""What numbers over time say: deterministic kernels over series. docs/figures.md has the formulas."""
