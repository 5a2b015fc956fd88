"""Holds templates/blurpool_keras.py and blurpool_tensorflow.py against Keras: `python test/python/check_keras.py`.

Needs tensorflow. With KERAS_BACKEND=jax (or torch) it checks the Keras module on that backend.
"""

import importlib.util
import itertools
import os
import sys
import tempfile

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import keras  # noqa: E402
import numpy as np  # noqa: E402

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "..", "templates"))
import blurpool_keras  # noqa: E402
from checks import check, finish  # noqa: E402

on_tensorflow = keras.backend.backend() == "tensorflow"
if on_tensorflow:
    # Both modules register the same names: a model that one has saved loads with the other.
    import blurpool_tensorflow
    import tensorflow as tf

    tf.get_logger().setLevel("ERROR")


def values(tensor):
    return np.array(keras.ops.convert_to_numpy(tensor))


def maps_of(axes, size, channels=3):
    return rng.standard_normal((2, *([size] * (axes - 1)), size + 1, channels)).astype("float32")


rng = np.random.default_rng(0)
modules = [(blurpool_keras, keras.layers, keras)]
if on_tensorflow:
    modules.append((blurpool_tensorflow, tf.keras.layers, tf.keras))

for module, layers, package in modules:

    def of(name, axes):
        return getattr(module, f"{name}{axes}D")  # noqa: B023

    for axes in (1, 2, 3):
        sizes = (5, 8, 11) if axes < 3 else (6, 7)
        grid = itertools.product(range(1, 8 if axes < 3 else 4), range(1, 5 if axes < 3 else 4), ("valid", "same"), sizes)
        for kernel, stride, padding, size in grid:
            if padding == "valid" and kernel > size:
                continue
            name = f"{module.__name__} {axes}D k{kernel} s{stride} {padding} n{size}"
            x = maps_of(axes, size)
            expected = values(getattr(layers, f"MaxPooling{axes}D")(kernel, stride, padding)(x))
            layer = of("MaxBlurPool", axes)(kernel, stride, padding)
            actual = values(layer(x))
            check(f"max shape {name}: {actual.shape} {expected.shape}", actual.shape == expected.shape)
            check(f"max declared shape {name}", tuple(layer.compute_output_shape(x.shape)) == expected.shape)
            same = of("MaxBlurPool", axes)(kernel, stride, padding, filter_size=1)
            check(f"max identity {name}", np.array_equal(values(same(x)), expected))
            average = values(getattr(layers, f"AveragePooling{axes}D")(kernel, stride, padding)(x))
            actual = values(of("AvgBlurPool", axes)(kernel, stride, padding)(x))
            check(f"avg shape {name}: {actual.shape} {average.shape}", actual.shape == average.shape)
            if stride == 1:
                check(f"avg at stride 1 {name}", np.allclose(actual, average, atol=1e-6))
            conv = getattr(layers, f"Conv{axes}D")
            strided, dense = conv(2, kernel, strides=stride, padding=padding), conv(2, kernel, padding=padding)
            expected, blurred = values(strided(x)), of("BlurPool", axes)(stride)(dense(x))
            check(f"conv shape {name}", expected.shape == tuple(blurred.shape))
            dense.set_weights(strided.get_weights())
            same_kernel = {"same_kernel": kernel} if padding == "same" else {}
            same = values(of("BlurPool", axes)(stride, filter_size=1, **same_kernel)(dense(x)))
            check(f"conv identity {name}", np.allclose(same, expected, atol=1e-5))

    # The blur is the same outer product whichever way it is computed.
    for axes in (1, 2, 3):
        x = maps_of(axes, 6)
        for filter_size in range(1, 8):
            kernel = np.array(module._binomial(filter_size))
            check(f"sum of {filter_size} taps", abs(kernel.sum() - 1) < 1e-12)
            expected = x
            for axis in range(1, axes + 1):
                before, after = (filter_size - 1) // 2, filter_size // 2
                mode = "reflect" if max(before, after) < expected.shape[axis] else "edge"
                pads = [(before, after) if other == axis else (0, 0) for other in range(axes + 2)]
                padded = np.pad(expected, pads, mode)
                expected = np.apply_along_axis(lambda row: np.convolve(row, kernel, "valid")[::2], axis, padded)  # noqa: B023
            check(f"{axes}D blur of {filter_size} taps", np.allclose(values(module.blur_pool(x, 2, filter_size)), expected, atol=1e-5))

    x = rng.standard_normal((1, 9, 12, 4)).astype("float32")
    first = np.transpose(x, (0, 3, 1, 2))
    check("per axis", values(module.blur_pool(x, (2, 1))).shape == (1, 5, 12, 4))
    turned = values(module.blur_pool(np.transpose(x, (0, 2, 1, 3)), (1, 2)))
    check("per axis, turned", np.allclose(np.transpose(turned, (0, 2, 1, 3)), values(module.blur_pool(x, (2, 1))), atol=1e-6))
    both = values(module.blur_pool(module.blur_pool(x, (2, 1)), (1, 3)))
    check("strides of two and three", np.allclose(values(module.blur_pool(x, (2, 3))), both, atol=1e-6))
    turned = values(module.blur_pool(first, 2, data_format="channels_first"))
    check("channels first", np.allclose(np.transpose(turned, (0, 2, 3, 1)), values(module.blur_pool(x, 2)), atol=1e-6))
    package.backend.set_image_data_format("channels_first")
    check("channels first by default", module.MaxBlurPool2D(2).compute_output_shape((1, 4, 9, 12)) == (1, 4, 4, 6))
    package.backend.set_image_data_format("channels_last")
    check("stride 1 is the identity", module.blur_pool(x, 1) is x)
    check("map of one sample", values(module.blur_pool(x[:, :1, :1], 2, 5)).shape == (1, 1, 1, 4))
    check("a constant stays", np.allclose(values(module.blur_pool(np.ones((1, 7, 7, 2), "float32"), 2, 7)), 1, atol=1e-6))
    check("taps that are written", np.allclose(values(module.blur_pool(x, 2, taps=(0, 1, 0))), x[:, ::2, ::2], atol=1e-6))
    for layer in (module.MaxBlurPool2D, module.AvgBlurPool2D, module.BlurPool2D):
        written = layer(3, taps=[0.25, 0.5, 0.25])
        again = layer.from_config(written.get_config())
        check(f"{layer.__name__} with taps", np.array_equal(values(written(x)), values(layer(3)(x))))
        check(f"{layer.__name__} keeps its taps", np.array_equal(values(again(x)), values(written(x))))
    check("weightless", len(module.MaxBlurPool2D().weights) == 0)
    half = keras.ops.convert_to_tensor(x, dtype="float16") if module is blurpool_keras else tf.constant(x, tf.float16)
    check("half precision", "float16" in str(module.blur_pool(half).dtype))
    for arguments in ({"filter_size": 8}, {"taps": [1, 2, 1]}, {"strides": (2, 2, 2)}):
        try:
            module.BlurPool2D(**arguments)
            check(f"refuses {arguments}", False)
        except ValueError:
            check("refusal", True)

    # The drop-ins are the layers that they replace, and say of themselves what those say.
    for axes, (kind, plain) in itertools.product((1, 2, 3), (("Max", "Max"), ("Avg", "Average"))):
        for arguments in ((3, 2, "same"), (2,), ((2,) * axes, (1,) * axes, "VALID")):
            base = getattr(layers, f"{plain}Pooling{axes}D")
            layer, original = of(f"{kind}BlurPool", axes)(*arguments), base(*arguments[:2], *[a.lower() for a in arguments[2:]])
            name = f"{type(layer).__name__}{arguments}"
            check(f"{name} is a {base.__name__}", isinstance(layer, base))
            for said in ("pool_size", "strides", "padding", "data_format"):
                check(f"{name}.{said}", getattr(layer, said) == getattr(original, said))
            config = {key: value for key, value in layer.get_config().items() if key not in ("filter_size", "taps", "name")}
            check(f"{name} config", config == {key: value for key, value in original.get_config().items() if key != "name"})
    check("a name behind the data format", module.MaxBlurPool2D(2, 2, "valid", None, "pool1").name == "pool1")

    # Functional models, with open sizes too, also where the function is called on a symbolic tensor.
    for axes, is_open in itertools.product((1, 2, 3), (False, True)):
        x = maps_of(axes, 7)
        inputs = package.Input((*([None] * axes if is_open else x.shape[1:-1]), 3))
        model = package.Model(inputs, module.blur_pool(inputs, 2))
        check(f"functional {axes}D open={is_open}", np.allclose(values(model(x)), values(module.blur_pool(x, 2)), atol=1e-6))
        restored = package.Model.from_config(model.get_config())
        check(f"functional {axes}D restored", np.allclose(values(restored(x)), values(model(x)), atol=1e-6))

    # Saving and loading, training.
    inputs = package.Input((None, None, 3))
    y = layers.Conv2D(4, 3, padding="same", activation="relu")(inputs)
    y = module.BlurPool2D(2)(y)
    y = module.MaxBlurPool2D(3, 2, "same")(y)
    y = module.AvgBlurPool2D(2)(y)
    model = package.Model(inputs, layers.GlobalAveragePooling2D()(y))
    image = rng.standard_normal((2, 32, 40, 3)).astype("float32")
    model.compile("sgd", "mse")
    kernel = np.array(model.get_weights()[0])
    model.fit(image, np.ones((2, 4), "float32"), verbose=0)
    check("trains", not np.allclose(kernel, model.get_weights()[0]))
    before = model.predict(image, verbose=0)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "model.keras")
        model.save(path)
        loaded = package.models.load_model(path)
        check("saved and loaded", np.allclose(loaded.predict(image, verbose=0), before, atol=1e-6))
        if on_tensorflow:
            model.export(os.path.join(folder, "saved"), verbose=False)
            archive = tf.saved_model.load(os.path.join(folder, "saved"))
            check("exported", np.allclose(archive.serve(image), before, atol=1e-5))
            other = rng.standard_normal((1, 21, 34, 3)).astype("float32")
            check("exported, another size", np.allclose(archive.serve(other), model.predict(other, verbose=0), atol=1e-5))

