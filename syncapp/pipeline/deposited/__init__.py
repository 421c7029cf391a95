"""A payment that changed after it was put into a deposit: asked on its card, repaired as a person says."""
