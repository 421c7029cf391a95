"""What vendors call out to us: subscribed, verified, heard, and worth a look."""
