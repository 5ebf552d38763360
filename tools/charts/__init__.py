"""Charts as data: Vega-Lite specs, and the process that draws them. `plot` is what a chart shows, `spec` how it is drawn."""
