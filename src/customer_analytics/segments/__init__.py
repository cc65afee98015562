"""Fit customer segments: raw labels, identities and axes, judged and served by SQL."""
