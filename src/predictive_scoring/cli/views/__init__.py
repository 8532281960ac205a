"""Results as a person reads them on a terminal."""

from predictive_scoring.cli.views import contract, model
from predictive_scoring.cli.views.parts import view

__all__ = ["contract", "model", "view"]
