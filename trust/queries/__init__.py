"""Questions about client money, each asked inside a firm scope."""
