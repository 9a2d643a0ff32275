"""The demonstration: a small catalogue made from real facts, for a new instance to show something."""
