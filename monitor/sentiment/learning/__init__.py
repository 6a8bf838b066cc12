"""A team's corrections make its own last layer, beside the shipped one and never instead of it."""
