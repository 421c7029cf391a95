"""Preparing, asking, signing, suspending and reopening a reconciliation. Pure: no Django, no clock."""
