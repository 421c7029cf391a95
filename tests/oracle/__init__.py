"""What a firm's books must say, computed a second way: from the Clio world and the firm file alone.

It shares no code with the product, so that a mistake in one of them makes the two disagree.
"""
