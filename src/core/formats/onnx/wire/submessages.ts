import { checkWithin } from '../../../limits';
import { attributeField, functionField, graphField, modelField, nodeField, sparseTensorField } from './schema';

/** Kinds of messages in an ONNX file that lie on the way to its tensors. */
export type MessageKind = 'model' | 'function' | 'graph' | 'node' | 'attribute' | 'sparseTensor' | 'tensor';

/** Which fields of a message hold messages that are tensors or have such in them, and of what kind these are. */
export const submessages: Readonly<Record<MessageKind, ReadonlyMap<number, MessageKind>>> = {
  model: new Map([
    [modelField.graph, 'graph'],
    [modelField.functions, 'function'],
  ]),
  function: new Map([
    [functionField.node, 'node'],
    [functionField.attributeDefault, 'attribute'],
  ]),
  graph: new Map([
    [graphField.node, 'node'],
    [graphField.initializer, 'tensor'],
    [graphField.sparseInitializer, 'sparseTensor'],
  ]),
  node: new Map([[nodeField.attribute, 'attribute']]),
  attribute: new Map([
    [attributeField.tensor, 'tensor'],
    [attributeField.tensors, 'tensor'],
    [attributeField.graph, 'graph'],
    [attributeField.graphs, 'graph'],
    [attributeField.sparseTensor, 'sparseTensor'],
    [attributeField.sparseTensors, 'sparseTensor'],
  ]),
  sparseTensor: new Map([
    [sparseTensorField.values, 'tensor'],
    [sparseTensorField.indices, 'tensor'],
  ]),
  tensor: new Map(),
};

/** Where a walk over a file's messages stands: how many graphs are around, how many nodes it has met, which files hold values. */
export class MessageWalk {
  /** Names of files beside the model in which tensors keep their values. */
  readonly weightFiles = new Set<string>();
  private depth = 0;
  private nodes = 0;

  get nodeCount(): number {
    return this.nodes;
  }

  /** Notes that a message begins, before anything of it is read. @throws LimitError where graphs nest too deep or nodes are too many */
  enter(kind: MessageKind): void {
    if (kind === 'graph') checkWithin('modelNesting', ++this.depth);
    else if (kind === 'node') checkWithin('nodes', ++this.nodes);
  }

  /** Notes that a message ends. */
  leave(kind: MessageKind): void {
    if (kind === 'graph') this.depth--;
  }
}
