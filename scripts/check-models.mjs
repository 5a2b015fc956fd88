import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { root } from './root.mjs';

/**
 * Exports architectures of timm and torchvision to ONNX by both exporters of PyTorch, lints and fixes each, and runs the original, the one
 * fixed with the identity and the one fixed with Tri-3 in ONNX Runtime at two sizes. `SHIFTLINT_PYTHON` is an interpreter with torch,
 * torchvision, timm, onnx, onnxscript and onnxruntime. Names of architectures may be given, as in `timm:resnet18`, and
 * `--exporters torchscript,dynamo`. Prints a table of what is missed; exits with 1 where there is anything.
 */
const python = process.env['SHIFTLINT_PYTHON'] ?? 'python3';
const { status, error } = spawnSync(
  python,
  [path.join(root, 'scripts/check_models/check.py'), path.join(root, 'scripts/shiftlint.mjs'), ...process.argv.slice(2)],
  { stdio: 'inherit' },
);
if (error !== undefined) console.error(`"${python}" could not be started (${error.message}): name an interpreter by SHIFTLINT_PYTHON.`);
process.exitCode = status ?? 2;
