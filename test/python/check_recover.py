"""Holds templates/recover_torch.py against networks of torchvision: `python test/python/check_recover.py`. Needs torch and torchvision."""

import copy
import os
import sys
import warnings

import torch
import torch.nn.functional as F
import torchvision
from torch import nn

sys.path[:0] = [os.path.dirname(__file__), os.path.join(os.path.dirname(__file__), "..", "..", "templates")]
import blurpool_torch as b  # noqa: E402
from checks import check, finish  # noqa: E402
from drawn_shapes import drawn_shapes  # noqa: E402
from recover_torch import recover  # noqa: E402

warnings.simplefilter("error")


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
    unseen = pictures(64, 96)
    inserted = error(original, copy.deepcopy(fixed).eval(), unseen)
    report = recover(original, fixed, pictures(96, 96), shifts=1, positions=4000)
    recovered = error(original, copy.deepcopy(fixed).eval(), unseen)
    print(f"{name}, without training: error on unseen images {inserted:.4f} as inserted, {recovered:.4f} recovered")
    check(f"{name}: the error on unseen images falls", recovered <= 0.85 * inserted)
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


# Shortcuts, squeeze-excite and depthwise convolutions, trained for a minute.


class SqueezeExcite(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.fc1, self.fc2 = nn.Conv2d(channels, channels // 4, 1), nn.Conv2d(channels // 4, channels, 1)

    def forward(self, x):
        return x * F.hardsigmoid(self.fc2(F.relu(self.fc1(x.mean((2, 3), keepdim=True)))))


def down(stride, filter_size):
    """What stands behind an activation: a blur in the fixed network."""
    return nn.Identity() if filter_size is None else b.BlurPool2d(stride, filter_size)


class Residual(nn.Module):
    def __init__(self, inputs, outputs, filter_size):
        super().__init__()
        step = 2 if filter_size is None else 1
        self.conv1, self.norm1 = nn.Conv2d(inputs, outputs, 3, step, 1, bias=False), nn.BatchNorm2d(outputs)
        self.conv2, self.norm2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False), nn.BatchNorm2d(outputs)
        self.excite, self.down = SqueezeExcite(outputs), down(2, filter_size)
        self.shortcut, self.norm3 = nn.Conv2d(inputs, outputs, 1, step, bias=False), nn.BatchNorm2d(outputs)

    def forward(self, x):
        y = self.norm2(self.conv2(self.down(F.relu(self.norm1(self.conv1(x))))))
        return F.relu(self.excite(y) + self.norm3(self.shortcut(self.down(x))))


class Inverted(nn.Module):
    def __init__(self, inputs, outputs, stride, filter_size):
        super().__init__()
        wide = 3 * inputs
        self.adds = stride == 1 and inputs == outputs
        self.layers = nn.Sequential(
            nn.Conv2d(inputs, wide, 1, bias=False), nn.BatchNorm2d(wide), nn.Hardswish(),
            nn.Conv2d(wide, wide, 3, stride if filter_size is None else 1, 1, groups=wide, bias=False), nn.BatchNorm2d(wide), nn.Hardswish(),
            down(stride, filter_size), SqueezeExcite(wide), nn.Conv2d(wide, outputs, 1, bias=False), nn.BatchNorm2d(outputs),
        )  # fmt: skip

    def forward(self, x):
        return x + self.layers(x) if self.adds else self.layers(x)


def network(filter_size=None):
    pool = nn.MaxPool2d(2) if filter_size is None else b.MaxBlurPool2d(2, filter_size=filter_size)
    return nn.Sequential(
        nn.Conv2d(3, 16, 3, 1, 1, bias=False), nn.BatchNorm2d(16), nn.ReLU(), pool, Residual(16, 24, filter_size),
        Inverted(24, 32, 2, filter_size), Inverted(32, 32, 1, filter_size), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(32, 6),
    )  # fmt: skip


def shapes(count, seed):
    images, classes = drawn_shapes(count, seed)
    return torch.from_numpy(images).permute(0, 3, 1, 2).contiguous(), torch.from_numpy(classes)


def trained(images, classes, steps=500):
    model = network()
    optimizer = torch.optim.AdamW(model.parameters(), 1e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 1e-2, total_steps=steps)
    for _ in range(steps):
        chosen = torch.randint(len(images), (64,))
        optimizer.zero_grad()
        F.cross_entropy(model(images[chosen]), classes[chosen]).backward()
        optimizer.step()
        schedule.step()
    return model.eval()


def accuracy(model, images, classes):
    with torch.no_grad():
        return 100 * float((model(images).argmax(1) == classes).double().mean())


torch.manual_seed(0)
original, unseen = trained(*shapes(3000, 1)), shapes(1000, 2)
check("the network has learnt", accuracy(original, *unseen) > 95)
for filter_size in (3, 5):
    scores = []
    for seed in range(5):
        fixed = network(filter_size).eval()
        fixed.load_state_dict(original.state_dict())
        inserted, before = accuracy(fixed, *unseen), error(original, fixed, unseen[0])
        recover(original, fixed, shapes(300, 100 + seed)[0], seed=seed)
        scores.append(accuracy(fixed, *unseen))
        check(f"trained, {filter_size} taps, seed {seed}: far nearer on unseen images", error(original, fixed, unseen[0]) < before / 5)
    print(
        f"trained, {filter_size} taps: accuracy on unseen images {accuracy(original, *unseen):.1f}, {inserted:.1f} as inserted, "
        f"{', '.join(f'{score:.1f}' for score in scores)} recovered from 300 other images each"
    )
    if filter_size == 3:
        check("trained, 3 taps: within a point of the original", min(scores) >= accuracy(original, *unseen) - 1)

finish()
