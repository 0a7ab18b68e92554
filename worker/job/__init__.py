"""One press, from its claim to the deletion of its message. Camera, AWS and disk are passed in (`domain/ports.py`)."""
