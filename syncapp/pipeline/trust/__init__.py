"""Client money on its way to the books: what is asked, walled, watched, and answered."""
