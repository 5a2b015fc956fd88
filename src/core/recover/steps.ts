import { t } from '@vscode/l10n';
import { labelOf, namedLayer, type NamedLayer } from '../graph/layer-labels';
import type { Layer, ModelGraph } from '../graph/model-graph';
import type { ExplicitPadding } from '../graph/window';
import type { LinearLayer, LinearLookup } from './linear-layer';

/** Which layers are solved: all that lie behind a blur, or only the first ones, which read its map. */
export type RecoveryReach = 'all' | 'next';

/** A layer to solve. */
export interface RecoveryStep {
  /** Its place among the steps, from 0 on. Unlike a name it is the same in every format that the network is written in. */
  readonly ordinal: number;
  readonly linear: LinearLayer;
  /** What it reads in the fixed model, and in the original. */
  readonly fixedInput: string;
  readonly originalInput: string;
  readonly original: Layer;
  readonly fixed: Layer;
  /** Samples at the sides of what it gives that nothing reads, per axis. */
  readonly unread: ExplicitPadding | undefined;
}

/** A layer behind a blur that keeps its weights, with the reason as a full sentence. */
export interface LeftLayer extends NamedLayer {
  readonly reason: string;
}

/** What there is to recover. */
export interface RecoverySteps {
  /** In the fixed model's order. */
  readonly steps: readonly RecoveryStep[];
  readonly left: readonly LeftLayer[];
}

/** A model before and after a fix. */
export interface FixedModel {
  readonly original: ModelGraph;
  readonly fixed: ModelGraph;
  /** Tells the linear layers of the fixed model. */
  readonly linear: LinearLookup;
  /** Samples at the sides of layers' outputs that nothing reads since the fix, by layer. */
  readonly unread: ReadonlyMap<string, ExplicitPadding>;
}

/**
 * Finds the linear layers behind what a fix has changed. Layers in front of the first change are never among them: they compute
 * what they did.
 */
export function recoverySteps({ original, fixed, linear, unread }: FixedModel, reach: RecoveryReach): RecoverySteps {
  const before = new Map(original.layers.map((layer) => [layer.name, layer]));
  const states = new Map<string, TensorState>();
  const steps: RecoveryStep[] = [];
  const left: LeftLayer[] = [];
  for (const layer of fixed.layers) {
    const read = layer.inputs.map((tensor) => states.get(tensor) ?? untouched);
    const isBehind = read.some(({ isChanged }) => isChanged);
    const counterpart = before.get(layer.name);
    const solvable = isBehind && counterpart !== undefined ? linear(layer) : undefined;
    const isFresh = read.some((state) => state.isFresh);
    if (solvable !== undefined && counterpart !== undefined && (reach === 'all' || isFresh)) {
      if ('reason' in solvable)
        left.push({ ...namedLayer(layer), reason: t`"${labelOf(layer)}" keeps its weights, because ${solvable.reason}.` });
      else
        steps.push({
          ordinal: steps.length,
          linear: solvable,
          fixedInput: layer.inputs[0] ?? '',
          originalInput: counterpart.inputs[0] ?? '',
          original: counterpart,
          fixed: layer,
          unread: unread.get(layer.name),
        });
    }
    const isNew = counterpart === undefined || !isSame(layer, counterpart);
    const state = { isChanged: isBehind || isNew, isFresh: isNew || (isFresh && solvable === undefined) };
    for (const tensor of layer.outputs) states.set(tensor, state);
  }
  return { steps, left };
}

/** Of a tensor, held against the original's of the same place. */
interface TensorState {
  readonly isChanged: boolean;
  /** Changed, and no linear layer has read it yet. */
  readonly isFresh: boolean;
}

const untouched: TensorState = { isChanged: false, isFresh: false };

/** Whether a fix left a layer as it was: its kind and its window. */
function isSame(layer: Layer, counterpart: Layer): boolean {
  if (layer.op !== counterpart.op || layer.operation.kind !== counterpart.operation.kind) return false;
  if (!('window' in layer.operation) || !('window' in counterpart.operation)) return true;
  const [now, then] = [layer.operation.window, counterpart.operation.window];
  return now.stride.every((step, axis) => step === then.stride[axis]);
}
