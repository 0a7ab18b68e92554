"""A watch: one camera's audience, frame by frame, measured and forgotten. No frame ever leaves the memory."""
