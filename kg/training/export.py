"""The trained network as two graphs for ONNX Runtime, its LSTMs in 8-bit integers.

ONNX Runtime quantizes the inputs of an LSTM by the least and the greatest number of the whole array, so that
what comes out for a text would depend on the texts beside it. Hence an anchor: a first text whose columns of their
own drive every state of the LSTMs to 1 or -1, the most that there can be, and the inputs of the others cut to -1…1. So the
scale is always the same.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import nn

from kg.nlp.crf import NEVER, TAGS
from kg.nlp.network import ANCHORS, NEW_WORDS, REPEATS
from kg.nlp.words import CHARACTERS
from kg.schema import Role
from kg.training.network import WIDTH, Tagger, TwoWays, WordEncoder

# The vectors of words are cut here: beyond lie few of the numbers of layer normalization.
_REACH = 4.0
# What the anchor's columns weigh together: enough to saturate any gate.
_SATURATION = 16.0
_OPSET = helper.make_opsetid("", 17)
_IR_VERSION = 8
_FLOAT, _INT = TensorProto.FLOAT, TensorProto.INT64

_Array = NDArray[Any]


def words_graph(encoder: WordEncoder) -> bytes:
    """The word encoder: features of 256 words to vectors (256, WIDTH + ANCHORS) within -1…1."""
    weights = {name: value.detach().numpy() for name, value in encoder.state_dict().items()}
    constants = {
        "frequent_table": weights["frequent.weight"].astype(np.float16),
        "spread_table": weights["spread.weight"],
        "letters_table": weights["letters.weight"],
        "narrow_weight": weights["narrow.weight"],
        "narrow_bias": weights["narrow.bias"],
        "wide_weight": weights["wide.weight"],
        "wide_bias": weights["wide.bias"],
        "mix_weight": weights["mix.weight"],
        "mix_bias": weights["mix.bias"],
        "norm_weight": weights["norm.weight"] / _REACH,
        "norm_bias": weights["norm.bias"] / _REACH,
        "never": np.float32(NEVER),
        "padding": np.int64(0),
        "axis_1": np.array([1]),
        "low": np.float32(-1),
        "high": np.float32(1),
        "no_anchor": np.zeros((NEW_WORDS, ANCHORS), dtype=np.float32),
    }
    nodes = [
        helper.make_node("Gather", ["frequent_table", "frequent"], ["frequent_half"]),
        helper.make_node("Cast", ["frequent_half"], ["frequent_vectors"], to=_FLOAT),
        helper.make_node("Gather", ["spread_table", "spread"], ["spread_vectors"]),
        helper.make_node("Gather", ["letters_table", "characters"], ["letters_last"]),
        helper.make_node("Transpose", ["letters_last"], ["letters"], perm=[0, 2, 1]),
        helper.make_node("Conv", ["letters", "narrow_weight", "narrow_bias"], ["narrow"], pads=[1, 1]),
        helper.make_node("Conv", ["letters", "wide_weight", "wide_bias"], ["wide"], pads=[2, 2]),
        helper.make_node("Concat", ["narrow", "wide"], ["both"], axis=1),
        helper.make_node("Equal", ["characters", "padding"], ["beyond_flat"]),
        helper.make_node("Unsqueeze", ["beyond_flat", "axis_1"], ["beyond"]),
        helper.make_node("Where", ["beyond", "never", "both"], ["within"]),
        helper.make_node("ReduceMax", ["within"], ["greatest"], axes=[2], keepdims=0),
        helper.make_node("Relu", ["greatest"], ["spelled"]),
        helper.make_node("Concat", ["frequent_vectors", "vectors", "spread_vectors", "spelled"], ["known"], axis=1),
        helper.make_node("Gemm", ["known", "mix_weight", "mix_bias"], ["mixed"], transB=1),
        helper.make_node("LayerNormalization", ["mixed", "norm_weight", "norm_bias"], ["normed"], axis=1),
        helper.make_node("Clip", ["normed", "low", "high"], ["cut"]),
        helper.make_node("Concat", ["cut", "no_anchor"], ["words"], axis=1),
    ]
    inputs = [
        helper.make_tensor_value_info("frequent", _INT, [NEW_WORDS]),
        helper.make_tensor_value_info("spread", _INT, [NEW_WORDS]),
        helper.make_tensor_value_info("characters", _INT, [NEW_WORDS, CHARACTERS]),
        helper.make_tensor_value_info("vectors", _FLOAT, [NEW_WORDS, None]),
    ]
    outputs = [helper.make_tensor_value_info("words", _FLOAT, [NEW_WORDS, WIDTH + ANCHORS])]
    return _model(nodes, inputs, outputs, constants).SerializeToString()


def texts_graph(tagger: Tagger) -> bytes:
    """From words to tags and roles: (longest, texts, WIDTH + ANCHORS) to scores of each, the anchor first."""
    repeat, title = (table.weight.detach().numpy() for table in (tagger.repeat, tagger.title))
    # Where the columns of the word, the repeats, the title and the lexicon begin in the second layer's weights.
    word, repeated, titled, lexicon = np.cumsum([2 * WIDTH, WIDTH, repeat.shape[1], title.shape[1]])
    # Its columns here: both directions of the first, the word, its anchor, the repeats one-hot, in title or not, the lexicon.
    constants = {"repeat_table": np.eye(REPEATS, dtype=np.float32), "axis_2": np.array([2])}
    constants |= dict(_lstm("first", tagger.first, lambda weight: np.hstack([weight * _REACH, _anchor(weight)])))
    constants |= dict(
        _lstm(
            "second",
            tagger.second,
            lambda weight: np.hstack(
                [
                    weight[:, :word],
                    weight[:, word:repeated] * _REACH,
                    _anchor(weight),
                    weight[:, repeated:titled] @ repeat.T,
                    weight[:, titled:lexicon] @ (title[1:] - title[:1]).T,
                    weight[:, lexicon:],
                ]
            ),
            lambda weight: weight[:, titled:lexicon] @ title[0],
        )
    )
    for name, layers in (("tags", tagger.emit), ("roles", tagger.role)):
        linear = [layer for layer in layers if isinstance(layer, nn.Linear)]
        for number, layer in enumerate(linear):
            constants[f"{name}_weight_{number}"] = layer.weight.detach().numpy().T
            constants[f"{name}_bias_{number}"] = layer.bias.detach().numpy()
    nodes = [
        *_lstm_nodes("first", "words", tagger.first.forwards.hidden_size),
        helper.make_node("Gather", ["repeat_table", "repeats"], ["repeat"]),
        helper.make_node("Unsqueeze", ["in_title", "axis_2"], ["title"]),
        helper.make_node("Concat", ["first", "words", "repeat", "title", "lexicon"], ["seen"], axis=2),
        *_lstm_nodes("second", "seen", tagger.second.forwards.hidden_size),
        *_two_layers("tags"),
        *_two_layers("roles"),
    ]
    inputs = [
        helper.make_tensor_value_info("words", _FLOAT, ["longest", "texts", WIDTH + ANCHORS]),
        helper.make_tensor_value_info("repeats", _INT, ["longest", "texts"]),
        helper.make_tensor_value_info("in_title", _FLOAT, ["longest", "texts"]),
        helper.make_tensor_value_info("lexicon", _FLOAT, ["longest", "texts", TAGS]),
        helper.make_tensor_value_info("lengths", TensorProto.INT32, ["texts"]),
    ]
    outputs = [
        helper.make_tensor_value_info("tags", _FLOAT, ["longest", "texts", TAGS]),
        helper.make_tensor_value_info("roles", _FLOAT, ["longest", "texts", len(Role)]),
    ]
    return _quantized(_model(nodes, inputs, outputs, constants))


def _lstm(name: str, layer: TwoWays, columns: Any, bias: Any = lambda weight: 0.0) -> Iterator[tuple[str, _Array]]:
    """The weights of a layer as ONNX has them: both directions in one, its gates in ONNX's order."""
    both = [
        {key: value.detach().numpy() for key, value in lstm.state_dict().items()} for lstm in (layer.forwards, layer.backwards)
    ]
    yield f"{name}_W", np.stack([_gates(columns(lstm["weight_ih_l0"])) for lstm in both]).astype(np.float32)
    yield f"{name}_R", np.stack([_gates(lstm["weight_hh_l0"]) for lstm in both])
    biases = [(_gates(lstm["bias_ih_l0"] + bias(lstm["weight_ih_l0"])), _gates(lstm["bias_hh_l0"])) for lstm in both]
    yield f"{name}_B", np.stack([np.concatenate(pair) for pair in biases]).astype(np.float32)


