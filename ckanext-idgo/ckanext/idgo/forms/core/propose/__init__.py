"""Proposals for the ten fields of the simple form: ``propose(facts, context) -> Proposals``."""

from ckanext.idgo.forms.core.propose.engine import Knowledge, propose
from ckanext.idgo.forms.core.propose.model import (
    ORIGINS,
    Organization,
    Proposal,
    ProposalContext,
    Proposals,
)

__all__ = ["ORIGINS", "Knowledge", "Organization", "Proposal", "ProposalContext", "Proposals", "propose"]
