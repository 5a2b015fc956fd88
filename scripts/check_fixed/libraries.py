"""Holds the models of a fixed copy of a package against those of the package: `libraries.py out/fixed-libraries/NAME.json`.

Each process describes all models on the meta device: keys and shapes of their weights, and the shapes of what their blocks give.
"""

import json
import os
import subprocess
import sys
import warnings

IMAGE = (2, 3, 224, 224)
CLIP = (1, 3, 16, 112, 112)


def names_of(package, modules):
    """Models of the modules; of timm the first two of each, whose others differ in their sizes."""
    if package == "torchvision":
        from torchvision.models import list_models

        return list_models()
    from timm.models import list_models

    return [name for module in modules for name in list_models(module=module)[:2]]


def build(package, name):
    if package == "torchvision":
        from torchvision.models import get_model

        try:
            return get_model(name, weights=None, weights_backbone=None)
        except (TypeError, ValueError):
            return get_model(name, weights=None)
    import timm

    return timm.create_model(name)


def inputs_of(package, model, name):
    import torch

    if package == "timm":
        return torch.empty(2, *model.default_cfg["input_size"])
    module = type(model).__module__
    if ".video" in module:
        return torch.empty(CLIP) if "mvit" not in name and "swin" not in name else torch.empty(1, 3, 16, 224, 224)
    return torch.empty(IMAGE) if ".detection" not in module and ".optical_flow" not in module else None


def shape_of(value):
    """The shapes of an output, however it is nested."""
    if isinstance(value, dict):
        return {str(key): shape_of(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [shape_of(item) for item in value]
    return list(value.shape) if hasattr(value, "shape") else None


def describe(package, modules):
    """Everything that is compared, by the model's name."""
    import torch

    warnings.simplefilter("ignore")
    described = {}
    for name in names_of(package, modules):
        shapes = {}
        try:
            with torch.device("meta"):
                model = build(package, name).eval()
                maps = inputs_of(package, model, name)
            for block, module in model.named_modules():
                # A layer that loses its stride gives larger maps; the block around it does not.
                if any(True for _ in module.children()):
                    module.register_forward_hook(lambda _, __, output, block=block: shapes.update({block: shape_of(output)}))
            state = {key: list(value.shape) for key, value in model.state_dict().items()}
        except Exception as error:  # noqa: BLE001
            described[name] = {"error": f"{type(error).__name__}: {error}"[:300]}
            continue
        failure = None
        if maps is not None:
            try:
                with torch.no_grad():
                    model(maps)
            except Exception as error:  # noqa: BLE001
                failure = f"{type(error).__name__}: {error}"[:300]
        described[name] = {"state": state, "shapes": shapes, "failure": failure}
    return described


def main():
    if sys.argv[1] == "describe":
        print(json.dumps(describe(sys.argv[2], json.loads(sys.argv[3]))))
        return
    manifest = json.load(open(sys.argv[1]))
    results = []
    for path in ("", manifest["copy"]):
        command = [sys.executable, __file__, "describe", manifest["name"], json.dumps(manifest["modules"])]
        done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": path})
        if done.returncode != 0:
            sys.exit(done.stderr[-3000:])
        results.append(json.loads(done.stdout.splitlines()[-1]))
    before, after = results
    problems, ran, built = [], 0, 0
    for name, expected in before.items():
        actual = after[name]
        if "error" in expected:
            print(f"{name}: not built by the package itself, {expected['error']}")
            continue
        built += 1
        if "error" in actual or actual["state"] != expected["state"]:
            problems.append(f"{name}: {actual.get('error', 'other weights')}")
            continue
        if actual["failure"] != expected["failure"]:
            problems.append(f"{name}: {actual['failure']}, before {expected['failure']}")
        ran += expected["failure"] is None and len(expected["shapes"]) > 0
        for block, shape in expected["shapes"].items():
            if actual["shapes"].get(block) != shape:
                problems.append(f"{name}.{block}: {actual['shapes'].get(block)} instead of {shape}")
                break
    print("\n".join(problems))
    print(f"{manifest['name']}: {built} models built, {ran} run, {len(problems)} problems.")
    sys.exit(1 if problems else 0)


main()
