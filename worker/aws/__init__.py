"""AWS at the edge: one adapter a service, plain boto3."""
