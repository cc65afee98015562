"""Charts of the published tables: pure functions, frame in, Altair chart out.

One module per subject, shared by dashboard, report and notebooks. A chart sets its
height and leaves its width to the page; `theme.styled` dresses it where the page does
not. Every colour is told apart by the colour-blind and on light and dark ground.
"""
