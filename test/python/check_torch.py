"""Holds templates/blurpool_torch.py against PyTorch: `python test/python/check_torch.py`. Needs torch."""

import copy
import io
import itertools
import os
import sys
import tempfile
import warnings

import torch
import torch.nn.functional as F
from torch import nn

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "..", "templates"))
import blurpool_torch as b  # noqa: E402
from checks import check, finish  # noqa: E402


warnings.simplefilter("ignore")  # Tracing warns of every size that it takes as a constant.
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
check("taps that are written", torch.equal(b.blur_pool2d(x, 2, taps=(0, 1, 0)), x[..., ::2, ::2]))
pairs = (
    (b.BlurPool2d(2, taps=[0.25, 0.5, 0.25]), b.BlurPool2d(2)),
    (b.MaxBlurPool2d(2, taps=[0.25, 0.5, 0.25]), b.MaxBlurPool2d(2)),
    (b.AvgBlurPool2d(3, 2, taps=[0.25, 0.5, 0.25]), b.AvgBlurPool2d(3, 2)),
)
for written, known in pairs:
    check(f"{type(written).__name__} with taps", torch.equal(written(x), known(x)))
    check(f"{type(written).__name__} with taps is scripted", torch.equal(torch.jit.script(written)(x), known(x)))
check("no state", all(len(layer.state_dict()) == 0 for layer in (b.MaxBlurPool2d(2), b.BlurPool2d(), b.AvgBlurPool2d(2))))
refused = (
    (b.MaxBlurPool2d, {"kernel_size": 2, "return_indices": True}),
    (b.AvgBlurPool2d, {"kernel_size": 2, "divisor_override": 3}),
    (b.BlurPool2d, {"filter_size": 9}),
    (b.BlurPool2d, {"taps": [1, 2, 1]}),
    (b.BlurPool2d, {"stride": (2, 2, 2)}),
)
for layer, arguments in refused:
    try:
        layer(**arguments)(x)
        check(f"{layer.__name__} refuses {arguments}", False)
    except ValueError:
        check("refusal", True)

# A map that is too small to reflect repeats its edge, and only along the axis that is.
row = torch.tensor([1.0, 3.0]).reshape(1, 1, 2)
taps = torch.tensor([1.0, 4, 6, 4, 1]) / 16
wide = torch.tensor([1.0, 1, 1, 3, 3, 3])
check("small maps repeat their edge", torch.allclose(b.blur_pool1d(row, 2, 5).flatten(), (wide[:5] * taps).sum().reshape(1)))
tall = torch.randn(1, 1, 9, 1)
check("each axis by itself", torch.allclose(b.blur_pool2d(tall, 2)[..., 0], b.blur_pool1d(tall[..., 0], 2), atol=1e-6))

# Whatever the type and at stride 1 the pools are the originals.
for axes in (1, 2, 3):
    maximum, average, _ = originals[axes]
    max_blur, avg_blur, _ = replacements[axes]
    maps = torch.randn(2, 3, *([7] * axes))
    for kernel, padding, ceil_mode, include in itertools.product((1, 2, 3), (0, 1), (False, True), (False, True)):
        if padding <= kernel // 2:
            check(f"max at stride 1, {axes}d", torch.equal(max_blur(maps, kernel, 1, padding, 1, ceil_mode), maximum(maps, kernel, 1, padding, 1, ceil_mode)))
            same = torch.equal(avg_blur(maps, kernel, 1, padding, ceil_mode, include), average(maps, kernel, 1, padding, ceil_mode, include))
            check(f"average at stride 1, {axes}d", same)
    for dtype in (torch.float16, torch.bfloat16, torch.float64):
        small = maps.to(dtype)
        check(f"{axes}d {dtype}", all(y.dtype == dtype and bool(torch.isfinite(y).all()) for y in (max_blur(small, 3, 2, 1, 1, True), avg_blur(small, 3, 2, 1))))
    for maps_of in (maps, maps[0]):
        check(f"{axes}d single map", avg_blur(maps_of, 2).shape == average(maps_of, 2).shape and max_blur(maps_of, 2).shape == maximum(maps_of, 2).shape)

