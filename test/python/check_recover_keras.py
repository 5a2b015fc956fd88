"""Holds templates/recover_keras.py against networks of Keras: `python test/python/check_recover_keras.py`.

Needs tensorflow. With KERAS_BACKEND=jax or torch it checks the script on that backend.
"""

import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import keras  # noqa: E402
import numpy as np  # noqa: E402
from keras import layers  # noqa: E402

sys.path[:0] = [os.path.dirname(__file__), os.path.join(os.path.dirname(__file__), "..", "..", "templates")]
import blurpool_keras as b  # noqa: E402
from checks import check, finish  # noqa: E402
from drawn_shapes import drawn_shapes  # noqa: E402
from recover_keras import recover  # noqa: E402


def answers(model, images):
    return np.concatenate([keras.ops.convert_to_numpy(model(images[i : i + 100], training=False)) for i in range(0, len(images), 100)])


def error(original, fixed, images):
    wanted = answers(original, images).astype("float64")
    return float(((answers(fixed, images) - wanted) ** 2).sum() / (wanted**2).sum())


def accuracy(model, images, classes):
    return 100 * float((answers(model, images).argmax(1) == classes).mean())


def same(before, after):
    return all(np.array_equal(a, b) for a, b in zip(before, after, strict=True))


# A linear network in double precision, by least squares with the pull of the ridge as further equations, for every kind of layer.
def single(layer, blurred, axes):
    inputs = keras.Input((*[12] * axes, 4), dtype="float64")
    name = f"AvgBlurPool{axes}D" if blurred else f"AveragePooling{axes}D"
    pool = getattr(b, name)(2, filter_size=4, dtype="float64") if blurred else getattr(layers, name)(2, dtype="float64")
    return keras.Model(inputs, layer(pool(inputs)))


kinds = {
    "Conv2D same": (2, lambda: layers.Conv2D(6, 3, padding="same", dtype="float64")),
    "Conv2D valid, strides": (2, lambda: layers.Conv2D(6, 3, strides=2, dtype="float64")),
    "Conv2D same, strides, even kernel": (2, lambda: layers.Conv2D(6, (2, 3), strides=(2, 2), padding="same", dtype="float64")),
    "Conv2D dilation": (2, lambda: layers.Conv2D(6, 2, dilation_rate=(2, 1), padding="same", dtype="float64")),
    "Conv2D groups, no bias": (2, lambda: layers.Conv2D(6, 3, groups=2, use_bias=False, padding="same", dtype="float64")),
    "1x1": (2, lambda: layers.Conv2D(6, 1, dtype="float64")),
    "DepthwiseConv2D": (2, lambda: layers.DepthwiseConv2D(3, depth_multiplier=2, padding="same", dtype="float64")),
    "Dense": (2, lambda: layers.Dense(5, dtype="float64")),
    "Conv1D causal": (1, lambda: layers.Conv1D(6, 3, padding="causal", dtype="float64")),
}
rng = np.random.default_rng(0)
ridge = 1e-3
for name, (axes, build) in kinds.items():
    images = rng.standard_normal((60, *[12] * axes, 4))
    keras.utils.set_random_seed(1)
    original, fixed = single(build(), False, axes), single(build(), True, axes)
    fixed.set_weights(original.get_weights())
    [entry] = recover(original, fixed, images, shifts=1, positions=100_000, ridges=(ridge,))["layers"]
    # The layer is linear in its weights: its answers to unit weights are the columns of the equations.
    inner = keras.Model(fixed.inputs[0], fixed.layers[1].output)
    seen = keras.ops.convert_to_numpy(inner(images[np.arange(60) % 5 != 4]))
    layer, weights = fixed.layers[-1], fixed.layers[-1].get_weights()
    wanted = keras.ops.convert_to_numpy(original(images[np.arange(60) % 5 != 4]))
    old, units, sizes = original.get_weights(), [], [weight.size for weight in weights]
    flat_old, flat_new = (np.concatenate([weight.ravel() for weight in values]) for values in (old, weights))
    for unit in np.eye(sum(sizes)):
        parts = np.split(unit, np.cumsum(sizes)[:-1])
        layer.set_weights([part.reshape(weight.shape) for part, weight in zip(parts, weights)])
        units.append(keras.ops.convert_to_numpy(layer(seen)).ravel())
    layer.set_weights(weights)
    columns, rest = np.stack(units, axis=1), wanted.ravel()
    # Per output the pull is the ridge times the mean of the diagonal of that output's own equations.
    per_output = {}
    count = wanted.shape[-1]
    for output in range(count):
        rows = columns.reshape(-1, count, columns.shape[1])[:, output]
        used = np.flatnonzero((rows != 0).any(axis=0))
        own = rows[:, used]
        pull = np.sqrt(ridge * (own**2).sum() / len(used)) * np.eye(len(used))
        right = np.concatenate([rest.reshape(-1, count)[:, output], pull @ flat_old[used]])
        per_output.update(zip(used, np.linalg.lstsq(np.concatenate([own, pull]), right, rcond=None)[0]))
    best = np.array([per_output[index] for index in range(len(flat_old))])
    check(f"{name}: the optimum of a linear network", not entry["kept"] and np.abs(best - flat_new).max() < 1e-8)


