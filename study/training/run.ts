import { buildNetwork } from '../network/networks';
import type { DataSet } from '../data/data-set';
import type { Condition, Settings } from '../settings';
import { testNetwork, type TestResult } from './test';
import { train } from './train';

/** A finished run. */
export interface Run extends Condition, TestResult {
  /** Mean cross-entropy of the last epoch. */
  readonly trainingLoss: number;
  readonly seconds: number;
  /** What ran it. */
  readonly backend: string;
}

/** Trains and tests one network from scratch. */
export async function runCondition(condition: Condition, settings: Settings, data: DataSet, backend: string): Promise<Run> {
  const begin = performance.now();
  const { network, blur, seed } = condition;
  const model = buildNetwork(network, settings.sizes, blur === 'none' ? undefined : blur, seed);
  const trainingLoss = await train(model, data.training, condition, settings);
  const result = testNetwork(model, data.test, settings.pairs);
  model.dispose();
  return { ...condition, ...result, trainingLoss, seconds: (performance.now() - begin) / 1000, backend };
}