def _gates(weight: _Array) -> _Array:
    """Torch's input, forget, cell, output gates as ONNX's input, output, forget, cell."""
    into, forget, cell, out = np.split(weight, 4)
    return np.concatenate([into, out, forget, cell])


def _anchor(weight: _Array) -> _Array:
    """The weights of the anchor's columns, (gates, ANCHORS): all gates open, half of the cells to 1, half to -1."""
    width = len(weight) // 4
    signs = np.concatenate([np.ones(2 * width), np.resize([1, -1], width), np.ones(width)])
    return signs[:, None] * np.resize([1, -1], ANCHORS) * (_SATURATION / ANCHORS)


def _lstm_nodes(name: str, inputs: str, width: int) -> Iterator[onnx.NodeProto]:
    """Two directions side by side: (longest, texts, columns) to (longest, texts, 2 · width)."""
    weights = [f"{name}_W", f"{name}_R", f"{name}_B", "lengths"]
    yield helper.make_node("LSTM", [inputs, *weights], [f"{name}_0"], hidden_size=width, direction="bidirectional")
    yield helper.make_node("Transpose", [f"{name}_0"], [f"{name}_1"], perm=[0, 2, 1, 3])
    shape = helper.make_tensor(f"{name}_shape", _INT, [3], [0, 0, 2 * width])
    yield helper.make_node("Constant", [], [f"{name}_2"], value=shape)
    yield helper.make_node("Reshape", [f"{name}_1", f"{name}_2"], [name])


