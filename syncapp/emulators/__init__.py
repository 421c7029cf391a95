"""Clio and QuickBooks as WSGI programs over one double-entry core (DESIGN section 11).

Emulators are witnesses: they share no code with the adapters and import nothing of the product.
"""
