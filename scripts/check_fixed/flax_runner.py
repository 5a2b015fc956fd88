"""Runs programs of Flax."""

import jax
from values import inputs, shapes


def run(module, seen):
    model = module.build()
    arrays = inputs(module)
    if not hasattr(model, "init"):
        return {"shapes": shapes(model(*arrays))}
    variables = model.init(jax.random.PRNGKey(0), *arrays)
    output = model.apply(variables, *arrays, mutable=False)
    paths = [jax.tree_util.keystr(path) for path, _ in jax.tree_util.tree_flatten_with_path(variables)[0]]
    return {"shapes": shapes(output), "keys": paths}
