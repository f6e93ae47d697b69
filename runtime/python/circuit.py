"""Compiles a circuit, or proves with it, by ezkl 21.0.0.

    circuit.py compile FOLDER MAX_LOGROWS   model.onnx, samples.json -> settings.json, circuit.ezkl
    circuit.py setup FOLDER                 circuit.ezkl, srs -> key, pk
    circuit.py verifier FOLDER              key, settings.json, srs -> verifier.sol
    circuit.py prove FOLDER                 input.json, circuit.ezkl, pk, srs -> proof.json

Prints one JSON object. Everything is in FOLDER; nothing is downloaded.
"""

import asyncio
import inspect
import json
import os
import sys

import ezkl


class NumbersDoNotFit(Exception):
    """A circuit computes in bounds: no witness has these numbers."""


async def wait(result):
    """Some calls of ezkl return a future, which ones depends on the build."""
    return await result if inspect.isawaitable(result) else result


# How numbers are split for range checks, as (base, digits): each covers 28 bits or
# more. A smaller base needs fewer rows for its table, and more for each number.
SPLITS = ((16384, 2), (2048, 3), (256, 4))


async def calibrated(model, samples, path, split, max_logrows):
    """Settings for one way to split numbers."""
    args = ezkl.PyRunArgs()
    args.input_visibility = "public"
    args.output_visibility = "public"
    args.param_visibility = "fixed"
    args.decomp_base, args.decomp_legs = split
    ezkl.gen_settings(model, path, py_run_args=args)
    await wait(
        ezkl.calibrate_settings(
            samples,
            model,
            path,
            "resources",
            # Higher ones let the scales of later layers grow beyond a float32's digits.
            scale_rebase_multiplier=[1],
            max_logrows=max_logrows,
        )
    )
    with open(path) as file:
        settings = json.load(file)
    # The circuit holds its settings: the same model must give the same bytes.
    settings["timestamp"] = 0
    for name in ("required_lookups", "required_range_checks"):  # sets, in any order
        settings[name].sort(key=json.dumps)
    return settings


async def compile_circuit(folder, max_logrows):
    model, path, samples = (
        os.path.join(folder, name) for name in ("model.onnx", "settings.json", "samples.json")
    )
    found, errors = [], []
    for split in SPLITS:
        try:
            found.append(await calibrated(model, samples, path, split, max_logrows))
        except Exception as error:
            errors.append(f"base {split[0]}: {error}")
    if not found:
        raise RuntimeError("; ".join(errors))
    # Time and memory of a proof follow 2^logrows.
    settings = min(found, key=lambda one: (one["run_args"]["logrows"], one["num_rows"]))
    with open(path, "w") as file:
        json.dump(settings, file, separators=(",", ":"))
    ezkl.compile_circuit(model, os.path.join(folder, "circuit.ezkl"), path)
    return {"rows": settings["num_rows"], "logrows": settings["run_args"]["logrows"]}


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
    try:
        await wait(ezkl.gen_witness(path("input.json"), path("circuit.ezkl"), path("witness.json")))
    except Exception as error:
        raise NumbersDoNotFit(str(error)) from error
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
    print(json.dumps({"error": str(error), "numbers": isinstance(error, NumbersDoNotFit)}))
    status = 1
sys.stdout.flush()
# ezkl's threads would keep the process alive.
os._exit(status)
