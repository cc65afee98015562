"""Fit and score predictions: raw probabilities, judged, chosen and served by SQL."""
