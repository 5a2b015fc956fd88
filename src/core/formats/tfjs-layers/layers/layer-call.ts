import { t } from '@vscode/l10n';
import type { AxisFlow, Dimension, Layout, Operation, Shape } from '../../../graph/model-graph';
import type { JsonObject } from '../../tfjs/json';

/** What a builder is given: one call of a layer. */
export interface LayerCall {
  readonly className: string;
  readonly config: JsonObject;
  /** Shapes of what the call reads; a model input's own shape where it reads nothing. */
  readonly inputs: readonly Shape[];
  readonly layout: Layout;
}

/** What a layer does and the shape of what it gives. */
export interface BuiltLayer {
  readonly operation: Operation;
  readonly shape: Shape;
  readonly axisFlow?: AxisFlow;
  /** True where the operation is that of one step of a sequence, and the shape has the axis of steps. */
  readonly isOverTime?: boolean;
  /** Why it cannot be rewritten, read on after "because". */
  readonly sealed?: string;
}

/** Knowledge of one layer class. */
export type LayerBuilder = (call: LayerCall) => BuiltLayer;

/** A spatial tensor's shape taken apart. */
export interface Positions {
  readonly batch: Dimension;
  readonly channels: Dimension;
  /** One entry per spatial axis. */
  readonly size: readonly Dimension[];
}

/** Takes a shape apart; undefined where it is unknown or has no spatial axis. */
export function splitShape(shape: Shape, layout: Layout): Positions | undefined {
  if (shape === undefined || shape.length < 3) return undefined;
  const [batch = null, ...rest] = shape;
  return layout === 'channels-first'
    ? { batch, channels: rest[0] ?? null, size: rest.slice(1) }
    : { batch, channels: rest.at(-1) ?? null, size: rest.slice(0, -1) };
}

/** Puts a shape together again. */
export function joinShape({ batch, channels, size }: Positions, layout: Layout): Shape {
  return layout === 'channels-first' ? [batch, channels, ...size] : [batch, ...size, channels];
}

/** Shape of a layer that reads one map of `axes` spatial axes and changes some of its lengths; any other input gives an unknown shape. */
export function changedShape(call: LayerCall, axes: number, change: (positions: Positions) => Partial<Positions>): Shape {
  const positions = splitShape(call.inputs[0], call.layout);
  if (positions?.size.length !== axes) return undefined;
  return joinShape({ ...positions, ...change(positions) }, call.layout);
}

/** Index of the axis that holds the channels in a tensor of that rank. */
export function channelAxis(layout: Layout, rank: number): number {
  return layout === 'channels-first' ? 1 : rank - 1;
}

/** A layer that nobody can judge, for a reason that reads on after "because". */
export function opaque(reason: string, shape?: Shape): BuiltLayer {
  return { operation: { kind: 'opaque', reason }, shape };
}

/** A layer whose configuration lacks what its class needs. */
export function incomplete({ className, config }: LayerCall): BuiltLayer {
  const name = config['name'];
  return opaque(
    typeof name === 'string'
      ? t`the configuration of "${name}" is not one of a ${className}`
      : t`the configuration of a layer is not one of a ${className}`,
  );
}
