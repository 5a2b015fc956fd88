"""Holds the rows of our tables against the signatures that they stand for: `check_rows.py ROWS.json [FOLDER OF SOURCES]`.

A name is looked up in the installed package. Where that is not installed, its sources are read from the folder, which has a checkout a
package. A row fits where its positional parameters are the first of the signature in their order, and where kernel, stride and activation
are parameters with the defaults that the row tells.
"""

import ast
import functools
import importlib
import inspect
import json
import os
import re
import sys
import warnings

from checks import check, finish

warnings.filterwarnings("ignore")
NOTHING = inspect.Parameter.empty
NAMED = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.KEYWORD_ONLY)


@functools.cache
def module_of(path):
    try:
        return importlib.import_module(path)
    except Exception:  # noqa: BLE001
        return None


def member_of(path):
    """What a dotted path names in an installed package, or None."""
    module, _, name = path.rpartition(".")
    steps = [name]
    while module:
        found = module_of(module)
        if found is not None:
            for step in reversed(steps):
                found = getattr(found, step, None)
            return found
        module, _, step = module.rpartition(".")
        steps.append(step)
    return None


def installed_signature(path):
    """The parameters by name, with their defaults; None where the name is none or says nothing of them."""
    found = member_of(path)
    if found is None:
        return None
    # PyTorch dispatches some pools on their arguments, to functions that have the name with a line before it.
    found = member_of(re.sub(r"\.(\w+)$", r"._\1", path)) or found if path.startswith("torch.nn.functional.") else found
    try:
        parameters = inspect.signature(found.__init__ if inspect.isclass(found) else found).parameters.values()
        names = [(one.name, one.kind, one.default) for one in parameters]
    except (TypeError, ValueError):
        return documented_signature(found)
    names = names[1:] if inspect.isclass(found) else names
    return names if says_something(names) else None


def says_something(names):
    """False of `(*args, **kwargs)`."""
    return any(kind in NAMED for _, kind, _ in names)


def documented_signature(found):
    """Functions that are not written in Python begin their documentation with their parameters."""
    first = re.search(r"^\w+\([^\n]*\)", (found.__doc__ or "").strip())
    if first is None:
        return None
    try:
        arguments = ast.parse(f"def {first.group()}: pass").body[0].args
    except SyntaxError:
        return None
    return arguments_of(arguments)


def arguments_of(arguments):
    plain = [*arguments.posonlyargs, *arguments.args]
    defaults = [NOTHING] * (len(plain) - len(arguments.defaults)) + [literal(one) for one in arguments.defaults]
    names = [(one.arg, inspect.Parameter.POSITIONAL_OR_KEYWORD, value) for one, value in zip(plain, defaults)]
    if arguments.vararg:
        names.append((arguments.vararg.arg, inspect.Parameter.VAR_POSITIONAL, NOTHING))
    for one, value in zip(arguments.kwonlyargs, arguments.kw_defaults):
        names.append((one.arg, inspect.Parameter.KEYWORD_ONLY, NOTHING if value is None else literal(value)))
    if arguments.kwarg:
        names.append((arguments.kwarg.arg, inspect.Parameter.VAR_KEYWORD, NOTHING))
    return names


def literal(node):
    try:
        return ast.literal_eval(node)
    except ValueError:
        return ...


class Sources:
    """Checkouts of packages, read without running them."""

    def __init__(self, folder):
        self.folder = folder

    @functools.cache
    def definitions(self, package):
        """The classes and functions of a package at the top of its files, by name."""
        found = {}
        roots = [os.path.join(self.folder, checkout, package) for checkout in sorted(os.listdir(self.folder))] if self.folder else []
        for root in roots:
            for place, _, files in os.walk(root):
                for file in sorted(files):
                    if not file.endswith(".py"):
                        continue
                    with open(os.path.join(place, file), encoding="utf8") as text:
                        try:
                            body = ast.parse(text.read()).body
                        except SyntaxError:
                            continue
                    module = os.path.relpath(os.path.join(place, file), os.path.dirname(root))[: -len(".py")].replace(os.sep, ".")
                    for node in body:
                        if isinstance(node, (ast.ClassDef, ast.FunctionDef)):
                            found.setdefault(node.name, []).append((module, node))
        return found

    def signature(self, path):
        package, name = path.split(".")[0], path.rpartition(".")[2]
        known = self.definitions(package).get(name, [])
        # The nearest to the path, where more than one file has the name.
        nearest = max(known, key=lambda one: len(os.path.commonprefix([one[0], path])), default=None)
        return nearest and self.signature_of(package, nearest[1], 0)

    def signature_of(self, package, node, depth):
        if isinstance(node, ast.FunctionDef):
            return arguments_of(node.args)
        for inner in node.body:
            if isinstance(inner, ast.FunctionDef) and inner.name == "__init__" and says_something(arguments_of(inner.args)[1:]):
                return arguments_of(inner.args)[1:]
        for base in node.bases if depth < 5 else []:
            name = ast.unparse(base).rpartition(".")[2]
            if ast.unparse(base).startswith(("nn.", "torch.nn.")):
                return installed_signature(f"torch.nn.{name}")
            for _, other in self.definitions(package).get(name, []):
                found = self.signature_of(package, other, depth + 1)
                if found:
                    return found
        return None


