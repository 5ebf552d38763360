"""The colours of a chart: few, told apart by the colour-blind and, being of unlike lightness, on grey paper.

Blue and vermilion are the pair of Okabe and Ito (Color Universal Design, 2008).
"""

LINE = "#0072b2"
MARK = "#d55e00"
QUIET = "#9ab3c4"
INK = "#1a1d21"
LABEL = "#5d646d"
GRID = "#e4e2dc"
PAPER = "#ffffff"
