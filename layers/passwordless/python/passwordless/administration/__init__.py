"""What an administrator reads and how it looks as JSON."""
