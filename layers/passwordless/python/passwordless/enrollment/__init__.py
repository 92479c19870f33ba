"""How a user's phone is invited and enrolled."""