if on_tensorflow:
    # A graph of open sizes still pads as SAME does at the size that comes.
    open_size = {axes: tf.TensorSpec([None] * (axes + 2)) for axes in (1, 2, 3)}
    for module in (blurpool_keras, blurpool_tensorflow):
        for axes, kernel, stride, padding in itertools.product((1, 2, 3), (1, 2, 3, 5), (1, 2, 3), ("valid", "same")):
            original = getattr(keras.layers, f"MaxPooling{axes}D")(kernel, stride, padding)
            drop_in = getattr(module, f"MaxBlurPool{axes}D")(kernel, stride, padding, filter_size=1)
            blurs = [getattr(module, f"{kind}BlurPool{axes}D")(kernel, stride, padding) for kind in ("Max", "Avg")]
            graphs = [tf.function(layer.call, input_signature=[open_size[axes]]) for layer in (drop_in, *blurs)]
            for size in (5, 6, 9):
                x = maps_of(axes, size)
                name = f"{module.__name__} {axes}D k{kernel} s{stride} {padding} n{size}"
                check(f"open identity {name}", np.array_equal(values(graphs[0](x)), values(original(x))))
                for graph, layer in zip(graphs[1:], blurs):
                    check(f"open {type(layer).__name__} {name}", np.allclose(values(graph(x)), values(layer(x)), atol=1e-5))
        blurred = tf.function(module.blur_pool, input_signature=[open_size[2]])(tf.ones((1, 1, 5, 2)))
        check("open map of one row", np.allclose(blurred, 1) and blurred.shape == (1, 1, 3, 2))

    letters = {1: "NCW", 2: "NCHW", 3: "NCDHW"}
    for axes, padding, kernel, stride in itertools.product((1, 2, 3), ("SAME", "VALID"), (2, 3), (1, 2, 3)):
        x = maps_of(axes, 7)
        name = f"{axes}d k{kernel} s{stride} {padding}"
        for kind in ("max", "avg"):
            original, blurred = getattr(tf.nn, f"{kind}_pool{axes}d"), getattr(blurpool_tensorflow, f"{kind}_blur_pool{axes}d")
            general = getattr(blurpool_tensorflow, f"{kind}_blur_pool")
            expected = original(x, kernel, stride, padding)
            check(f"tf.nn {kind} {name}", expected.shape == blurred(x, kernel, stride, padding).shape)
            check(f"tf.nn {kind} lists {name}", expected.shape == general(x, [1, *[kernel] * axes, 1], [1, *[stride] * axes, 1], padding).shape)
            first = np.moveaxis(x, -1, 1)
            turned = general(first, [1, 1, *[kernel] * axes], [1, 1, *[stride] * axes], padding, data_format=letters[axes])
            check(f"tf.nn {kind} {letters[axes]} {name}", np.allclose(np.moveaxis(turned, 1, -1), blurred(x, kernel, stride, padding), atol=1e-5))
        check(f"tf.nn max identity {name}", np.array_equal(blurpool_tensorflow.max_blur_pool(x, kernel, stride, padding, filter_size=1), tf.nn.max_pool(x, kernel, stride, padding)))
    check("ksize of the last axis", blurpool_tensorflow._spatial([1, 1, 2, 1], 2, "NCHW") == (2, 1))
    x = rng.standard_normal((1, 8, 9, 2)).astype("float32") - 5
    pads = [[0, 0], [1, 1], [0, 1], [0, 0]]
    expected = tf.nn.max_pool2d(x, 3, 2, pads)
    check("explicit padding", np.array_equal(blurpool_tensorflow.max_blur_pool2d(x, 3, 2, pads, filter_size=1), expected))
    check("explicit padding, shape", blurpool_tensorflow.max_blur_pool2d(x, 3, 2, pads).shape == expected.shape)
    symbolic = tf.keras.Input((None, None, 2))
    model = tf.keras.Model(symbolic, blurpool_tensorflow.max_blur_pool2d(symbolic, 2, 2, "SAME"))
    check("tf.nn drop-in on a symbolic tensor", np.allclose(model(x), blurpool_tensorflow.max_blur_pool2d(x, 2, 2, "SAME"), atol=1e-6))
    v = tf.Variable(x)
    with tf.GradientTape() as tape:
        y = tf.reduce_sum(blurpool_tensorflow.avg_blur_pool(blurpool_tensorflow.max_blur_pool(v, 2, 2, "SAME"), 2, 2, "SAME"))
    check("gradient", float(tf.reduce_sum(tf.abs(tape.gradient(y, v)))) > 0)

    # The Keras module without keras.ops, as in Keras 2: its stand-ins, and those of the TensorFlow module, do the same.
    kept = sys.modules["keras.ops"]
    sys.modules["keras.ops"] = None
    attribute = keras.__dict__.pop("ops")
    specification = importlib.util.spec_from_file_location("blurpool_keras_2", blurpool_keras.__file__)
    older = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(older)
    keras.ops, sys.modules["keras.ops"] = attribute, kept
    check("stand-ins for keras.ops", isinstance(older.ops, type))
    for axes, kernel, stride, padding in itertools.product((1, 2, 3), (2, 3), (1, 2, 3), ("valid", "same")):
        x = tf.constant(maps_of(axes, 7))
        for kind in ("Max", "Avg"):
            one, other = (getattr(m, f"{kind}BlurPool{axes}D")(kernel, stride, padding) for m in (older, blurpool_keras))
            check(f"Keras 2 {kind} {axes}D k{kernel} s{stride} {padding}", np.allclose(one.call(x), other.call(x), atol=1e-5))
    core = [open(m.__file__).read().split("def _per_axis", 1)[1].split("def _format", 1)[0].split("def blur_pool", 1)[0].strip() for m in (blurpool_keras, blurpool_tensorflow)]
    check("both modules share their core", core[0] == core[1])


# The textbook signal, circular: 0.7071 with a max-pool, 0.9487 with Tri-3.
def equivariance(pool):
    signal = np.array([0, 0, 1, 1, 0, 0, 1, 1], "float32")

    def features(s):
        return np.repeat(values(pool(np.tile(s, 5).reshape(1, -1, 1)))[0, 8:12, 0], 2)

    a, b = np.roll(features(signal), 1), features(np.roll(signal, 1))
    return float(a @ b / np.linalg.norm(a) / np.linalg.norm(b))


check("textbook max", abs(equivariance(keras.layers.MaxPooling1D(2)) - 0.7071) < 1e-4)
check("textbook blur", abs(equivariance(blurpool_keras.MaxBlurPool1D(2)) - 0.9487) < 1e-4)
if on_tensorflow:
    check("textbook blur tf", abs(equivariance(blurpool_tensorflow.MaxBlurPool1D(2)) - 0.9487) < 1e-4)

finish()
