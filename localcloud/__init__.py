"""The AWS services the worker calls, answered on this machine."""
