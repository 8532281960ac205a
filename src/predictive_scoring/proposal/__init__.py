"""A first configuration, proposed from a look at a company's files.

This is the only place where data are sniffed: whatever is found here is declared in the YAML that
is proposed, where a person can read and correct it. Every later run reads the declaration alone.
"""

from predictive_scoring.proposal.propose import Proposal, propose

__all__ = ["Proposal", "propose"]
