import { t } from '@vscode/l10n';
import type { Dataflow } from '../../graph/dataflow';
import { labelOf } from '../../graph/layer-labels';
import type { AxisPair, Layer, ModelGraph } from '../../graph/model-graph';
import { mapSize } from '../../graph/period';
import type { CircularPadding, CircularResampling } from '../contracts';
import type { CircularState, SpatialState } from './circular-state';

/** What the circular protocol makes of every tensor and window layer. */
export interface CircularPropagation {
  readonly states: ReadonlyMap<string, CircularState>;
  readonly circularPadding: ReadonlyMap<string, CircularPadding>;
  readonly circularResampling: ReadonlyMap<string, CircularResampling>;
  readonly foldedPads: ReadonlySet<string>;
  /** Window layers whose missing samples are supplied by wrapping. */
  readonly wrapped: readonly string[];
}

/** A propagation that grows layer by layer, and what its rules look up. */
export interface GrowingPropagation extends CircularPropagation {
  readonly graph: ModelGraph;
  readonly flow: Dataflow;
  /** Image size; undefined in a first pass that only collects periods, where nothing depends on sizes. */
  readonly size: AxisPair | undefined;
  readonly states: Map<string, CircularState>;
  readonly circularPadding: Map<string, CircularPadding>;
  readonly circularResampling: Map<string, CircularResampling>;
  readonly foldedPads: Set<string>;
  readonly wrapped: string[];
  /** Whether a tensor is read as a map, where that was asked before. */
  readonly readAsMaps: Map<string, boolean>;
}

/** Height and width of a map; undefined while sizes are not known. */
export function sizeOf({ size }: Pick<GrowingPropagation, 'size'>, { stride }: SpatialState): AxisPair | undefined {
  return size && mapSize(size, stride);
}

/** The state of a layer that cannot be followed. @param clause what it does, to stand behind its name */
export function omitted(layer: Layer, clause: string): CircularState {
  return { kind: 'omitted', reason: t`Layer "${labelOf(layer)}" (${layer.op}) ${clause}.` };
}

/** The state of a layer that reads a padded map and is no window that could take the padding over. */
export function paddedForNobody(layer: Layer): CircularState {
  return omitted(layer, t('reads a padded map without being a window layer, so the padding cannot be replaced by wrapping'));
}
