import { t } from '@vscode/l10n';
import type { CircularModel, RunLimits, SummedRun } from '../../../core/equivariance/walk/circular-model';
import { gpuRunLimits } from '../devices/gpu-limits';
import type { Batches } from '../one-by-one';
import type { SummingModel } from './level-results';
import type { TensorFlow } from './tensorflow';

/** What TensorFlow.js calls its GPU backend. */
export const webGpu = 'webgpu';

/**
 * Works on a backend of TensorFlow.js, which has one at a time, and goes back to the one before. Tensors stay with the backend that they
 * were made on.
 */
export async function onBackend<Result>(tf: TensorFlow, name: string, work: () => Promise<Result>): Promise<Result> {
  const before = tf.getBackend();
  try {
    // A backend that fails to start answers false, or is replaced silently.
    if (!(await tf.setBackend(name)) || tf.getBackend() !== name) throw new Error(t`the backend ${name} did not start`);
    return await work();
  } finally {
    if (before !== '') await tf.setBackend(before);
  }
}

/** A model that runs on the GPU backend, whichever is in use around its runs. */
export class WebGpuModel implements CircularModel {
  readonly runLimits: RunLimits = gpuRunLimits;

  private constructor(
    private readonly tf: TensorFlow,
    private readonly own: SummingModel,
  ) {}

  /** @param open opens the model, whose weights lie on the card from then on */
  static async open(tf: TensorFlow, open: () => Promise<SummingModel>): Promise<WebGpuModel> {
    return new WebGpuModel(tf, await onBackend(tf, webGpu, open));
  }

  runLevel(level: number, feeds: Batches): Promise<Batches> {
    return onBackend(this.tf, webGpu, () => this.own.runLevel(level, feeds));
  }

  readonly runSums: SummedRun = (level, feeds, wanted) => onBackend(this.tf, webGpu, () => this.own.sumLevel(level, feeds, wanted));

  dispose(): Promise<void> {
    return onBackend(this.tf, webGpu, () => this.own.dispose());
  }
}
