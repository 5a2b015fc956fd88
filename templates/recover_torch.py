# Shiftlint recovery module for PyTorch, version 1. MIT licence.
"""Keeps the score of a network that was fixed with BlurPool, from unlabelled images and without training.

    from recover_torch import recover
    report = recover(original, fixed, images)

`original` is the network as it was trained, `fixed` a copy of it with its blurs and the same weights. In the order in which they
run, the weights of every convolution and linear layer behind a blur are solved for anew: ridge regression towards the old
weights, so that on what the layer reads now it gives what the original layer gave before its activation. Modules stay what
they are and so do the keys of the state_dict; only numbers change, and only where held-out images say that it helps.
"""

import math

import torch
import torch.nn.functional as F
from torch.overrides import TorchFunctionMode

RIDGES = (1e-4, 1e-3, 1e-2, 1e-1, 1.0)

# Parts of the images of which each in turn chooses the ridge for the others.
FOLDS = 4

# Inputs that differ by less than this share are the same but for rounding.
ROUNDING = 1e-4

# Views that are sampled at the same places of a layer's output.
SLICE = 8

CONVOLUTIONS = (F.conv1d, F.conv2d, F.conv3d, torch.conv1d, torch.conv2d, torch.conv3d)
CONVOLUTION_FIELDS = ("input", "weight", "bias", "stride", "padding", "dilation", "groups")
LINEAR_FIELDS = ("input", "weight", "bias")


def recover(original, fixed, images, *, shifts=2, held_out=0.2, positions=20000, ridges=RIDGES, at_once=128, seed=0, progress=None):
    """Solves the weights of `fixed` behind its blurs, in place.

    images: a tensor [count, channels, ...] or an iterable of batches, preprocessed as the network takes them; labels are ignored.
    shifts: every image is shown as it is and rolled this often less one. held_out: share of the images that only judge.
    positions: of a layer's output that are sampled at least, over all images.
    at_once: views that run together; fewer need less memory, but all that are more than this run anew for every layer.
    progress: called with (done, total) after every layer.
    Returns a dict: `images` and `held_out` count them, `output` and each of `layers` have `error_before` and `error_after`
    (shares of the original's squares, on held-out images), each layer `kept`, true where its weights stayed, and `reason`.
    """
    _refuse_shared(original, fixed)
    images = _as_tensor(images)
    every = min(max(2, round(1 / held_out)), len(images))
    views = _Views(images, shifts, every, at_once, seed)
    modes = [(module, module.training) for module in (*original.modules(), *fixed.modules())]
    precision = torch.get_float32_matmul_precision()
    try:
        torch.set_float32_matmul_precision("highest")
        original.eval()
        fixed.eval()
        layers, report = _plan(original, fixed, images[:1], positions, len(views.folds), seed)
        wanted = _outputs(original, views.judging())
        error_before = _output_error(_outputs(fixed, views.judging()), wanted)
        backup = {key: value.clone() for key, value in fixed.state_dict().items()} if layers else {}
        solving = _Solving(original, fixed, layers, views, ridges, report, progress)
        if layers:
            solving.run()
        error_after = _output_error(_outputs(fixed, views.judging()), wanted) if layers else error_before
        if layers and not error_after <= error_before:
            fixed.load_state_dict(backup)
            error_after = error_before
            for entry in report.values():
                entry.update(error_after=entry["error_before"], kept=True, reason=entry["reason"] or "All in all the answers of the network got worse.")
    finally:
        torch.set_float32_matmul_precision(precision)
        for module, mode in modes:
            module.training = mode
    return {
        "images": len(images),
        "held_out": len(views.judging()),
        "output": {"error_before": error_before, "error_after": error_after},
        "layers": list(report.values()),
    }


def _refuse_shared(original, fixed):
    own = {id(parameter) for parameter in original.parameters()}
    if any(id(parameter) in own for parameter in fixed.parameters()):
        raise ValueError("The original and the fixed network share weights, and those of the original have to stay: give it a deep copy.")


