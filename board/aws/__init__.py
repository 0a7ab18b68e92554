"""Everything of AWS that the screens read, and the queue they write to: the only room that imports boto3."""
