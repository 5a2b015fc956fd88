import type { CircularModel, TensorBatch } from '../../core/equivariance/walk/circular-model';
import type { MeasurePlan } from '../../core/equivariance/plan/measure-plan';
import type { ReadModel } from '../input/read-model';
import type { RunOutput } from '../protocol/payload';

/** A runtime that executes models of one format. It takes no decision about a measurement: those are in the plan. */
export interface Engine {
  /** Which runtime runs and why, as shown to people: `tfjs WASM (tfjs-node is not installed)`. Final once models have run. */
  readonly backend: string;
  /** Each holds the weights of every opened model. */
  readonly threads: number;
  /** Whether it gave up a graphics card on the way: the next call is to try that again. */
  readonly hasFallenBack?: boolean;
  /**
   * Opens a model under the circular protocol, out of what reading it has decoded.
   * @param beside an opened model that stays open longer: its threads serve for this one too
   * @throws ModelError
   */
  openCircular(model: ReadModel, plan: MeasurePlan, beside?: CircularModel): Promise<CircularModel>;
  /** The same for a few single images, without starting whatever makes many faster; `openCircular` serves where it is missing. */
  readonly openBriefly?: (model: ReadModel, plan: MeasurePlan) => Promise<CircularModel>;
  /** What is to be said of how models ran since this was asked last, as full sentences: kernels of another backend, lowered versions. */
  readonly notesOfRun: () => readonly string[];
  /** Runs the unchanged model once on `feeds`, by input name. @throws ModelError */
  run(model: ReadModel, feeds: ReadonlyMap<string, TensorBatch>): Promise<readonly RunOutput[]>;
}
