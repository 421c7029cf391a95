"""Figures for whoever keeps the machines running: `/metrics` in the format of Prometheus."""
