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
from checks import check, finish  # noqa: E402


rng = np.random.default_rng(0)
for axes in (1, 2, 3):
    sizes = (5, 8, 11) if axes < 3 else (6, 7)
    grid = itertools.product(range(1, 6 if axes < 3 else 4), range(1, 5 if axes < 3 else 4), ("VALID", "SAME", "SAME_LOWER", "pairs"), sizes)
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
        if stride == 1:
            for include in (False, True):
                same = jnp.allclose(b.avg_blur_pool(x, window, strides, pads, include), nn.avg_pool(x, window, strides, pads, include), atol=1e-6)
                check(f"avg at stride 1 {name}", bool(same))
        if padding in ("VALID", "SAME"):
            conv = nn.Conv(2, window, strides, padding)
            dense = nn.Conv(2, window, 1, padding)
            parameters = conv.init(jax.random.PRNGKey(0), x)
            expected, blurred = conv.apply(parameters, x), dense.apply(parameters, x)
            check(f"conv shape {name}", b.blur_pool(blurred, strides).shape == expected.shape)
            same_kernel = {"same_kernel": window} if padding == "SAME" else {}
            same = b.blur_pool(blurred, strides, filter_size=1, **same_kernel)
            check(f"conv identity {name}", padding == "SAME_LOWER" or bool(jnp.allclose(same, expected, atol=1e-5)))

# The blur is an outer product over padding by reflection, or by the edge where the map is too small.
for axes in (1, 2, 3):
    x = rng.standard_normal((2, *range(6, 6 + axes), 3)).astype("float32")
    for filter_size in range(1, 8):
        kernel = np.array(b._binomial(filter_size))
        check(f"sum of {filter_size} taps", abs(kernel.sum() - 1) < 1e-12)
        for maps in (x, x[:, :2]):
            expected = maps
            for axis in range(1, axes + 1):
                before, after = (filter_size - 1) // 2, filter_size // 2
                mode = "reflect" if max(before, after) < expected.shape[axis] else "edge"
                padded = np.pad(expected, [(before, after) if other == axis else (0, 0) for other in range(axes + 2)], mode)
                expected = np.apply_along_axis(lambda row: np.convolve(row, kernel, "valid")[::2], axis, padded)  # noqa: B023
            check(f"{axes}D blur of {filter_size} taps", np.allclose(b.blur_pool(jnp.asarray(maps), 2, filter_size), expected, atol=1e-5))

x = jnp.asarray(rng.standard_normal((1, 9, 12, 4)).astype("float32"))
check("lower case", b.max_blur_pool(x, (3, 3), (2, 2), "same").shape == (1, 5, 6, 4))
check("single map, stride of each axis", bool(jnp.allclose(b.blur_pool(x[0], (2, 2)), b.blur_pool(x, 2)[0], atol=1e-6)))
check("two batch axes", b.blur_pool(x[None], (2, 1)).shape == (1, 1, 5, 12, 4))
check("two batch axes, max", b.max_blur_pool(x[None], (2, 2), (2, 2)).shape == (1, 1, 4, 6, 4))
check("stride along one axis", bool(jnp.allclose(b.blur_pool(b.blur_pool(x, (2, 1)), (1, 3)), b.blur_pool(x, (2, 3)), atol=1e-6)))
for dtype in (jnp.float16, jnp.bfloat16):
    maps = x.astype(dtype)
    pools = (b.blur_pool(maps), b.max_blur_pool(maps, (2, 2), (2, 2)), b.avg_blur_pool(maps, (2, 2), (2, 2)), b.avg_blur_pool(maps, (2, 2)))
    check(f"{dtype.__name__}", all(y.dtype == dtype for y in pools))
check("vmap", bool(jnp.allclose(jax.vmap(lambda v: b.max_blur_pool(v, (2, 2), (2, 2)))(x), b.max_blur_pool(x, (2, 2), (2, 2)), atol=1e-6)))
written = (0.25, 0.5, 0.25)
x = jnp.asarray(rng.standard_normal((1, 9, 12, 4)), "float32")
check("taps that are written", np.allclose(b.blur_pool(x, 2, taps=(0, 1, 0)), x[:, ::2, ::2], atol=1e-6))
for pool in (b.max_blur_pool, b.avg_blur_pool):
    check(f"{pool.__name__} with taps", np.array_equal(pool(x, (3, 3), (2, 2), taps=written), pool(x, (3, 3), (2, 2))))

for arguments in ({"filter_size": 8}, {"taps": [1, 2, 1]}, {"strides": (2, 2, 2)}):
    try:
        b.blur_pool(x[0] if "strides" in arguments else x, **arguments)
        check(f"refuses {arguments}", False)
    except (ValueError, TypeError):
        check("refusal", True)
check("flax is not needed", "flax" not in open(b.__file__).read().split('"""')[2])
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

finish()
