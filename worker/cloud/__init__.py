"""AWS at the edge: one adapter a service, plain boto3, one tree of errors."""
