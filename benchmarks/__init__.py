"""What the worker costs and how fast it is, measured: `make bench`."""
