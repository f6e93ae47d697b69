"""Compiles a circuit, or proves with it, by ezkl 21.0.0.

    circuit.py compile FOLDER MAX_LOGROWS   model.onnx, samples.json -> settings.json, circuit.ezkl
    circuit.py setup FOLDER                 circuit.ezkl, srs -> key
    circuit.py verifier FOLDER              key, settings.json, srs -> verifier.sol
    circuit.py prove FOLDER                 input.json, circuit.ezkl, key, srs -> proof.json

Prints one JSON object. Everything is in FOLDER; nothing is downloaded.
"""

import asyncio
import inspect
import json
import os
import sys

import ezkl


async def wait(result):
    """Some calls of ezkl return a future, which ones depends on the build."""
    return await result if inspect.isawaitable(result) else result


async def compile_circuit(folder, max_logrows):
    args = ezkl.PyRunArgs()
    args.input_visibility = "public"
    args.output_visibility = "public"
    args.param_visibility = "fixed"
    model, settings, samples = (
        os.path.join(folder, name) for name in ("model.onnx", "settings.json", "samples.json")
    )
    ezkl.gen_settings(model, settings, py_run_args=args)
    await wait(
        ezkl.calibrate_settings(samples, model, settings, "resources", max_logrows=max_logrows)
    )
    ezkl.compile_circuit(model, os.path.join(folder, "circuit.ezkl"), settings)
    with open(settings) as file:
        return {"rows": json.load(file)["num_rows"]}


async def setup(folder):
    path = lambda name: os.path.join(folder, name)
    ezkl.setup(path("circuit.ezkl"), path("key"), path("pk"), path("srs"))
    return {"bytes": os.path.getsize(path("key"))}


async def make_verifier(folder):
    sol = os.path.join(folder, "verifier.sol")
    try:
        await wait(
            ezkl.create_evm_verifier(
                vk_path=os.path.join(folder, "key"),
                settings_path=os.path.join(folder, "settings.json"),
                sol_code_path=sol,
                abi_path=os.path.join(folder, "verifier.abi"),
                srs_path=os.path.join(folder, "srs"),
            )
        )
    except RuntimeError:
        # It writes the source, then looks for a compiler of its own to make the ABI.
        if not os.path.exists(sol):
            raise
    return {"bytes": os.path.getsize(sol)}


async def prove(folder):
    path = lambda name: os.path.join(folder, name)
    if not os.path.exists(path("pk")):
        ezkl.setup(path("circuit.ezkl"), path("vk.made"), path("pk.part"), path("srs"))
        os.replace(path("pk.part"), path("pk"))
    await wait(ezkl.gen_witness(path("input.json"), path("circuit.ezkl"), path("witness.json")))
    ezkl.prove(
        path("witness.json"),
        path("circuit.ezkl"),
        path("pk"),
        path("proof.json"),
        "single",
        path("srs"),
    )
    return {"bytes": os.path.getsize(path("proof.json"))}


async def main():
    command, folder, *more = sys.argv[1:]
    if command == "compile":
        return await compile_circuit(folder, int(more[0]))
    if command == "setup":
        return await setup(folder)
    if command == "verifier":
        return await make_verifier(folder)
    if command == "prove":
        return await prove(folder)
    raise SystemExit(f"no command {command}")


try:
    print(json.dumps(asyncio.run(main())))
    status = 0
except Exception as error:  # the caller reads one line, whatever it was
    print(json.dumps({"error": str(error)}))
    status = 1
sys.stdout.flush()
# ezkl's threads would keep the process alive.
os._exit(status)
