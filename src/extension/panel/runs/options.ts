import { parsePreprocessing, type WantedPreprocessing } from '../../../core/input/preprocessing';
import type { AxisPair } from '../../../core/graph/model-graph';
import { wantedSize } from '../inputs/wanted-size';
import type { RunMaterial } from './material';

/** What every call of the engine takes of the choices and the settings. */
export interface EngineOptions {
  readonly memoryBudgetBytes: number;
  /** Guessed from the model without it. */
  readonly preprocessing?: WantedPreprocessing;
  /** Image size where the model leaves it open. */
  readonly size?: AxisPair;
}

/** The choices as the engine takes them. */
export function engineOptions({ choices, settings }: Pick<RunMaterial, 'choices' | 'settings'>): EngineOptions {
  const { preprocessing } = choices;
  const { memoryBudgetBytes } = settings;
  const size = wantedSize(choices, settings);
  const wanted = preprocessing === null ? undefined : parsePreprocessing(preprocessing);
  return { memoryBudgetBytes, ...(wanted !== undefined && { preprocessing: wanted }), ...(size !== undefined && { size }) };
}
