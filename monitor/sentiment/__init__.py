"""Is the author unhappy? Texts in, probabilities out."""
