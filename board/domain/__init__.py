"""What is shown, decided by nothing but values: the standard library only."""
