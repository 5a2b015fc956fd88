"""Holds templates/recover_torch.py against networks of torchvision: `python test/python/check_recover.py`. Needs torch and torchvision."""

import copy
import os
import sys
import warnings

import torch
import torch.nn.functional as F
import torchvision
from torch import nn

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "..", "templates"))
import blurpool_torch as b  # noqa: E402
from recover_torch import recover  # noqa: E402

passed = failed = 0
warnings.simplefilter("error")


def check(name, ok):
    global passed, failed
    if ok:
        passed += 1
    else:
        failed += 1
        print("FAILED", name)


def fixed_copy(model, filter_size):
    model = copy.deepcopy(model)
    for parent in list(model.modules()):
        for name, layer in list(parent.named_children()):
            if isinstance(layer, nn.MaxPool2d):
                setattr(parent, name, b.MaxBlurPool2d(layer.kernel_size, layer.stride, layer.padding, filter_size=filter_size))
            elif isinstance(layer, nn.Conv2d) and max(layer.stride) > 1:
                blurred = b.BlurConv2d(
                    layer.in_channels, layer.out_channels, layer.kernel_size, layer.stride, layer.padding,
                    groups=layer.groups, bias=layer.bias is not None, filter_size=filter_size,
                )  # fmt: skip
                blurred.load_state_dict(layer.state_dict())
                setattr(parent, name, blurred.train(layer.training))
    return model


def pictures(count, size):
    return F.interpolate(torch.randn(count, 3, 4, 4), size=size, mode="bicubic")


def statistics(model, images):
    """Random weights with the statistics of their batches."""
    for layer in model.modules():
        if isinstance(layer, nn.BatchNorm2d):
            layer.momentum = None
    model.train()
    with torch.no_grad():
        model(images)
    return model.eval()


def error(original, fixed, images):
    with torch.no_grad():
        wanted, given = original(images), fixed(images)
    return float((given - wanted).square().sum() / wanted.square().sum())


def modes(model):
    return [layer.training for layer in model.modules()]


for name in ("resnet18", "mobilenet_v3_small"):
    torch.manual_seed(0)
    original = statistics(getattr(torchvision.models, name)(weights=None), pictures(96, 96))
    fixed = fixed_copy(original, 3)
    fixed.layer1.train() if name == "resnet18" else fixed.features[0].train()
    keys, classes, training = list(fixed.state_dict()), [type(layer) for layer in fixed.modules()], modes(fixed)
    kept = copy.deepcopy(original.state_dict())
    report = recover(original, fixed, pictures(96, 96), shifts=1, positions=4000)
    before, after = report["output"]["error_before"], report["output"]["error_after"]
    print(f"{name}: error on held-out images {before:.4f} as inserted, {after:.4f} recovered")
    check(f"{name}: the error halves", after <= before / 2)
    check(f"{name}: keys", list(fixed.state_dict()) == keys)
    check(f"{name}: classes", [type(layer) for layer in fixed.modules()] == classes)
    check(f"{name}: training modes", modes(fixed) == training)
    check(f"{name}: the original stays", all(torch.equal(value, kept[key]) for key, value in original.state_dict().items()))
    check(f"{name}: no layer gets worse", all(item["kept"] or item["error_after"] <= item["error_before"] for item in report["layers"]))

    fixed = fixed_copy(original, 1)
    report = recover(original, fixed, pictures(10, 96), shifts=1, positions=500)
    state = fixed.state_dict()
    check(f"{name}: the identity changes nothing", all(item["kept"] for item in report["layers"]) and all(torch.equal(state[key], kept[key]) for key in kept))

# A linear network in double precision: what a solver of least squares gives, here with the pull of the ridge as further equations.
torch.manual_seed(0)
pool = nn.AvgPool2d(2)
original = nn.Sequential(pool, nn.Conv2d(3, 5, 3, padding=1)).double()
fixed = nn.Sequential(b.AvgBlurPool2d(2, filter_size=4), copy.deepcopy(original[1]))
images = torch.randn(40, 3, 12, 12, dtype=torch.float64)
ridge = 1e-3
for positions in (100_000, 40):
    again = copy.deepcopy(fixed)
    report = recover(original, again, images, shifts=1, positions=positions, ridges=(ridge,))
    if positions == 100_000:
        fit = torch.arange(40) % 5 != 4
        with torch.no_grad():
            rows = F.unfold(fixed[0](images[fit]), 3, padding=1).transpose(1, 2).flatten(0, 1)
            rows = torch.cat([rows, torch.ones_like(rows[:, :1])], dim=1)
            wanted = original(images[fit]).flatten(2).transpose(1, 2).flatten(0, 1)
            old = torch.cat([original[1].weight.flatten(1), original[1].bias[:, None]], dim=1)
            pull = (ridge * rows.square().sum() / rows.shape[1]).sqrt() * torch.eye(rows.shape[1], dtype=rows.dtype)
            best = torch.linalg.lstsq(torch.cat([rows, pull]), torch.cat([wanted, pull @ old.T])).solution.T
        found = torch.cat([again[1].weight.flatten(1), again[1].bias[:, None]], dim=1).detach()
        check("the optimum of a linear network", not report["layers"][0]["kept"] and float((found - best).abs().max()) < 1e-8)
in_parts = copy.deepcopy(fixed)
whole = copy.deepcopy(fixed)
recover(original, whole, images, shifts=2, positions=100_000)
recover(original, in_parts, images, shifts=2, positions=100_000, at_once=24)
check("portions give the same", torch.allclose(whole[1].weight, in_parts[1].weight, atol=1e-9))


class Shared(nn.Module):
    def __init__(self, pool):
        super().__init__()
        self.pool, self.conv = pool, nn.Conv2d(3, 3, 3, padding=1)

    def forward(self, x):
        return self.conv(self.conv(self.pool(x)))


original = Shared(nn.MaxPool2d(2))
fixed = Shared(b.MaxBlurPool2d(2))
fixed.load_state_dict(original.state_dict())
[entry] = recover(original, fixed, images.float(), shifts=1)["layers"]
check("a shared layer stays", entry["kept"] and "more than once" in entry["reason"] and torch.equal(fixed.conv.weight, original.conv.weight))
try:
    recover(original, original, images.float())
    check("the same network twice is refused", False)
except ValueError:
    check("refusal", True)

print(f"{passed} checks passed, {failed} failed.")
sys.exit(1 if failed else 0)
