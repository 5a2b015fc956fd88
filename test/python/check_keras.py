"""Holds templates/blurpool_keras.py and blurpool_tensorflow.py against Keras: `python test/python/check_keras.py`. Needs tensorflow."""

import itertools
import os
import sys
import tempfile

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import keras  # noqa: E402
import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "..", "templates"))
import blurpool_keras  # noqa: E402
import blurpool_tensorflow  # noqa: E402

passed = failed = 0


def check(name, ok):
    global passed, failed
    if ok:
        passed += 1
    else:
        failed += 1
        print("FAILED", name)


rng = np.random.default_rng(0)
for module, layers in ((blurpool_keras, keras.layers), (blurpool_tensorflow, tf.keras.layers)):
    for axes in (1, 2, 3):
        sizes = (5, 8, 11) if axes < 3 else (6, 7)
        grid = itertools.product(range(1, 8 if axes < 3 else 4), range(1, 5 if axes < 3 else 4), ("valid", "same"), sizes)
        for kernel, stride, padding, size in grid:
            if padding == "valid" and kernel > size:
                continue
            name = f"{module.__name__} {axes}D k{kernel} s{stride} {padding} n{size}"
            x = rng.standard_normal((2, *([size] * (axes - 1)), size + 1, 3)).astype("float32")
            expected = np.array(getattr(layers, f"MaxPooling{axes}D")(kernel, stride, padding)(x))
            layer = getattr(module, f"MaxBlurPool{axes}D")(kernel, stride, padding)
            actual = np.array(layer(x))
            check(f"max shape {name}: {actual.shape} {expected.shape}", actual.shape == expected.shape)
            check(f"max declared shape {name}", tuple(layer.compute_output_shape(x.shape)) == expected.shape)
            same = getattr(module, f"MaxBlurPool{axes}D")(kernel, stride, padding, filter_size=1)
            check(f"max identity {name}", np.array_equal(np.array(same(x)), expected))
            average = np.array(getattr(layers, f"AveragePooling{axes}D")(kernel, stride, padding)(x))
            actual = np.array(getattr(module, f"AvgBlurPool{axes}D")(kernel, stride, padding)(x))
            check(f"avg shape {name}: {actual.shape} {average.shape}", actual.shape == average.shape)
            conv = getattr(layers, f"Conv{axes}D")
            strided = conv(2, kernel, strides=stride, padding=padding)(x)
            blurred = getattr(module, f"BlurPool{axes}D")(stride)(conv(2, kernel, padding=padding)(x))
            check(f"conv shape {name}", strided.shape == blurred.shape)

    x = rng.standard_normal((1, 9, 12, 4)).astype("float32")
    first = np.transpose(x, (0, 3, 1, 2))
    check("per axis", np.array(module.blur_pool(x, (2, 1))).shape == (1, 5, 12, 4))
    turned = np.array(module.blur_pool(first, 2, data_format="channels_first"))
    check("channels first", np.allclose(np.transpose(turned, (0, 2, 3, 1)), np.array(module.blur_pool(x, 2)), atol=1e-6))
    check("stride 1 is the identity", module.blur_pool(x, 1) is x)
    check("map of one sample", np.array(module.blur_pool(x[:, :1, :1], 2, 5)).shape == (1, 1, 1, 4))
    check("a constant stays", np.allclose(np.array(module.blur_pool(np.ones((1, 7, 7, 2), "float32"), 2, 7)), 1, atol=1e-6))
    check("weightless", len(module.MaxBlurPool2D().weights) == 0)

    # Open image size, saving and loading, training.
    inputs = layers.Input((None, None, 3)) if module is blurpool_tensorflow else keras.Input((None, None, 3))
    y = layers.Conv2D(4, 3, padding="same", activation="relu")(inputs)
    y = module.BlurPool2D(2)(y)
    y = module.MaxBlurPool2D(3, 2, "same")(y)
    y = module.AvgBlurPool2D(2)(y)
    model = (keras if module is blurpool_keras else tf.keras).Model(inputs, layers.GlobalAveragePooling2D()(y))
    image = rng.standard_normal((2, 32, 40, 3)).astype("float32")
    model.compile("sgd", "mse")
    model.fit(image, np.zeros((2, 4), "float32"), verbose=0)
    before = model.predict(image, verbose=0)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "model.keras")
        model.save(path)
        loaded = (keras if module is blurpool_keras else tf.keras).models.load_model(path)
    check("saved and loaded", np.allclose(loaded.predict(image, verbose=0), before, atol=1e-6))

for axes, name in ((1, "1d"), (2, "2d"), (3, "3d")):
    for padding, kernel, stride in itertools.product(("SAME", "VALID"), (2, 3), (1, 2, 3)):
        x = rng.standard_normal((2, *([7] * axes), 3)).astype("float32")
        for kind in ("max", "avg"):
            original, blurred = getattr(tf.nn, f"{kind}_pool{name}"), getattr(blurpool_tensorflow, f"{kind}_blur_pool{name}")
            check(f"tf.nn {kind}{name}", original(x, kernel, stride, padding).shape == blurred(x, kernel, stride, padding).shape)
x = rng.standard_normal((1, 8, 8, 2)).astype("float32")
check("tf.nn lists of four", blurpool_tensorflow.max_blur_pool(x, [1, 2, 2, 1], [1, 2, 2, 1], "SAME").shape == (1, 4, 4, 2))


# The textbook signal, circular: 0.7071 with a max-pool, 0.9487 with Tri-3.
def equivariance(pool):
    signal = np.array([0, 0, 1, 1, 0, 0, 1, 1], "float32")

    def features(s):
        return np.repeat(np.array(pool(np.tile(s, 5).reshape(1, -1, 1)))[0, 8:12, 0], 2)

    a, b = np.roll(features(signal), 1), features(np.roll(signal, 1))
    return float(a @ b / np.linalg.norm(a) / np.linalg.norm(b))


check("textbook max", abs(equivariance(keras.layers.MaxPooling1D(2)) - 0.7071) < 1e-4)
check("textbook blur", abs(equivariance(blurpool_keras.MaxBlurPool1D(2)) - 0.9487) < 1e-4)
check("textbook blur tf", abs(equivariance(blurpool_tensorflow.MaxBlurPool1D(2)) - 0.9487) < 1e-4)

print(f"{passed} passed, {failed} failed")
sys.exit(1 if failed else 0)
