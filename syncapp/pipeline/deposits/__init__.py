"""What waits in Undeposited Funds, and how it is brought to the bank together."""
