"""What is kept on the host, across crashes."""