# Shortcuts, squeeze-excite, depthwise convolutions, a nested model and a layer with layers of its own.
class SqueezeExcite(layers.Layer):
    def __init__(self, channels, **kwargs):
        super().__init__(**kwargs)
        self.squeeze, self.excite = layers.Dense(channels // 4, activation="relu"), layers.Dense(channels, activation="hard_sigmoid")

    def build(self, shape):
        self.squeeze.build((shape[0], shape[-1]))
        self.excite.build((shape[0], self.squeeze.units))

    def call(self, x):
        return x * self.excite(self.squeeze(keras.ops.mean(x, (1, 2))))[:, None, None]


def convolution(x, filters, size, stride=1, activation=None, taps=None, depthwise=False):
    """With normalisation, on a map that is padded explicitly: SAME depends on the stride."""
    x = layers.ZeroPadding2D(size // 2)(x) if size > 1 else x
    step = stride if taps is None else 1
    options = {"strides": step, "use_bias": False}
    x = layers.DepthwiseConv2D(size, **options)(x) if depthwise else layers.Conv2D(filters, size, **options)(x)
    x = layers.BatchNormalization(momentum=0.9)(x)
    x = layers.Activation(activation)(x) if activation else x
    return x if taps is None or stride == 1 else b.BlurPool2D(stride, filter_size=taps)(x)


def residual(channels, filters, taps):
    inputs = keras.Input((16, 16, channels))
    x = convolution(inputs, filters, 3, 2, "relu", taps)
    x = SqueezeExcite(filters)(convolution(x, filters, 3))
    shortcut = inputs if taps is None else b.BlurPool2D(2, filter_size=taps)(inputs)
    shortcut = convolution(shortcut, filters, 1, 2 if taps is None else 1)
    return keras.Model(inputs, layers.Activation("relu")(layers.add([x, shortcut])))


def inverted(x, filters, stride, taps):
    wide = 3 * x.shape[-1]
    y = convolution(x, wide, 1, 1, "relu6")
    y = convolution(y, wide, 3, stride, "relu6", taps, depthwise=True)
    y = convolution(SqueezeExcite(wide)(y), filters, 1)
    return layers.add([x, y]) if stride == 1 else y


def network(taps=None):
    inputs = keras.Input((32, 32, 3))
    x = layers.Conv2D(16, 3, padding="same", activation="relu")(inputs)
    x = layers.MaxPooling2D(2)(x) if taps is None else b.MaxBlurPool2D(2, filter_size=taps)(x)
    x = residual(16, 24, taps)(x)
    x = inverted(inverted(x, 32, 2, taps), 32, 1, taps)
    return keras.Model(inputs, layers.Dense(6)(layers.GlobalAveragePooling2D()(x)))


class Wrapped(keras.Model):
    """The same as a model of a class of its own."""

    def __init__(self, model):
        super().__init__()
        self.inside = model

    def call(self, x):
        return self.inside(x)


keras.utils.set_random_seed(0)
original = network()
schedule = keras.optimizers.schedules.CosineDecay(3e-4, 500, warmup_target=1e-2, warmup_steps=100)
original.compile(keras.optimizers.AdamW(schedule), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
original.fit(*drawn_shapes(3200, 1), batch_size=64, epochs=10, verbose=0)
unseen = drawn_shapes(1000, 2)
check("the network has learnt", accuracy(original, *unseen) > 95)
weights = original.get_weights()

fixed = network(1)
fixed.set_weights(weights)
report = recover(original, fixed, drawn_shapes(20, 3)[0], shifts=1, positions=500)
check("the identity changes nothing", all(entry["kept"] for entry in report["layers"]) and same(fixed.get_weights(), weights))

for taps in (3, 5):
    scores = []
    for seed in range(5 if taps == 3 else 2):
        fixed = network(taps)
        fixed.set_weights(weights)
        shapes, classes = [tuple(weight.shape) for weight in fixed.weights], [type(layer) for layer in fixed._flatten_layers()]
        names = [weight.path for weight in fixed.weights]
        inserted, before = accuracy(fixed, *unseen), error(original, fixed, unseen[0])
        images = drawn_shapes(200, 100 + seed)[0]
        wrapped = seed == 1
        report = recover(Wrapped(original), Wrapped(fixed), images, seed=seed) if wrapped else recover(original, fixed, images, seed=seed)
        scores.append(accuracy(fixed, *unseen))
        about = f"{taps} taps, seed {seed}"
        check(f"{about}: far nearer on unseen images", error(original, fixed, unseen[0]) < before / 4)
        check(f"{about}: shapes", [tuple(weight.shape) for weight in fixed.weights] == shapes)
        check(f"{about}: names", [weight.path for weight in fixed.weights] == names)
        check(f"{about}: classes", [type(layer) for layer in fixed._flatten_layers()] == classes)
        check(f"{about}: the original stays", same(original.get_weights(), weights))
        check(f"{about}: no layer gets worse", all(e["kept"] or e["error_after"] < e["error_before"] for e in report["layers"]))
    print(
        f"{taps} taps: accuracy on unseen images {accuracy(original, *unseen):.1f}, {inserted:.1f} as inserted, "
        f"{', '.join(f'{score:.1f}' for score in scores)} recovered from 200 other images each"
    )
    if taps == 3:
        check("3 taps: within a point of the original", min(scores) >= accuracy(original, *unseen) - 1)

# What stays, with the reason.
shared = layers.Conv2D(4, 3, padding="same")
for name, tail, reason in (
    ("shared", lambda x: shared(shared(x)), "more than once"),
    ("transposed", lambda x: layers.Conv2DTranspose(4, 3)(x), "Conv2DTranspose"),
    ("separable", lambda x: layers.SeparableConv2D(4, 3)(x), "SeparableConv2D"),
):
    inputs = keras.Input((12, 12, 4))
    original = keras.Model(inputs, tail(layers.MaxPooling2D(2)(inputs)))
    if name == "shared":
        shared = layers.Conv2D(4, 3, padding="same")
    fixed = keras.Model(inputs, tail(b.MaxBlurPool2D(2)(inputs)))
    fixed.set_weights(original.get_weights())
    [entry] = recover(original, fixed, rng.standard_normal((10, 12, 12, 4)).astype("float32"), shifts=1)["layers"]
    check(f"{name}: stays", entry["kept"] and reason in entry["reason"] and same(fixed.get_weights(), original.get_weights()))
try:
    recover(original, original, images)
    check("the same network twice is refused", False)
except ValueError:
    check("refusal", True)

finish()
