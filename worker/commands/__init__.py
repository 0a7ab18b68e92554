"""What a person types: each command in a file of its own."""
