"""The gradient of a model's loss by onnx-ad, run by ONNX Runtime: JSON in, JSON out."""

import base64
import json
import sys

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper
from onnx_ad import reverse

asked = json.load(sys.stdin)
model = onnx.load_from_string(base64.b64decode(asked["graph"]))
graph = model.graph
flat = np.frombuffer(base64.b64decode(asked["values"]), np.float32)
labels = np.frombuffer(base64.b64decode(asked["labels"]), np.int32).astype(np.int64)

# What is trained becomes an input, by which the loss is differentiated.
trained = {
    entry["name"]: flat[entry["offset"] : entry["offset"] + entry["size"]].reshape(
        entry["dims"]
    )
    for entry in asked["parameters"]
}
frozen = [one for one in graph.initializer if one.name not in trained]
del graph.initializer[:]
graph.initializer.extend(frozen)
graph.input.extend(
    helper.make_tensor_value_info(name, TensorProto.FLOAT, value.shape)
    for name, value in trained.items()
)

# The class is the last axis; the loss wants it to be the second.
classes = asked["classes"]
graph.initializer.append(
    helper.make_tensor("rows", TensorProto.INT64, [2], [len(labels), classes])
)
graph.input.append(
    helper.make_tensor_value_info("labels", TensorProto.INT64, labels.shape)
)
graph.node.append(helper.make_node("Reshape", ["logits", "rows"], ["table"]))
graph.node.append(
    helper.make_node("SoftmaxCrossEntropyLoss", ["table", "labels"], ["loss"])
)
del graph.output[:]
graph.output.append(helper.make_tensor_value_info("loss", TensorProto.FLOAT, []))

adjoint = reverse(
    onnx.shape_inference.infer_shapes(model),
    inputs=list(trained),
    outputs=["loss"],
    layout="onnx",
)
session = onnxruntime.InferenceSession(
    adjoint.SerializeToString(), providers=["CPUExecutionProvider"]
)
(given,) = [one for one in graph.input if one.name == asked["name"]]
dims = [dim.dim_value for dim in given.type.tensor_type.shape.dim]
dtype = helper.tensor_dtype_to_np_dtype(given.type.tensor_type.elem_type)
feeds = {
    **trained,
    "labels": labels,
    asked["name"]: np.frombuffer(base64.b64decode(asked["input"]), dtype).reshape(dims),
    "adj_loss": np.ones([1], np.float32),
}
loss, *gradients = session.run(["loss", *(f"adj_{name}" for name in trained)], feeds)
gradient = np.concatenate([part.ravel() for part in gradients]).astype(np.float64)
print(
    json.dumps(
        {
            "loss": float(loss),
            "gradient": base64.b64encode(gradient.tobytes()).decode(),
        }
    )
)
