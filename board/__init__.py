"""The screens: what was photographed and measured, for people who look. It reads; to AWS it writes messages at most."""

__version__ = "0.1.0"