def _as_tensor(images):
    if not isinstance(images, torch.Tensor):
        batches = [batch[0] if isinstance(batch, (tuple, list)) else batch for batch in images]
        images = torch.cat(batches) if batches else torch.zeros(0)
    if len(images) < 2:
        raise ValueError("Recovery needs at least two images, one of them to judge by.")
    return images


class _Views:
    """The images as they are and rolled by random shifts of at most a quarter of their sides, in portions that run together."""

    def __init__(self, images, shifts, every, at_once, seed):
        self.images = images
        self.every = every
        self.at_once = max(1, at_once)
        # Of each view: -1 where its image judges, else the turn in which it chooses.
        order = torch.arange(len(images))
        turns = (order - order // every) % FOLDS
        self.folds = torch.where(order % every == every - 1, -torch.ones_like(turns), turns).repeat(shifts)
        generator = torch.Generator().manual_seed(seed)
        axes = list(range(2, images.dim()))
        reach = [images.shape[axis] // 4 for axis in axes]
        self.amounts = [[0 for _ in axes]]
        for _ in range(shifts - 1):
            self.amounts.append([int(torch.randint(-most, most + 1, (1,), generator=generator)) for most in reach])
        self.axes = axes

    def judging(self):
        return self.images[self.every - 1 :: self.every]

    def portions(self):
        """How many there are."""
        return math.ceil(len(self.folds) / self.at_once)

    def portion(self, index):
        rows = range(index * self.at_once, min(len(self.folds), (index + 1) * self.at_once))
        views = []
        for turn, amounts in enumerate(self.amounts):
            first, last = (min(max(row - turn * len(self.images), 0), len(self.images)) for row in (rows.start, rows.stop))
            if first < last:
                part = self.images[first:last]
                views.append(part.roll(amounts, self.axes) if any(amounts) else part)
        return torch.cat(views)


# What a run of a network shows.


class _Reached(Exception):
    """Ends a run at the layer that was waited for."""


class _Watch(TorchFunctionMode):
    """Shows every convolution and linear layer of a run, with the input that it really reads and the settings that it really has."""

    def __init__(self, names, seen):
        super().__init__()
        self.names = names
        self.seen = seen

    def __torch_function__(self, func, types, args=(), kwargs=None):
        kwargs = kwargs or {}
        call = _linear_call(func, args, kwargs)
        name = None if call is None else self.names.get(id(call["weight"]))
        if name is not None:
            self.seen.before(name, call)
        result = func(*args, **kwargs)
        self.seen.after(name, call, func, args, kwargs, result)
        return result


class _Seen:
    """Looks at nothing."""

    def before(self, name, call):
        pass

    def after(self, name, call, func, args, kwargs, result):
        pass


def _run(model, views, seen):
    names = {id(parameter): name for name, parameter in model.named_parameters() if parameter.dim() >= 2}
    try:
        with torch.no_grad(), _Watch(names, seen):
            model(views.to(next(model.parameters()).device))
    except _Reached:
        pass
    return seen


def _linear_call(func, args, kwargs):
    """Input, weight and settings of a call that is linear in its input; None for every other call."""
    if func in CONVOLUTIONS:
        call = dict(zip(CONVOLUTION_FIELDS, (None, None, None, 1, 0, 1, 1)))
        call.update(zip(CONVOLUTION_FIELDS, args))
    elif func is F.linear:
        call = dict.fromkeys(LINEAR_FIELDS)
        call.update(zip(LINEAR_FIELDS, args), groups=1)
    else:
        return None
    call.update(kwargs, func=func)
    return call


def _per_axis(value, axes):
    return (int(value),) * axes if isinstance(value, int) else tuple(int(item) for item in (tuple(value) * axes)[:axes])


def _padding(padding, kernel, dilation):
    """Zeros in front of and behind every axis."""
    if padding == "valid":
        return ((0, 0),) * len(kernel)
    if padding == "same":
        totals = [step * (size - 1) for size, step in zip(kernel, dilation)]
        return tuple((total // 2, total - total // 2) for total in totals)
    return tuple((amount, amount) for amount in _per_axis(padding, len(kernel)))


# Which layers are solved.


class _Layer:
    """A layer that is solved: how it runs, and where its output is sampled."""

    def __init__(self, name, call, mean, positions, views, seed):
        self.name = name
        self.weight = call["weight"]
        self.bias = call["bias"]
        # Of the normalisation that alone reads what the layer gives: a bias in front of it is a smaller mean.
        self.mean = mean if call["bias"] is None else None
        self.groups = call["groups"]
        self.is_convolution = self.weight.dim() > 2
        self.shift = self.bias is not None or self.mean is not None
        if self.is_convolution:
            self.kernel = tuple(self.weight.shape[2:])
            self.stride = _per_axis(call["stride"], len(self.kernel))
            self.dilation = _per_axis(call["dilation"], len(self.kernel))
            self.padding = _padding(call["padding"], self.kernel, self.dilation)
        self.size = self.size_for(call["input"])
        self.wanted = math.ceil(max(positions, 4 * self.weight[0].numel()) / views)
        self.seed = seed
        self.targets = []

    def size_for(self, x):
        """Sides of the output."""
        if not self.is_convolution:
            return tuple(x.shape[1:-1])
        sides = zip(x.shape[2:], self.kernel, self.stride, self.padding, self.dilation)
        return tuple((size + before + after - step * (kernel - 1) - 1) // stride + 1 for size, kernel, stride, (before, after), step in sides)

    def places(self, part):
        """Where a slice of the views is sampled, as indices into the output's flattened sides."""
        generator = torch.Generator().manual_seed(self.seed + part)
        return torch.randperm(math.prod(self.size), generator=generator)[: self.wanted]

    def answers(self, call, result):
        """What the original layer gives, at the stride that the layer has now: [views, places, outputs]."""
        if not self.is_convolution:
            return result.reshape(len(result), -1, result.shape[-1])
        if _sides(result) != self.size:
            settings = {field: call[field] for field in ("padding", "dilation", "groups")}
            result = call["func"](call["input"], call["weight"], call["bias"], stride=self.stride, **settings)
        return result.flatten(2).transpose(1, 2)

    def patches(self, x, places):
        """What the layer's windows see at some places of its output: [views, places, groups, unknowns]."""
        if not self.is_convolution:
            return x.reshape(len(x), -1, 1, x.shape[-1])[:, places.to(x.device)]
        if any(map(any, self.padding)):
            x = F.pad(x, [amount for pair in reversed(self.padding) for amount in pair])
        indices = torch.zeros(len(places), 1, dtype=torch.long)
        for axis, along in enumerate(_coordinates(places, self.size)):
            window = torch.arange(self.kernel[axis]) * self.dilation[axis]
            along = along[:, None] * self.stride[axis] + window
            indices = (indices[:, :, None] * x.shape[axis + 2] + along[:, None, :]).flatten(1)
        seen = x.flatten(2)[:, :, indices.to(x.device)]
        views, channels, _, taps = seen.shape
        return seen.reshape(views, self.groups, channels // self.groups, len(places), taps).permute(0, 3, 1, 2, 4).flatten(3)

    def sample(self, tensor, first, read):
        """`read` for each slice of a portion that begins with the view `first`."""
        return [read(tensor[row : row + SLICE], self.places((first + row))) for row in range(0, len(tensor), SLICE)]

    def rows(self):
        """The weights, and the bias where there is one to solve for, as they are: [groups, outputs of a group, unknowns]."""
        rows = _wide(self.weight.detach()).reshape(self.groups, len(self.weight) // self.groups, -1)
        if not self.shift:
            return rows
        last = torch.zeros_like(rows[..., :1]) if self.bias is None else _wide(self.bias.detach()).reshape(rows[..., :1].shape)
        return torch.cat([rows, last], dim=-1)

    def put(self, rows):
        with torch.no_grad():
            self.weight.copy_(rows[..., : self.weight[0].numel()].reshape(self.weight.shape))
            if self.bias is not None:
                self.bias.copy_(rows[..., -1].flatten())
            elif self.mean is not None:
                self.mean.sub_(rows[..., -1].flatten().to(self.mean))


def _sides(result):
    return tuple(result.shape[2:])


def _coordinates(places, size):
    coordinates = []
    for length in reversed(size):
        coordinates.append(places % length)
        places = places // length
    return list(reversed(coordinates))


def _wide(tensor):
    """At least single precision."""
    return tensor.to(torch.promote_types(tensor.dtype, torch.float32))


class _Order(_Seen):
    """Notes in which order layers run, what they read, and who reads what they give, behind a blur too."""

    def __init__(self, model):
        self.parameters = {id(parameter): name for name, parameter in model.named_parameters() if parameter.dim() >= 2}
        self.calls = {}
        self.results = {}
        self.counts = {}
        self.other_uses = {}
        self.outputs = {}
        self.readers = {}

    def before(self, name, call):
        self.counts[name] = self.counts.get(name, 0) + 1
        self.calls.setdefault(name, call)

    def after(self, name, call, func, args, kwargs, result):
        if not isinstance(result, (torch.Tensor, tuple, list)):
            return
        for value in _tensors((args, kwargs)):
            owner, _ = self.outputs.get(id(value), (None, None))
            if owner is not None and _keeps_constants(func, args, kwargs, value):
                self.outputs[id(result)] = owner, result
            elif owner is not None:
                self.readers[owner].append((func, args, kwargs))
            weight = self.parameters.get(id(value))
            if name is None and weight is not None:
                self.other_uses[weight] = getattr(func, "__name__", str(func))
        if name is not None:
            # Kept alive, so that no other tensor gets its identity.
            self.outputs[id(result)] = name, result
            self.results.setdefault(name, result)
            self.readers[name] = []

    def mean_behind(self, name):
        """A bias that the layer lacks can go there: the running mean of the normalisation that alone takes what it gives; None where there is none."""
        readers = self.readers.get(name, [])
        if len(readers) != 1 or readers[0][0] is not F.batch_norm:
            return None
        _, args, kwargs = readers[0]
        return dict(zip(("input", "running_mean"), args), **kwargs).get("running_mean")


def _keeps_constants(func, args, kwargs, x):
    """True for the steps of a blur: what is added to all of a channel in front of them is added behind them."""
    if func in CONVOLUTIONS:
        call = _linear_call(func, args, kwargs)
        weight = call["weight"]
        # Without padding of its own, one kernel a channel, and of sum 1.
        depthwise = call["input"] is x and call["groups"] == len(weight) == x.shape[1] and call["bias"] is None
        padding = _padding(call["padding"], weight.shape[2:], _per_axis(call["dilation"], weight.dim() - 2))
        return depthwise and not any(map(any, padding)) and bool(((weight.flatten(1).sum(dim=1) - 1).abs() < 1e-3).all())
    if func is F.pad:
        return dict(zip(("input", "pad", "mode"), args), **kwargs).get("mode") in ("reflect", "replicate")
    return func in (torch.index_select, torch.Tensor.index_select)


def _tensors(value):
    """All tensors in nested lists and the like."""
    if isinstance(value, torch.Tensor):
        return [value]
    if isinstance(value, dict):
        value = value.values()
    elif not isinstance(value, (tuple, list)):
        return []
    return [tensor for item in value for tensor in _tensors(item)]


def _plan(original, fixed, image, positions, views, seed):
    """The layers to solve by their names, and a report that so far only has those that are kept."""
    before, after = _run(original, image, _Order(original)), _run(fixed, image, _Order(fixed))
    if not before.calls:
        raise ValueError("No convolution and no linear layer was seen to run: give the networks as they are written, not scripted or compiled.")
    layers, report = {}, {}
    for index, (name, call) in enumerate(after.calls.items()):
        if name in before.calls and not _differ(before.calls[name]["input"], call["input"]):
            continue
        reason = _reason_to_keep(name, before, after)
        if reason is None:
            layers[name] = _Layer(name, call, after.mean_behind(name), positions, views, seed + index * 1_000_003)
            sizes = layers[name].size_for(before.calls[name]["input"]), _sides(before.results[name])
            if layers[name].is_convolution and layers[name].size not in sizes:
                del layers[name]
                reason = "The original layer reads maps of another size."
        report[name] = {"layer": name, "error_before": None, "error_after": None, "kept": True, "reason": reason}
    for name, use in after.other_uses.items():
        if name not in after.calls:
            reason = f"Its weight is read by {use}, which is not solved."
            report[name] = {"layer": name, "error_before": None, "error_after": None, "kept": True, "reason": reason}
    return layers, report


def _reason_to_keep(name, before, after):
    if name not in before.calls:
        return "The original has no layer of this name that runs."
    if before.calls[name]["weight"].shape != after.calls[name]["weight"].shape:
        return "The original layer has weights of another shape."
    if after.counts[name] > 1 or before.counts[name] > 1:
        return "It runs more than once with the same weights."
    if name in after.other_uses:
        return f"Its weight is also read by {after.other_uses[name]}."
    return None


def _differ(before, after):
    if before.shape != after.shape:
        return True
    before = before.to(after.device)
    return float((before - after).norm()) > ROUNDING * float(before.norm())


# Solving.


class _Until(_Seen):
    """Waits for one layer and keeps what it reads, and what it gives where that is asked for."""

    def __init__(self, name, takes_result):
        self.name = name
        self.takes_result = takes_result
        self.call = self.result = None

    def before(self, name, call):
        if name == self.name:
            self.call = call
            if not self.takes_result:
                raise _Reached

    def after(self, name, call, func, args, kwargs, result):
        if name is not None and name == self.name:
            self.result = result
            raise _Reached


class _Targets(_Seen):
    """Samples what the original's layers give."""

    def __init__(self, layers):
        self.layers = layers

    def after(self, name, call, func, args, kwargs, result):
        if name in self.layers:
            layer = self.layers[name]
            layer.targets = _targets(layer, call, result, 0)


def _targets(layer, call, result, first):
    """Samples of what the original layer gives: [groups, samples, outputs of a group]."""
    answers = layer.answers(call, result)
    parts = layer.sample(answers, first, lambda views, places: views[:, places.to(views.device)].flatten(0, 1))
    targets = _wide(torch.cat(parts).to(layer.weight.device))
    return targets.reshape(len(targets), layer.groups, -1).transpose(0, 1)


def _inputs(layer, call, first):
    """Samples of what the layer reads now: [groups, samples, unknowns]."""
    parts = layer.sample(call["input"], first, lambda views, places: layer.patches(views, places).flatten(0, 1))
    inputs = _wide(torch.cat(parts)).transpose(0, 1)
    return torch.cat([inputs, torch.ones_like(inputs[..., :1])], dim=-1) if layer.shift else inputs


class _Solving(_Seen):
    """One run of the fixed network in which every layer is solved before it answers, so that the next one reads what it is going to read."""

    def __init__(self, original, fixed, layers, views, ridges, report, progress):
        self.original = original
        self.fixed = fixed
        self.layers = layers
        self.views = views
        self.ridges = ridges
        self.report = report
        self.progress = progress
        self.done = 0

    def run(self):
        first = self.views.portion(0)
        _run(self.original, first, _Targets(self.layers))
        _run(self.fixed, first, self)

    def before(self, name, call):
        if name not in self.layers:
            return
        layer = self.layers[name]
        inputs, targets = self.samples(layer, call)
        layer.targets = []
        old = layer.rows()
        folds = self.views.folds.repeat_interleave(inputs.shape[1] // len(self.views.folds))
        new, error_before, error_after = _solve(inputs, targets, folds, old, self.ridges)
        kept = torch.equal(new, old)
        if not kept:
            layer.put(new)
        reason = "No other weights do better on images that they were not solved for." if kept else None
        self.report[name].update(error_before=error_before, error_after=error_after, kept=kept, reason=reason)
        self.done += 1
        if self.progress is not None:
            self.progress(self.done, len(self.layers))

    def samples(self, layer, call):
        """Inputs and targets, of the portion that runs and of all others."""
        found = [(_inputs(layer, call, 0), layer.targets)]
        for portion in range(1, self.views.portions()):
            views = self.views.portion(portion)
            first = portion * self.views.at_once
            now, was = _run(self.fixed, views, _Until(layer.name, False)), _run(self.original, views, _Until(layer.name, True))
            found.append((_inputs(layer, now.call, first), _targets(layer, was.call, was.result, first)))
        return [torch.cat(parts, dim=1) if len(parts) > 1 else parts[0] for parts in zip(*found)]


def _solve(inputs, targets, folds, old, ridges):
    """A ridge regression towards the old weights; the old ones themselves where it does no better on the images that judge."""
    inputs, targets, rows = _exact(inputs), _exact(targets), _exact(old)
    folds = folds.to(inputs.device)
    missing = targets - inputs @ rows.mT
    judges = folds < 0
    squares = float(targets[:, judges].square().sum())
    before = after = float(missing[:, judges].square().sum())
    ridge = _best_ridge(inputs[:, ~judges], missing[:, ~judges], folds[~judges], ridges)
    new = old
    for change in [] if ridge is None else _changes(inputs[:, ~judges], missing[:, ~judges], (ridge,)):
        error = float((missing[:, judges] - inputs[:, judges] @ change.mT).square().sum())
        if error < before:
            new, after = (rows + change).to(old), error
    scale = 1 / squares if squares > 0 else 0.0
    return new, before * scale, after * scale


def _best_ridge(inputs, missing, folds, ridges):
    """The ridge that does best on images that were not solved for; None where the old weights do.

    One for the whole layer: outputs that choose for themselves would each take what happens to suit a few images, and with too small
    a ridge a layer answers wildly to the first image that looks different.
    """
    errors = dict.fromkeys(ridges, 0.0)
    without = 0.0
    for fold in range(FOLDS):
        out = folds == fold
        if not bool(out.any()) or bool(out.all()):
            continue
        without += float(missing[:, out].square().sum())
        for ridge, change in zip(ridges, _changes(inputs[:, ~out], missing[:, ~out], ridges)):
            errors[ridge] += float((missing[:, out] - inputs[:, out] @ change.mT).square().sum())
    best = min(errors, key=errors.get)
    # A single image cannot choose: the strongest pull is the safest.
    if without == 0:
        return max(ridges)
    return best if errors[best] < without else None


def _changes(inputs, missing, ridges):
    """For each ridge the change of the weights that best gives what is missing: [groups, outputs of a group, unknowns]."""
    samples, unknowns = inputs.shape[1:]
    # The same solution either way, from the smaller system of equations.
    by_samples = samples < unknowns
    product = inputs @ inputs.mT if by_samples else inputs.mT @ inputs
    right = missing if by_samples else inputs.mT @ missing
    mean = product.diagonal(dim1=1, dim2=2).sum(dim=1) / unknowns
    mean = torch.where(mean > 0, mean, torch.ones_like(mean))
    for ridge in ridges:
        system = product.clone()
        system.diagonal(dim1=1, dim2=2).add_(ridge * mean[:, None])
        # A pull towards the old weights makes it definite, unless something is not a number.
        factor, _ = torch.linalg.cholesky_ex(system)
        solution = torch.cholesky_solve(right, factor)
        yield (inputs.mT @ solution if by_samples else solution).mT


def _exact(tensor):
    """In double precision, on the processor where the device has none."""
    return tensor.cpu().double() if tensor.device.type == "mps" else tensor.double()


# Judging.


def _outputs(model, images):
    with torch.no_grad():
        return [
            tensor.detach().cpu().double()
            for part in images.split(16)
            for tensor in _tensors(model(part.to(next(model.parameters()).device)))
            if tensor.is_floating_point()
        ]


def _output_error(outputs, wanted):
    """Share of the wanted squares that is missed; 0 where the outputs cannot be compared."""
    pairs = [(output, want) for output, want in zip(outputs, wanted) if output.shape == want.shape]
    squares = sum(float(want.square().sum()) for _, want in pairs)
    return sum(float((output - want).square().sum()) for output, want in pairs) / squares if squares > 0 else 0.0
