"""The AWS services the worker calls, answered on this machine by moto, local face models and a local voice."""

import os

# onnxruntime reports its use over the network unless told otherwise before it is imported.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
