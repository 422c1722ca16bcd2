"""Faults on purpose: what was acknowledged is counted against what is there."""
