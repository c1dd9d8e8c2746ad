"""What a verb that writes answers."""
