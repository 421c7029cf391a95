"""Rules that a person wrote answer exceptions: from open cases to kept uses, none of client money."""
