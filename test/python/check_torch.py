"""Holds templates/blurpool_torch.py against PyTorch: `python test/python/check_torch.py`. Needs torch."""

import itertools
import os
import sys

import torch
import torch.nn.functional as F
from torch import nn

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "..", "templates"))
import blurpool_torch as b  # noqa: E402

passed = failed = 0


def check(name, ok):
    global passed, failed
    if ok:
        passed += 1
    else:
        failed += 1
        print("FAILED", name)


torch.manual_seed(0)
originals = {1: (F.max_pool1d, F.avg_pool1d, nn.Conv1d), 2: (F.max_pool2d, F.avg_pool2d, nn.Conv2d), 3: (F.max_pool3d, F.avg_pool3d, nn.Conv3d)}
replacements = {
    n: (getattr(b, f"max_blur_pool{n}d"), getattr(b, f"avg_blur_pool{n}d"), getattr(b, f"BlurConv{n}d")) for n in (1, 2, 3)
}

for axes in (1, 2, 3):
    maximum, average, conv = originals[axes]
    max_blur, avg_blur, blur_conv = replacements[axes]
    sizes = (5, 8, 11) if axes < 3 else (6, 7)
    grid = itertools.product(range(1, 8 if axes < 3 else 5), range(1, 5), (0, 1, 2), (1, 2), (False, True), sizes)
    for kernel, stride, padding, dilation, ceil_mode, size in grid:
        name = f"{axes}d k{kernel} s{stride} p{padding} d{dilation} ceil{ceil_mode} n{size}"
        x = torch.randn(2, 3, *([size] * (axes - 1)), size + 1)
        if padding <= kernel // 2:
            try:
                expected = maximum(x, kernel, stride, padding, dilation, ceil_mode)
            except RuntimeError:
                expected = None
            if expected is not None and expected.numel() > 0:
                actual = max_blur(x, kernel, stride, padding, dilation, ceil_mode)
                check(f"max shape {name}: {tuple(actual.shape)} {tuple(expected.shape)}", actual.shape == expected.shape and bool(torch.isfinite(actual).all()))
                check(f"max identity {name}", torch.equal(max_blur(x, kernel, stride, padding, dilation, ceil_mode, filter_size=1), expected))
            if dilation == 1:
                try:
                    expected = average(x, kernel, stride, padding, ceil_mode)
                except RuntimeError:
                    expected = None
                if expected is not None and expected.numel() > 0:
                    actual = avg_blur(x, kernel, stride, padding, ceil_mode)
                    check(f"avg shape {name}: {tuple(actual.shape)} {tuple(expected.shape)}", actual.shape == expected.shape)
        if not ceil_mode:
            try:
                original = conv(3, 3, kernel, stride, padding, dilation)
                expected = original(x)
            except RuntimeError:
                continue
            fixed = blur_conv(3, 3, kernel, stride, padding, dilation)
            check(f"conv keys {name}", fixed.state_dict().keys() == original.state_dict().keys())
            fixed.load_state_dict(original.state_dict())
            check(f"conv shape {name}", fixed(x).shape == expected.shape)
            identity = blur_conv(3, 3, kernel, stride, padding, dilation, filter_size=1)
            identity.load_state_dict(original.state_dict())
            check(f"conv identity {name}", torch.allclose(identity(x), expected, atol=1e-5))

# A ramp stays a ramp under a centred blur, so an average-pool and its replacement agree on it away from the border.
ramp = torch.arange(24.0).reshape(1, 1, 24)
for kernel, stride in itertools.product(range(1, 9), range(2, 5)):
    expected, actual = F.avg_pool1d(ramp, kernel, stride), b.avg_blur_pool1d(ramp, kernel, stride)
    check(f"avg centre k{kernel} s{stride}", torch.allclose(expected[..., 2:-2], actual[..., 2:-2], atol=1e-4))

# Per-axis strides, single maps, small maps, half precision, stride 1.
x = torch.randn(1, 4, 9, 12)
check("per axis", b.blur_pool2d(x, (2, 1)).shape == (1, 4, 5, 12))
check("stride 1 along an axis is left alone", torch.allclose(b.blur_pool2d(x, (2, 1)), b.blur_pool2d(x.transpose(2, 3), (1, 2)).transpose(2, 3), atol=1e-6))
check("stride 1 is the identity", b.BlurPool2d(1)(x) is x)
check("single map", b.max_blur_pool2d(x[0], 2).shape == F.max_pool2d(x[0], 2).shape)
check("map of one sample", b.blur_pool2d(torch.randn(1, 2, 1, 1), 2, 5).shape == (1, 2, 1, 1))
check("half precision", b.BlurPool2d(2)(x.bfloat16()).dtype == torch.bfloat16)
check("a constant stays", torch.allclose(b.blur_pool2d(torch.ones(1, 2, 7, 7), 2, 7), torch.ones(1, 2, 4, 4)))
check("no state", len(b.MaxBlurPool2d(2).state_dict()) == 0 and len(b.BlurPool2d().state_dict()) == 0)
for layer, arguments in ((b.MaxBlurPool2d, {"kernel_size": 2, "return_indices": True}), (b.BlurPool2d, {"filter_size": 9})):
    try:
        layer(**arguments)(x)
        check(f"{layer.__name__} refuses {arguments}", False)
    except ValueError:
        check("refusal", True)

# Gradients flow, and the module can be traced, exported and compiled away.
y = x.clone().requires_grad_()
b.AvgBlurPool2d(2)(b.MaxBlurPool2d(2)(b.BlurConv2d(4, 4, 3, stride=2, padding=1)(y))).sum().backward()
check("gradient", bool(y.grad.abs().sum() > 0))
net = nn.Sequential(b.BlurConv2d(4, 8, 3, stride=2, padding=1), nn.ReLU(), b.MaxBlurPool2d(2), b.AvgBlurPool2d(2)).eval()
traced = torch.jit.trace(net, x)
check("trace", torch.allclose(traced(x), net(x), atol=1e-6))
try:
    exported = torch.export.export(net, (x,)).module()
    check("export", torch.allclose(exported(x), net(x), atol=1e-6))
except Exception as error:  # noqa: BLE001
    check(f"export: {error}", False)


# The textbook signal, circular: 0.7071 with a max-pool, 0.9487 with Tri-3, both 1 at a shift of two.
def equivariance(pool, shift):
    signal = torch.tensor([0.0, 0, 1, 1, 0, 0, 1, 1])

    def features(s):
        wide = s.repeat(5).reshape(1, 1, -1)
        return pool(wide)[0, 0, 8:12].repeat_interleave(2)

    return F.cosine_similarity(features(signal).roll(shift), features(signal.roll(shift)), dim=0).item()


check("textbook max", abs(equivariance(lambda s: F.max_pool1d(s, 2), 1) - 0.7071) < 1e-4)
check("textbook blur", abs(equivariance(lambda s: b.max_blur_pool1d(s, 2), 1) - 0.9487) < 1e-4)
check("textbook shift 2", abs(equivariance(lambda s: b.max_blur_pool1d(s, 2), 2) - 1) < 1e-6)

print(f"{passed} passed, {failed} failed")
sys.exit(1 if failed else 0)
