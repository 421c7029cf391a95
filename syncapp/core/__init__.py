"""What every floor above speaks of: documents, money, problems, the ledger port, planning. Pure."""