# The drop-ins are the layers that they replace, and say of themselves what those say.
for axes in (1, 2, 3):
    for kind, arguments in (("Max", (3, 2, 1)), ("Max", (2,)), ("Max", ((2,) * axes, (2,) * axes)), ("Avg", (3, 2, 1)), ("Avg", (2,))):
        layer, original = getattr(b, f"{kind}BlurPool{axes}d")(*arguments), getattr(nn, f"{kind}Pool{axes}d")(*arguments)
        name = f"{kind}BlurPool{axes}d{arguments}"
        check(f"{name} is a {type(original).__name__}", isinstance(layer, type(original)))
        for said in ("kernel_size", "stride", "padding", "ceil_mode") + (("dilation", "return_indices") if kind == "Max" else ("count_include_pad",)):
            check(f"{name}.{said} {getattr(layer, said)}", getattr(layer, said) == getattr(original, said))
        check(f"{name} {layer}", repr(layer).startswith(f"{kind}BlurPool{axes}d({original.extra_repr()}, taps="))
        maps = torch.randn(2, 3, *([8] * axes))
        check(f"{name} is scripted", torch.equal(torch.jit.script(layer)(maps), layer(maps)))
    for arguments in ({"stride": 2}, {"stride": 2, "padding": 1, "padding_mode": "circular"}, {"padding": "same"}, {"stride": 2, "padding": "valid"}):
        layer, original = getattr(b, f"BlurConv{axes}d")(3, 4, 3, **arguments), getattr(nn, f"Conv{axes}d")(3, 4, 3, **arguments)
        name = f"BlurConv{axes}d {arguments}"
        check(f"{name} is a convolution", isinstance(layer, type(original)) and layer.stride == original.stride)
        check(f"{name} {layer}", repr(layer).startswith(f"BlurConv{axes}d({original.extra_repr()}, taps="))
        maps = torch.randn(2, 3, *([9] * axes))
        check(f"{name} has its shape", layer(maps).shape == original(maps).shape)
        check(f"{name} is scripted", torch.equal(torch.jit.script(layer)(maps), layer(maps)))

# What others set on a layer later counts: torchvision's SSD sets ceil_mode, dilated backbones take strides away.
pool, original = b.MaxBlurPool2d(2, 2, filter_size=1), nn.MaxPool2d(2, 2)
for changed in (pool, original):
    changed.ceil_mode = True
maps = torch.randn(1, 3, 9, 11)
check("ceil_mode set later", torch.equal(pool(maps), original(maps)))
conv, original = b.BlurConv2d(3, 4, 3, stride=2, padding=1), nn.Conv2d(3, 4, 3, stride=2, padding=1)
conv.load_state_dict(original.state_dict())
for changed in (conv, original):
    changed.stride, changed.dilation, changed.padding = (1, 1), (2, 2), (2, 2)
check("a stride taken away later", torch.allclose(conv(maps), original(maps), atol=1e-6))


class StandardConv2d(b.BlurConv2d):
    """A subclass that runs the convolution with other weights, as weight standardisation does."""

    def forward(self, input):
        return self._conv_forward(input, self.weight / 2, self.bias)


standard, whole = StandardConv2d(3, 4, 3, stride=2, bias=False), b.BlurConv2d(3, 4, 3, stride=2, bias=False)
whole.load_state_dict(standard.state_dict())
check("a subclass with weights of its own", torch.allclose(standard(maps), whole(maps) / 2, atol=1e-6))

# Gradients flow.
y = x.clone().requires_grad_()
b.AvgBlurPool2d(2)(b.MaxBlurPool2d(2)(b.BlurConv2d(4, 4, 3, stride=2, padding=1)(y))).sum().backward()
check("gradient", bool(y.grad.abs().sum() > 0))
double = torch.randn(1, 2, 5, 6, dtype=torch.float64, requires_grad=True)
check("gradient by differences", torch.autograd.gradcheck(lambda v: b.avg_blur_pool2d(b.blur_pool2d(v, (2, 1)), 2), (double,)))

# The layers survive what people do to models.
layers = [
    b.BlurConv2d(4, 8, 3, stride=2, padding=1),
    nn.ReLU(),
    b.MaxBlurPool2d(3, 2, 1, ceil_mode=True),
    b.AvgBlurPool2d(2),
    b.BlurConv2d(8, 8, 1, stride=2),
    b.BlurPool2d(2),
]
net = nn.Sequential(*layers).eval()
x = torch.randn(2, 4, 65, 72)
expected = net(x)