def faults(row, signature):
    """What a row says otherwise than the signature."""
    if row["form"] == "operation":
        signature = signature[1:]
    named = {name: default for name, kind, default in signature if kind in NAMED}
    is_open = any(kind == inspect.Parameter.VAR_KEYWORD for _, kind, _ in signature)
    positional = [name for name, kind, _ in signature if kind in NAMED[:2]]
    hands_on = any(kind == inspect.Parameter.VAR_POSITIONAL for _, kind, _ in signature)
    expected = row["parameters"][: len(positional)] if hands_on else row["parameters"]
    found = []
    if positional[: len(expected)] != expected:
        found.append(f"takes {positional[: len(row['parameters']) + 1]} and not {row['parameters']}")
    for part in ("kernel", "stride"):
        window = row[part]
        if window is None or is_told_otherwise(row, part):
            continue
        if window["name"] not in named:
            found += [] if is_open else [f"has no {window['name']}"]
            continue
        default, fallback = named[window["name"]], window["fallback"]
        if default is ... or is_same(default, fallback, row["kernel"]):
            continue
        found.append(f"has {window['name']}={default} and not {fallback}")
    if row["activation"] and row["activation"] not in named and not is_open:
        found.append(f"has no {row['activation']}")
    return found


def is_told_otherwise(row, part):
    """True of the kernel of an operation, which its weights have, and of what a row says of names that have no such parameter."""
    if part == "kernel" and row["form"] == "operation" and row["role"] in ("convolution", "subsample"):
        return row[part]["name"] not in row["parameters"]
    # Scopes of slim give pools their strides.
    return not row["parameters"] or (part == "stride" and row["path"].startswith("tf_slim.") and "pool" in row["role"])


def is_same(default, fallback, kernel):
    # What has to be given, in one release, is never left to its default.
    if default is NOTHING:
        return True
    if fallback == "kernel":
        return default is None or (kernel is not None and default == kernel["fallback"])
    if fallback is None:
        return default in (NOTHING, None, "")
    if isinstance(default, (tuple, list)):
        return all(one == fallback for one in default)
    # A layer that is told nothing keeps every sample.
    return default == fallback or (default is None and fallback == 1)


def main():
    rows = json.load(open(sys.argv[1]))
    sources = Sources(sys.argv[2] if len(sys.argv) > 2 else None)
    counts, absent = {}, []
    for row in rows:
        package = row["path"].split(".")[0]
        way, signature = "installed", None
        for path in row["paths"]:
            signature = signature or installed_signature(path)
        if signature is None and module_of(package) is None:
            way = "read"
            for path in row["paths"]:
                signature = signature or sources.signature(path)
        if signature is None:
            absent.append(row["path"])
            continue
        counts[package, way] = counts.get((package, way), 0) + 1
        said = faults(row, signature)
        check(f"{row['path']} {'; '.join(said)}", not said)
    for (package, way), count in sorted(counts.items()):
        print(f"{package}: {count} rows held against the {'installed package' if way == 'installed' else 'sources'}.")
    known = {package for package, _ in counts}
    others = sorted({path.split(".")[0] for path in absent} - known)
    print(f"Not at hand: {', '.join(others) or 'none'}.")
    print(f"Not in these releases: {', '.join(path for path in absent if path.split('.')[0] in known) or 'none'}.")
    finish()


main()
