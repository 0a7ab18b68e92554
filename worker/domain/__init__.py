"""What the job means, and nothing of how it is done: imports nothing outside the standard library."""
