# Shiftlint recovery for PyTorch. Yours to keep and change (MIT). https://github.com/richzhang/antialiased-cnns explains the blur.
"""Keeps the score of a network that was fixed with BlurPool, from unlabelled images and without training.

    from recover_torch import recover
    report = recover(original, fixed, images)

`original` is the network as it was trained, `fixed` the same network with its blurs and the same weights. Layer by layer, in the
order in which they run, the weights of every convolution and linear layer behind a blur are solved for anew: ridge regression
towards the old weights, so that on what the layer reads now it gives what the original layer gave before its activation. Modules
stay what they are and so do the keys of the state_dict; only numbers change, and only where held-out images say that it helps.
"""

import math

import torch
import torch.nn.functional as F
from torch.overrides import TorchFunctionMode

RIDGES = (1e-4, 1e-3, 1e-2)


class _Reached(Exception):
    """Ends a run at the layer that was waited for."""


class _Watch(TorchFunctionMode):
    """Sees every convolution and linear layer of a run, with the input that it really reads and the settings that it really has."""

    def __init__(self, names, seen):
        super().__init__()
        self.names = names
        self.seen = seen

    def __torch_function__(self, func, types, args=(), kwargs=None):
        kwargs = kwargs or {}
        call = _linear_call(func, args, kwargs)
        name = None if call is None else self.names.get(id(call["weight"]))
        if name is not None and self.seen.before(name, call):
            raise _Reached
        result = func(*args, **kwargs)
        self.seen.after(name, func, args, kwargs, result)
        return result


def _linear_call(func, args, kwargs):
    """Input, weight and settings of a call that is linear in its input; None for every other call."""
    if func in (F.conv1d, F.conv2d, F.conv3d, torch.conv1d, torch.conv2d, torch.conv3d):
        fields = ("input", "weight", "bias", "stride", "padding", "dilation", "groups")
        call = dict(zip(fields, (None, None, None, 1, 0, 1, 1)), **dict(zip(fields, args)), **kwargs)
        axes = call["weight"].dim() - 2
        for field in ("stride", "dilation"):
            call[field] = _per_axis(call[field], axes)
        call["padding"] = _padding(call["padding"], call["weight"].shape[2:], call["dilation"], axes)
        return call
    if func is F.linear:
        call = dict(zip(("input", "weight", "bias"), (None, None, None)), **dict(zip(("input", "weight", "bias"), args)), **kwargs)
        return dict(call, stride=(), padding=(), dilation=(), groups=1)
    return None


def _per_axis(value, axes):
    return (int(value),) * axes if isinstance(value, int) else tuple(int(item) for item in (tuple(value) * axes)[:axes])


