"""From new cases to messages in a firm's chat: counts, money and the way here, no client's name."""
