"""The one door to the network: the only importer of httpx and stamina. Knows neither Django nor the database."""