def survives(name, run, size=None):
    try:
        maps = x if size is None else torch.randn(2, 4, *size)
        check(name, torch.allclose(run()(maps), expected if size is None else net(maps), atol=1e-5))
    except Exception as error:  # noqa: BLE001
        check(f"{name}: {type(error).__name__} {error}", False)


def stored():
    file = io.BytesIO()
    torch.save(net, file)
    file.seek(0)
    return torch.load(file, weights_only=False)


def scripted(model):
    file = io.BytesIO()
    torch.jit.save(torch.jit.script(model), file)
    file.seek(0)
    return torch.jit.load(file)


def class_of(name, axes):
    return getattr(b, f"{name}{axes}d")


survives("copied", lambda: copy.deepcopy(net))
survives("stored", stored)
survives("traced", lambda: torch.jit.trace(net, x))
survives("scripted", lambda: scripted(net))
survives("scripted, another size", lambda: scripted(net), (50, 33))
survives("symbolically traced", lambda: torch.fx.symbolic_trace(net))
survives("symbolically traced, another size", lambda: torch.fx.symbolic_trace(net), (50, 33))
survives("compiled", lambda: torch.compile(net, backend="aot_eager", fullgraph=True))
survives("exported", lambda: torch.export.export(net, (x,)).module())
check("channels last", torch.allclose(net(x.contiguous(memory_format=torch.channels_last)), expected, atol=1e-5))
for axes in (1, 2, 3):
    for layer in (class_of("BlurPool", axes)(2), class_of("MaxBlurPool", axes)(2), class_of("AvgBlurPool", axes)(2), class_of("BlurConv", axes)(3, 3, 3, 2)):
        maps = torch.randn(2, 3, *([9] * axes))
        check(f"scripted {type(layer).__name__}", torch.allclose(torch.jit.script(layer)(maps), layer(maps), atol=1e-6))
functions = nn.Sequential(b.BlurConv2d(4, 8, 3, stride=2, padding=1), b.MaxBlurPool2d(3, 2, 1), b.AvgBlurPool2d(2), b.BlurPool2d(2)).eval()
dynamic = torch.export.Dim.DYNAMIC
exported = torch.export.export(functions, (x,), dynamic_shapes=({0: dynamic, 2: dynamic, 3: dynamic},)).module()
for size in ((50, 33), (64, 64), (41, 90)):
    maps = torch.randn(3, 4, *size)
    check(f"exported with open sizes, {size}", torch.allclose(exported(maps), functions(maps), atol=1e-5))

# Both exporters write depthwise convolutions of constant weights, with open sizes too. Needs onnx and onnxscript.
try:
    import onnx
    import onnx.reference
    import onnxscript  # noqa: F401
except ImportError:
    print("onnx or onnxscript is not installed: its exporters are not checked.")
else:
    for dynamo, is_open in itertools.product((False, True), (False, True)):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "model.onnx")
            options = {}
            if is_open and dynamo:
                options["dynamic_shapes"] = ({0: dynamic, 2: dynamic, 3: dynamic},)
            elif is_open:
                options["dynamic_axes"] = {"x": {0: "n", 2: "h", 3: "w"}}
            if dynamo:
                options.update(verbose=False, external_data=False)
            torch.onnx.export(functions, (x,), path, dynamo=dynamo, input_names=["x"], output_names=["y"], **options)
            model = onnx.load(path)
        constant = {tensor.name: tensor for tensor in model.graph.initializer}
        constant.update({node.output[0]: node for node in model.graph.node if node.op_type == "Constant"})
        blurs = [node for node in model.graph.node if node.op_type == "Conv" and any(a.name == "group" and a.i > 1 for a in node.attribute)]
        name = f"onnx dynamo={dynamo} open={is_open}"
        check(f"{name}: {len(blurs)} blurs of constant weights", len(blurs) == 4 and all(node.input[1] in constant for node in blurs))
        session = onnx.reference.ReferenceEvaluator(model)
        for maps in (x, torch.randn(3, 4, 50, 39)) if is_open else (x,):
            result = torch.from_numpy(session.run(None, {"x": maps.numpy()})[0].copy())
            check(f"{name}: values {tuple(maps.shape)}", torch.allclose(result, functions(maps), atol=1e-4))
        if os.environ.get("SHIFTLINT_KEEP"):
            onnx.save(model, os.path.join(os.environ["SHIFTLINT_KEEP"], f"torch-{dynamo}-{is_open}.onnx"))


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

finish()
