"""Each marketing effort to its result: leads, MQLs, SQLs, won deals, credit, money and evidence."""

from predictive_scoring.contract.efforts.tables import efforts

__all__ = ["efforts"]
