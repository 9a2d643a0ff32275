"""IDGO: one deposit desk, one catalogue, several portals, three levels of access."""
