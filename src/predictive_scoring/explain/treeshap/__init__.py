"""Exact TreeSHAP of LightGBM models by quadrature: text → forest → program → contributions."""

from predictive_scoring.explain.treeshap.explainer import TreeShap

__all__ = ["TreeShap"]
