"""Joining: terms of use, requests for an organisation, referents, leaving (issue 4, ADR 0006)."""
