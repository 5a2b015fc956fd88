import { t } from '@vscode/l10n';
import { requireWithin } from '../../../limits';
import { ModelError } from '../../../model-error';
import { isJsonArray, isJsonObject, stringAt, type Json, type JsonObject } from '../../tfjs/json';
import { parseModelJson } from '../../tfjs/model-text';
import { parseInput, tensorName, type GraphNode } from './node';

/** A graph-model as its JSON says it, before shapes. */
export interface GraphDef {
  /** The whole document. */
  readonly root: JsonObject;
  /** In file order, which need not be topological. */
  readonly nodes: readonly GraphNode[];
  /** Exporter, for example `2.3.0`. */
  readonly producer: string;
  /** Tensors that the signature names; undefined where there is no signature. */
  readonly signature: Signature | undefined;
  readonly weightsManifest: Json | undefined;
}

/** What goes in and comes out, by tensor names in the signature's order. */
export interface Signature {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

/** Parses a model.json. @throws ModelError `truncated`, `malformed` or `too-large` */
export function parseGraphDef(text: string, path: string): GraphDef {
  const { root, topology } = parseModelJson(text, path, 'graph-model');
  const nodes = topology['node'];
  if (!isJsonArray(nodes)) throw new ModelError('malformed', t`"${path}" is no valid graph-model: its topology has no list of nodes.`);
  requireWithin('nodes', nodes.length, path);
  return {
    root,
    nodes: nodes.map((node, index) => parseNode(node, index, path)),
    producer: [stringAt(root, 'convertedBy'), tensorFlowVersion(root)].filter((part) => part !== undefined).join(', '),
    signature: signatureOf(root),
    weightsManifest: root['weightsManifest'],
  };
}

function parseNode(value: Json, index: number, path: string): GraphNode {
  const name = isJsonObject(value) ? stringAt(value, 'name') : undefined;
  const op = isJsonObject(value) ? stringAt(value, 'op') : undefined;
  if (!isJsonObject(value) || name === undefined || op === undefined) {
    throw new ModelError('malformed', t`"${path}" is no valid graph-model: node ${index} of its topology has no name or no operator.`);
  }
  const input = value['input'] ?? [];
  if (!isJsonArray(input) || !input.every((entry) => typeof entry === 'string')) {
    throw new ModelError('malformed', t`"${path}" is no valid graph-model: the inputs of node "${name}" are no list of names.`);
  }
  requireWithin('nameLength', name.length, path);
  requireWithin('tensorsPerNode', input.length, path);
  const attributes = value['attr'];
  return {
    name,
    op,
    inputs: input.flatMap((entry, place) => parseInput(entry, place) ?? []),
    attributes: isJsonObject(attributes) ? attributes : {},
    index,
  };
}

function tensorFlowVersion(root: JsonObject): string | undefined {
  const version = stringAt(root, 'generatedBy');
  return version === undefined ? undefined : /^\d/.test(version) ? `TensorFlow ${version}` : version;
}

/** At the top, or where older converters wrote it. */
function signatureOf(root: JsonObject): Signature | undefined {
  const metadata = root['userDefinedMetadata'];
  const signature = root['signature'] ?? (isJsonObject(metadata) ? metadata['signature'] : undefined);
  if (!isJsonObject(signature) || !isJsonObject(signature['outputs'])) return undefined;
  return { inputs: namesOf(signature['inputs']), outputs: namesOf(signature['outputs']) };
}

/** An entry's tensor; an entry that names none is called like it. */
function namesOf(entries: Json | undefined): readonly string[] {
  if (!isJsonObject(entries)) return [];
  return Object.entries(entries).flatMap(([key, entry]) => {
    const input = isJsonObject(entry) ? parseInput(stringAt(entry, 'name') ?? key, 0) : undefined;
    return input === undefined ? [] : [tensorName(input.node, input.output)];
  });
}
