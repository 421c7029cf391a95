"""The adapter for QuickBooks Online: the ledger port in Intuit's dialect, without Django."""