def _two_layers(name: str) -> Iterator[onnx.NodeProto]:
    """What the states of the second layer mean."""
    yield helper.make_node("MatMul", ["second", f"{name}_weight_0"], [f"{name}_0"])
    yield helper.make_node("Add", [f"{name}_0", f"{name}_bias_0"], [f"{name}_1"])
    yield helper.make_node("Relu", [f"{name}_1"], [f"{name}_2"])
    yield helper.make_node("MatMul", [f"{name}_2", f"{name}_weight_1"], [f"{name}_3"])
    yield helper.make_node("Add", [f"{name}_3", f"{name}_bias_1"], [name])


def _model(nodes: list[onnx.NodeProto], inputs: list[Any], outputs: list[Any], constants: dict[str, Any]) -> onnx.ModelProto:
    initializers = [numpy_helper.from_array(np.ascontiguousarray(value), name) for name, value in constants.items()]
    graph = helper.make_graph(nodes, "kg", inputs, outputs, initializers)
    model = helper.make_model(graph, opset_imports=[_OPSET], ir_version=_IR_VERSION)
    onnx.checker.check_model(model)
    return model


def _quantized(model: onnx.ModelProto) -> bytes:
    """With 7 bits for the weights: processors without VNNI add up pairs of products in 16."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "quantized.onnx"
        quantize_dynamic(
            model, path, weight_type=QuantType.QInt8, op_types_to_quantize=["LSTM"], per_channel=True, reduce_range=True
        )
        return path.read_bytes()
