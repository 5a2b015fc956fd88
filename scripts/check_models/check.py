"""Exports, lints, fixes and runs architectures; see scripts/check-models.mjs."""

import json
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

import numpy
import onnx
import onnxruntime
import torch

from architectures import ARCHITECTURES, FIXED_SIZE, build
from truth import subsampling_of

KINDS = {
    "strided-conv": "convolution",
    "strided-pointwise-conv": "convolution",
    "patchify-conv": "convolution",
    "strided-max-pool": "max-pool",
    "strided-avg-pool": "average-pool",
}
EXPORTERS = ("torchscript", "dynamo")
IDENTITY_TOLERANCE = 1e-6


def export(network, file, exporter, size, is_open):
    """Writes a network with open batch, height and width, or of one size."""
    image = torch.zeros(2, 3, size, size)
    if exporter == "dynamo":
        height, width = torch.export.Dim.AUTO, torch.export.Dim.AUTO
        shapes = ({0: torch.export.Dim.AUTO, 2: height, 3: width},) if is_open else None
        torch.onnx.export(network, (image,), file, dynamo=True, dynamic_shapes=shapes, external_data=False, verbose=False)
    else:
        axes = {"image": {0: "batch", 2: "height", 3: "width"}} if is_open else None
        names = {"input_names": ["image"], "output_names": ["scores"]}
        torch.onnx.export(network, (image,), file, dynamo=False, dynamic_axes=axes, opset_version=17, **names)


def shiftlint(command_line, *words):
    """The JSON that a command prints; its errors where it prints none."""
    done = subprocess.run(["node", command_line, *words, "--json"], capture_output=True, text=True)
    if done.stdout.strip() == "":
        raise RuntimeError(done.stderr.strip().splitlines()[-1] if done.stderr.strip() else f"exit code {done.returncode}")
    return json.loads(done.stdout)


def outputs_of(file, sizes):
    """The first output for a random image of each size, by size."""
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
    batch = session.get_inputs()[0].shape[0]
    count = batch if isinstance(batch, int) else 1
    images = {size: numpy.random.default_rng(size).standard_normal((count, 3, size, size), dtype=numpy.float32) for size in sizes}
    return {size: session.run(None, {session.get_inputs()[0].name: image})[0] for size, image in images.items()}


def findings_of(command_line, file):
    (linted,) = shiftlint(command_line, "lint", str(file))["files"]
    if linted["errors"]:
        raise RuntimeError(linted["errors"][0]["message"])
    return Counter(KINDS[finding["rule"]] for finding in linted["findings"] if finding["rule"] in KINDS)


def check(command_line, network, exporter, sizes, expected, folder):
    """What is wrong with one export, as sentences. `expected` counts the layers of each kind that subsample."""
    wrong = []
    file = folder / "model.onnx"
    export(network, str(file), exporter, sizes[-1], len(sizes) > 1)
    found = findings_of(command_line, file)
    for kind in sorted({*expected, *found}):
        if found[kind] < expected[kind]:
            wrong.append(f"{expected[kind] - found[kind]} {kind} missed")
        if found[kind] > expected[kind]:
            wrong.append(f"{found[kind] - expected[kind]} {kind} too many")
    original = outputs_of(file, sizes)
    for blur in ("identity", "tri-3"):
        fixed = folder / f"{blur}.onnx"
        report = shiftlint(command_line, "fix", str(file), "--filter", blur, "-o", str(fixed))
        if report["output"] is None:
            continue
        try:
            onnx.checker.check_model(str(fixed), full_check=True)
        except Exception as error:
            wrong.append(f"{blur}: checker: {str(error).splitlines()[0][:120]}")
        try:
            outputs = outputs_of(fixed, sizes)
        except Exception as error:
            wrong.append(f"{blur}: {str(error).splitlines()[0][:120]}")
            continue
        for size in sizes:
            wrong.extend(difference(original[size], outputs[size], blur, size))
    return wrong


def difference(original, output, blur, size):
    if output.shape != original.shape:
        return [f"{blur} at {size}: shape {output.shape} instead of {original.shape}"]
    far = float(numpy.abs(output - original).max() / max(float(numpy.abs(original).max()), 1e-30))
    if blur == "identity" and not far <= IDENTITY_TOLERANCE:
        return [f"identity at {size}: off by {far:.1e} of the maximum"]
    return [] if numpy.isfinite(output).all() else [f"{blur} at {size}: not finite"]


def main(command_line, words):
    exporters = EXPORTERS
    if "--exporters" in words:
        place = words.index("--exporters")
        exporters = words[place + 1].split(",")
        words = words[:place] + words[place + 2 :]
    names = words or list(ARCHITECTURES)
    failed = layers = 0
    for name in names:
        network = build(name)
        for exporter in exporters:
            is_fixed = name in FIXED_SIZE[exporter]
            sizes = ARCHITECTURES[name][:1] if is_fixed else ARCHITECTURES[name]
            calls, distinct = subsampling_of(network, sizes[-1])
            expected = distinct if exporter == "dynamo" else calls
            count = sum(expected.values())
            with tempfile.TemporaryDirectory(prefix="shiftlint-models-") as folder:
                try:
                    wrong = check(command_line, network, exporter, sizes, expected, Path(folder))
                except Exception as error:
                    wrong = [f"{type(error).__name__}: {str(error).splitlines()[0][:160]}"]
            layers += count
            failed += bool(wrong)
            print(f"{name:34} {exporter:12} {count:4} layers  {'; '.join(wrong) or ('all right, of one size' if is_fixed else 'all right')}", flush=True)
    print(f"{len(names) * len(exporters)} exports, {layers} layers that subsample, {failed} exports with something wrong.")
    return 1 if failed else 0


if __name__ == "__main__":
    torch.manual_seed(0)
    sys.exit(main(sys.argv[1], sys.argv[2:]))
