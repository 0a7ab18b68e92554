from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

AT_ONCE = 4
"""Images that the network sees together: of 30, each takes half as long again, out of the processor's cache."""


class Network:
    """An ONNX network of one input and one output. It runs on the caller's thread, and on several at once if asked."""

    def __init__(self, path: Path) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        self._input: str = self._session.get_inputs()[0].name

    def __call__(self, batch: NDArray[np.uint8]) -> NDArray[np.float32]:
        """`batch` holds at least one image; the answer has as many rows."""
        return np.concatenate([self._run(batch[start : start + AT_ONCE]) for start in range(0, len(batch), AT_ONCE)])

    def _run(self, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        result: Any = self._session.run(None, {self._input: images})[0]
        return np.asarray(result, np.float32)
