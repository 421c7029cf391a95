"""From what waits in Undeposited Funds, and payout files, to deposits that settle like any document."""
