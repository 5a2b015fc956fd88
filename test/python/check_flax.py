"""Holds templates/blurpool_flax.py against Flax: `python test/python/check_flax.py`. Needs flax."""

import itertools
import os
import sys

import flax.linen as nn
import jax
import jax.numpy as jnp
import numpy as np

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "..", "templates"))
import blurpool_flax as b  # noqa: E402

passed = failed = 0


def check(name, ok):
    global passed, failed
    if ok:
        passed += 1
    else:
        failed += 1
        print("FAILED", name)


rng = np.random.default_rng(0)
for axes in (1, 2, 3):
    sizes = (5, 8, 11) if axes < 3 else (6, 7)
    grid = itertools.product(range(1, 6 if axes < 3 else 4), range(1, 5 if axes < 3 else 4), ("VALID", "SAME", "pairs"), sizes)
    for kernel, stride, padding, size in grid:
        pads = [((kernel - 1) // 2, kernel // 2)] * axes if padding == "pairs" else padding
        window, strides = (kernel,) * axes, (stride,) * axes
        name = f"{axes}D k{kernel} s{stride} {padding} n{size}"
        x = jnp.asarray(rng.standard_normal((2, *([size] * (axes - 1)), size + 1, 3)).astype("float32"))
        if padding == "VALID" and kernel > size:
            continue
        expected = nn.max_pool(x, window, strides, pads)
        check(f"max shape {name}", b.max_blur_pool(x, window, strides, pads).shape == expected.shape)
        check(f"max identity {name}", bool((b.max_blur_pool(x, window, strides, pads, filter_size=1) == expected).all()))
        check(f"avg shape {name}", b.avg_blur_pool(x, window, strides, pads).shape == nn.avg_pool(x, window, strides, pads).shape)
        if padding != "pairs":
            conv = nn.Conv(2, window, strides, padding)
            dense = nn.Conv(2, window, 1, padding)
            parameters = conv.init(jax.random.PRNGKey(0), x)
            check(f"conv shape {name}", b.blur_pool(dense.apply(parameters, x), strides).shape == conv.apply(parameters, x).shape)

x = jnp.asarray(rng.standard_normal((1, 9, 12, 4)).astype("float32"))
check("default stride is 1", bool((b.max_blur_pool(x, (2, 2)) == nn.max_pool(x, (2, 2))).all()))
check("stride 1 is the identity", b.blur_pool(x, 1) is x)
check("single map", b.max_blur_pool(x[0], (2, 2), (2, 2)).shape == nn.max_pool(x[0], (2, 2), (2, 2)).shape)
check("map of one sample", b.blur_pool(x[:, :1, :1], 2, 5).shape == (1, 1, 1, 4))
check("a constant stays", bool(jnp.allclose(b.blur_pool(jnp.ones((1, 7, 7, 2)), 2, 7), 1)))
check("gradient", bool(jnp.abs(jax.grad(lambda v: b.avg_blur_pool(b.max_blur_pool(v, (2, 2), (2, 2)), (2, 2), (2, 2)).sum())(x)).sum() > 0))
check("jit", bool(jnp.allclose(jax.jit(lambda v: b.blur_pool(v))(x), b.blur_pool(x), atol=1e-6)))


# The textbook signal, circular: 0.7071 with a max-pool, 0.9487 with Tri-3.
def equivariance(pool):
    signal = np.array([0, 0, 1, 1, 0, 0, 1, 1], "float32")

    def features(s):
        return np.repeat(np.array(pool(jnp.asarray(np.tile(s, 5).reshape(1, -1, 1))))[0, 8:12, 0], 2)

    one, other = np.roll(features(signal), 1), features(np.roll(signal, 1))
    return float(one @ other / np.linalg.norm(one) / np.linalg.norm(other))


check("textbook max", abs(equivariance(lambda s: nn.max_pool(s, (2,), (2,))) - 0.7071) < 1e-4)
check("textbook blur", abs(equivariance(lambda s: b.max_blur_pool(s, (2,), (2,))) - 0.9487) < 1e-4)

print(f"{passed} passed, {failed} failed")
sys.exit(1 if failed else 0)
