"""The camera's stream."""
