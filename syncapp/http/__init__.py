"""The one door to the network, and the only importer of httpx and stamina. No Django, no database."""
