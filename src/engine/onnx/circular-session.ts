import type { InferenceSession } from 'onnxruntime-node';
import type { CircularModel } from '../../core/equivariance/circular-model';
import { ModelError } from '../../core/formats/format';
import type { CircularOnnx } from '../../core/formats/onnx/circular';
import { LevelRunner, type Batches } from '../one-by-one';
import type { ModelPayload } from '../protocol';
import type { LoadedRuntime } from './runtime';
import { sessionOptions } from './session-options';
import { toBatch, toTensor } from './tensor-exchange';

/** An ONNX model under the circular protocol: one session per level, made when the level is first run. */
export class CircularSession implements CircularModel {
  private readonly sessions = new Map<number, InferenceSession>();
  private readonly runner = new LevelRunner((level, feeds) => this.run(level, feeds));

  constructor(
    private readonly loaded: LoadedRuntime,
    private readonly model: ModelPayload,
    private readonly circular: CircularOnnx,
  ) {}

  runLevel(level: number, feeds: Batches): Promise<Batches> {
    return this.runner.runLevel(level, feeds);
  }

  async dispose(): Promise<void> {
    const sessions = [...this.sessions.values()];
    this.sessions.clear();
    for (const session of sessions) await session.release();
  }

  private async session(level: number): Promise<InferenceSession> {
    const open = this.sessions.get(level);
    if (open !== undefined) return open;
    const { bytes, externalLocations } = this.circular.level(level);
    const options = await sessionOptions(this.model, externalLocations, this.loaded.readsFolders);
    const session = await refusing(this.model, () => this.loaded.runtime.InferenceSession.create(bytes, options));
    this.sessions.set(level, session);
    return session;
  }

  private async run(level: number, feeds: Batches): Promise<Batches> {
    const session = await this.session(level);
    const tensors = Object.fromEntries([...feeds].map(([name, batch]) => [name, toTensor(this.loaded.runtime, batch)]));
    const results = await refusing(this.model, () => session.run(tensors));
    return new Map(session.outputNames.map((name) => [name, toBatch(name, results[name])]));
  }
}

/** The runtime reports what it cannot do by plain errors of several lines: the first becomes one sentence. */
export async function refusing<T>(model: ModelPayload, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ModelError) throw error;
    const [cause = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    throw new ModelError('unsupported', `ONNX Runtime cannot run "${model.path}": ${cause.trim().replace(/\.$/, '')}.`);
  }
}
