"""What settling asks of the world: names, standing invoices, barriers, what came back, what differs."""
