"""`python -m worker check`: what the worker needs, whether it is there, and what to do where it is not.

Verdicts are pure; probes ask camera and AWS with clients that are passed in.
"""
