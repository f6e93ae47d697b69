"""Calls a gateway with NVIDIA's own client and compares with ONNX Runtime.

Usage: tritonCalls.py HOST:PORT MODEL FILE.onnx; prints one JSON document.
"""

import json
import sys

import numpy
import onnxruntime
import tritonclient.http as http
from tritonclient.utils import InferenceServerException

url, name, path = sys.argv[1:]
client = http.InferenceServerClient(url=url, concurrency=4, network_timeout=120)
session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])


def local(x):
    return session.run(None, {"x": x})[0]


def tensor(x, binary):
    made = http.InferInput("x", list(x.shape), "FP32")
    made.set_data_from_numpy(x, binary_data=binary)
    return made


def infer(x, binary_in, binary_out, **more):
    outputs = [http.InferRequestedOutput("y", binary_data=binary_out)]
    return client.infer(name, [tensor(x, binary_in)], outputs=outputs, **more)


def refusal(call):
    try:
        call()
    except InferenceServerException as error:
        return {"status": error.status(), "message": error.message()}
    return None


rng = numpy.random.default_rng(7)
samples = [rng.standard_normal((1, 4)).astype(numpy.float32) for _ in range(6)]

calls = []
for index, (binary_in, binary_out) in enumerate(
    [(True, True), (True, False), (False, True), (False, False)]
):
    x = samples[index]
    result = infer(x, binary_in, binary_out, request_id=f"call {index}")
    answer = result.get_response()
    calls.append(
        {
            "binaryIn": binary_in,
            "binaryOut": binary_out,
            "id": answer["id"],
            "parameters": answer["parameters"],
            "difference": float(numpy.abs(result.as_numpy("y") - local(x)).max()),
        }
    )

# All outputs, as the client asks for them when it names none.
unnamed = client.infer(name, [tensor(samples[4], True)])
final = infer(samples[5], True, True, parameters={"wait": "final"})

# Four at once, as its users send them.
pending = [client.async_infer(name, [tensor(x, True)]) for x in samples[:4]]
several = [one.get_result().as_numpy("y") for one in pending]

print(
    json.dumps(
        {
            "live": client.is_server_live(),
            "ready": client.is_server_ready(),
            "modelReady": client.is_model_ready(name),
            "otherReady": client.is_model_ready("other"),
            "server": client.get_server_metadata(),
            "metadata": client.get_model_metadata(name),
            "calls": calls,
            "unnamed": float(
                numpy.abs(unnamed.as_numpy("y") - local(samples[4])).max()
            ),
            "final": final.get_response()["parameters"],
            "several": [
                float(numpy.abs(y - local(x)).max())
                for x, y in zip(samples[:4], several)
            ],
            "refusals": {
                "shape": refusal(
                    lambda: infer(numpy.zeros((1, 5), numpy.float32), True, True)
                ),
                "model": refusal(
                    lambda: client.infer("other", [tensor(samples[0], True)])
                ),
                "price": refusal(
                    lambda: infer(
                        samples[0], True, True, parameters={"max_price": "1000LYN"}
                    )
                ),
            },
        }
    )
)
