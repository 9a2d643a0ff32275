"""Access, without CKAN: the tiers, the one decision, and what is public of a locked resource."""
