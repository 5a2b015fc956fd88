import { t } from '@vscode/l10n';
import { labelOf } from '../../../core/graph/layer-labels';
import type { ModelGraph } from '../../../core/graph/model-graph';
import { ModelError } from '../../../core/model-error';

/** Longer causes are cut: what matters stands first. */
const longestCause = 240;

/** What ONNX Runtime says of a node: its name, its operator, and the cause, in any order. */
const ofNode: readonly RegExp[] = [
  /while running (?<op>\w+) node\. Name:'(?<name>[^']*)' Status Message: (?<cause>[^]*)/,
  /In Node, \("(?<name>[^"]*)", (?<op>\w+),[^]*?\) ?, Error (?<cause>[^]*)/,
  /(?<cause>Type '[^']*' of (?:in|out)put parameter \([^)]*\) of operator \((?<op>\w+)\) in node) \((?<name>[^)]*)\)/,
];

/**
 * An error of ONNX Runtime as one sentence that names the layer where the runtime does: files, lines and signatures of its C++ code tell
 * a user nothing.
 */
export function runtimeError(path: string, graph: Pick<ModelGraph, 'layers'>, error: unknown): ModelError {
  const message = error instanceof Error ? error.message : String(error);
  // The WASM build loads its kernels with the first model: that they are damaged or missing is not the model's fault.
  if (message.startsWith('no available backend found'))
    return new ModelError('unsupported', t('The WASM build of ONNX Runtime did not start: install Shiftlint again.'));
  const found = ofNode.map((pattern) => pattern.exec(message)?.groups).find((groups) => groups !== undefined);
  const cause = plainCause(found?.['cause'] ?? message);
  const foreign = /(?<op>\w+)\(-?\d+\) is not a registered function\/op/.exec(message)?.groups?.['op'];
  const ofOperator = graph.layers.find(({ op }) => op === foreign);
  const node = found?.['name'] ?? ofOperator?.name;
  const told =
    node === undefined
      ? t`ONNX Runtime cannot run "${path}": ${cause}.`
      : t`ONNX Runtime cannot run layer ${layerText(graph, node, found?.['op'] ?? '')} of "${path}": ${cause}.`;
  return new ModelError('unsupported', told, { cause: error });
}

/** The layer that a node of a session is; the runtime names fused nodes after what they write. */
function layerText({ layers }: Pick<ModelGraph, 'layers'>, node: string, op: string): string {
  const name = node.replace(/_nchwc$/, '');
  const layer = layers.find((candidate) => candidate.name === name) ?? layers.find(({ outputs }) => outputs.includes(name));
  return layer === undefined ? `"${node}" (${op})` : `"${labelOf(layer)}" (${layer.op})`;
}

/** The first sentence that is about the model, without what stands in front of it. */
function plainCause(message: string): string {
  const text = withoutSource(message.replace(/\s+/g, ' ').trim())
    .replace(/^(?:This is an invalid model\. |Fatal error: |Invalid model\. |Type Error: )+/i, '')
    .replace(/^[^.]*? was false\.? ?/, '');
  const [first = ''] = text.split(/(?<=[^.\d])\.(?= [A-Z]|$)/, 1);
  const cause = first.length > longestCause ? `${first.slice(0, longestCause)}…` : first;
  return cause === '' ? t('it failed a check of its own without saying why') : cause;
}

/** Takes away `file.cc:12 ns::Class::function(const Type&) const`. */
function withoutSource(message: string): string {
  const place = /^\S+\.(?:cc|cpp|h|hpp|cu):\d+ /.exec(message);
  if (place === null) return message;
  const rest = message.slice(place[0].length);
  const end = closingParenthesis(rest);
  return end === undefined || !rest.slice(0, end).includes('::')
    ? rest
    : rest
        .slice(end + 1)
        .replace(/^ const\b/, '')
        .trim();
}

/** Where the first parenthesis of a text is closed. */
function closingParenthesis(text: string): number | undefined {
  let depth = 0;
  for (let index = text.indexOf('('); index >= 0 && index < text.length; index++) {
    if (text[index] === '(') depth++;
    else if (text[index] === ')' && --depth === 0) return index;
  }
  return undefined;
}