def _padding(padding, kernel, dilation, axes):
    """Zeros in front of and behind every axis."""
    if padding == "valid":
        return ((0, 0),) * axes
    if padding == "same":
        totals = [step * (size - 1) for size, step in zip(kernel, dilation)]
        return tuple((total // 2, total - total // 2) for total in totals)
    return tuple((amount, amount) for amount in _per_axis(padding, axes))


class _Order:
    """Notes in which order layers run, what they read, and where a normalisation alone reads what one of them gives."""

    def __init__(self):
        self.calls = {}
        self.counts = {}
        self.outputs = []
        self.readers = {}

    def before(self, name, call):
        self.counts[name] = self.counts.get(name, 0) + 1
        self.calls.setdefault(name, call)
        return False

    def after(self, name, func, args, kwargs, result):
        for value in (*args, *kwargs.values()):
            if isinstance(value, torch.Tensor):
                self.readers.setdefault(id(value), []).append((func, args, kwargs))
        if name is not None:
            # Kept alive, so that no other tensor gets its identity.
            self.outputs.append((name, result))

    def mean_behind(self, name):
        """The running mean that alone takes what a layer gives; None where it has other readers."""
        for owner, output in self.outputs:
            readers = [reader for reader in self.readers.get(id(output), []) if reader[0] is not torch.Tensor.size]
            if owner != name or len(readers) != 1 or readers[0][0] not in (F.batch_norm, torch.batch_norm):
                continue
            func, args, kwargs = readers[0]
            named = dict(zip(("input", "running_mean"), args), **kwargs) if func is F.batch_norm else {"running_mean": args[3]}
            return named.get("running_mean")
        return None


class _Until:
    """Waits for one layer and keeps what it reads."""

    def __init__(self, name):
        self.name = name
        self.call = None

    def before(self, name, call):
        if name == self.name:
            self.call = call
        return name == self.name

    def after(self, *_):
        pass


def _names(model):
    return {id(parameter): name for name, parameter in model.named_parameters() if parameter.dim() >= 2}


def _run(model, images, seen):
    try:
        with torch.no_grad(), _Watch(_names(model), seen):
            model(images)
    except _Reached:
        pass
    return seen


def _read_by(model, name, images):
    """What a layer reads of some images, with its settings."""
    return _run(model, images, _Until(name)).call


def _size_after(call):
    sizes = call["input"].shape[2:]
    return tuple(
        (size + before + after - step * (kernel - 1) - 1) // stride + 1
        for size, kernel, stride, (before, after), step in zip(
            sizes, call["weight"].shape[2:], call["stride"], call["padding"], call["dilation"]
        )
    )


def _patches(call, settings, places):
    """What the windows of a layer see at some places of its output: [samples * places, groups, unknowns], in float64."""
    x = call["input"]
    if call["weight"].dim() == 2:
        rows = x.reshape(x.shape[0], -1, x.shape[-1])
        return rows[:, places].reshape(-1, 1, x.shape[-1]).double()
    padding = [amount for pair in reversed(settings["padding"]) for amount in pair]
    x = F.pad(x, padding)
    kernel = call["weight"].shape[2:]
    indices = torch.zeros(len(places), 1, dtype=torch.long, device=x.device)
    for axis, size in enumerate(x.shape[2:]):
        window = torch.arange(kernel[axis], device=x.device) * settings["dilation"][axis]
        along = settings["places"][axis].to(x.device)[:, None] * settings["stride"][axis] + window
        indices = (indices[:, :, None] * size + along[:, None, :]).flatten(1)
    samples, channels = x.shape[:2]
    groups = call["groups"]
    taps = indices.shape[1]
    seen = x.flatten(2)[:, :, indices]
    seen = seen.reshape(samples, groups, channels // groups, len(places), taps)
    return seen.permute(0, 3, 1, 2, 4).reshape(samples * len(places), groups, -1).double()


def _coordinates(places, size):
    coordinates = []
    for length in reversed(size):
        coordinates.append(places % length)
        places = places // length
    return list(reversed(coordinates))


def _samples(original, fixed, wanted, generator):
    """Patches of both networks at the same places of a layer's output."""
    if fixed["weight"].dim() == 2:
        count = math.prod(fixed["input"].shape[1:-1])
        places = torch.randperm(count, generator=generator)[:wanted]
        return _patches(original, original, places), _patches(fixed, fixed, places)
    size = _size_after(fixed)
    # A layer that lost its stride is asked what it would have given without.
    settings = original if _size_after(original) == size else fixed
    places = torch.randperm(math.prod(size), generator=generator)[:wanted]
    where = _coordinates(places, size)
    return (
        _patches(original, dict(settings, places=where), places),
        _patches(fixed, dict(fixed, places=where), places),
    )


class _Sums:
    """What samples say about the weights of one layer, in float64: one system of equations a group."""

    def __init__(self):
        self.gram = self.cross = self.squares = 0

    def add(self, inputs, targets):
        inputs, targets = inputs.transpose(0, 1), targets.transpose(0, 1)
        self.gram = self.gram + inputs.transpose(1, 2) @ inputs
        self.cross = self.cross + targets.transpose(1, 2) @ inputs
        self.squares = self.squares + float(targets.square().sum())

    def error(self, weights):
        if self.squares == 0:
            return 0.0
        left = float((weights * (weights @ self.gram - 2 * self.cross)).sum())
        return max(0.0, (left + self.squares) / self.squares)


def _solve(sums, held_out, old, ridges):
    """The weights that do best on held-out samples: the old ones, or a ridge regression towards them."""
    best, before = old, held_out.error(old)
    after = before
    mean = sums.gram.diagonal(dim1=1, dim2=2).mean(dim=1)
    eye = torch.eye(old.shape[-1], dtype=old.dtype, device=old.device)
    for ridge in ridges:
        pull = (ridge * mean)[:, None, None]
        factor, failed = torch.linalg.cholesky_ex(sums.gram + pull * eye)
        if int(failed.max()) != 0:
            continue
        weights = torch.cholesky_solve((sums.cross + pull * old).transpose(1, 2), factor).transpose(1, 2)
        error = held_out.error(weights)
        if math.isfinite(error) and error < after:
            best, after = weights, error
    return best, before, after


def _as_batches(images, batch_size):
    if isinstance(images, torch.Tensor):
        return list(images.split(batch_size))
    return [batch[0] if isinstance(batch, (tuple, list)) else batch for batch in images]


def _views(batch, shifts, generator):
    """A batch as it is and rolled by random shifts of at most a quarter of its sides."""
    yield batch
    axes = list(range(2, batch.dim()))
    for _ in range(shifts - 1):
        reach = [batch.shape[axis] // 4 for axis in axes]
        amounts = [int(torch.randint(-most, most + 1, (1,), generator=generator)) for most in reach]
        yield batch.roll(amounts, axes)


def recover(original, fixed, images, *, shifts=2, held_out=0.2, positions=20000, ridges=RIDGES, batch_size=16, seed=0, progress=None):
    """Solves the weights of `fixed` behind its blurs, in place.

    images: a tensor [count, channels, ...] or an iterable of batches, preprocessed as the network takes them; labels are ignored.
    shifts: every batch is shown as it is and rolled this often less one.
    held_out: share of the batches that only judge. positions: of a layer's output that are sampled at least, over all images.
    progress: called with (done, total) after every layer.
    Returns a list with one dict a layer: layer, error_before, error_after (shares of its answers' squares on held-out images), kept.
    """
    was_training = original.training, fixed.training
    original.eval()
    fixed.eval()
    batches = _as_batches(images, batch_size)
    if len(batches) < 2:
        raise ValueError("Recovery needs at least two batches of images, one of them to judge by: give more images or a smaller batch_size.")
    device = next(fixed.parameters()).device
    every = max(2, round(1 / held_out))
    try:
        first = batches[0].to(device)[:1]
        before, after = _run(original, first, _Order()), _run(fixed, first, _Order())
        parameters = dict(fixed.named_parameters())
        behind = [name for name, call in after.calls.items() if name in before.calls and not _reads_same(before.calls[name], call)]
        report = []
        for done, name in enumerate(behind):
            if after.counts[name] > 1 or before.calls[name]["weight"].shape != parameters[name].shape:
                report.append({"layer": name, "error_before": None, "error_after": None, "kept": True})
            else:
                mean = after.mean_behind(name) if after.calls[name]["bias"] is None else None
                report.append(_recover_layer(original, fixed, name, mean, batches, every, shifts, positions, ridges, seed))
            if progress is not None:
                progress(done + 1, len(behind))
        return report
    finally:
        original.train(was_training[0])
        fixed.train(was_training[1])


def _reads_same(before, after):
    return before["input"].shape == after["input"].shape and torch.equal(before["input"], after["input"])


def _recover_layer(original, fixed, name, mean, batches, every, shifts, positions, ridges, seed):
    weight = dict(fixed.named_parameters())[name]
    generator = torch.Generator().manual_seed(seed)
    sums, judges = _Sums(), _Sums()
    count = sum(len(batch) for batch in batches) * shifts
    call = None
    for index, batch in enumerate(batches):
        batch = batch.to(weight.device)
        for view in _views(batch, shifts, generator):
            was, call = _read_by(original, name, view), _read_by(fixed, name, view)
            wanted = math.ceil(max(positions, 4 * weight[0].numel()) / count)
            answers, inputs = _samples(was, call, wanted, generator)
            # [samples, groups, outputs of a group]
            targets = torch.einsum("sgu,gou->sgo", answers, _rows(was["weight"], was["groups"]))
            if was["bias"] is not None:
                targets = targets + was["bias"].double().reshape(was["groups"], -1)
            if call["bias"] is not None or mean is not None:
                inputs = torch.cat([inputs, torch.ones_like(inputs[..., :1])], dim=-1)
            (judges if index % every == every - 1 else sums).add(inputs, targets)
    old = _rows(weight, call["groups"])
    if call["bias"] is not None:
        old = torch.cat([old, call["bias"].double().reshape(call["groups"], -1, 1)], dim=-1)
    elif mean is not None:
        old = torch.cat([old, torch.zeros_like(old[..., :1])], dim=-1)
    new, error_before, error_after = _solve(sums, judges, old, ridges)
    if new is not old:
        with torch.no_grad():
            weight.copy_(new[..., : weight[0].numel()].reshape(weight.shape).to(weight.dtype))
            if call["bias"] is not None:
                call["bias"].copy_(new[..., -1].reshape(-1).to(weight.dtype))
            elif mean is not None:
                # A bias in front of a normalisation is a smaller mean.
                mean.sub_(new[..., -1].reshape(-1).to(mean.dtype))
    return {"layer": name, "error_before": error_before, "error_after": error_after, "kept": new is old}


def _rows(weight, groups):
    return weight.detach().double().reshape(groups, weight.shape[0] // groups, -1)
