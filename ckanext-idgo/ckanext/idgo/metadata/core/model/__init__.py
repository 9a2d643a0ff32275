"""The metadata record as typed, immutable Python: one class per ISO 19115 class, named from the standard."""
