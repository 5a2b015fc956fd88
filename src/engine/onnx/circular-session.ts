import type { InferenceSession } from 'onnxruntime-node';
import type { CircularModel, TensorBatch } from '../../core/equivariance/circular-model';
import { ModelError } from '../../core/formats/format';
import type { CircularOnnx } from '../../core/formats/onnx/circular';
import type { ModelPayload } from '../protocol';
import type { LoadedRuntime } from './runtime';
import { sessionOptions } from './session-options';
import { toBatch, toTensor } from './tensor-exchange';

type Batches = ReadonlyMap<string, TensorBatch>;

/** An ONNX model under the circular protocol: one session per level, made when the level is first run. */
export class CircularSession implements CircularModel {
  private readonly sessions = new Map<number, InferenceSession>();
  /** Levels found to fix their batch size (a Reshape to a constant shape): their images are run one by one. */
  private readonly unbatched = new Set<number>();

  constructor(
    private readonly loaded: LoadedRuntime,
    private readonly model: ModelPayload,
    private readonly circular: CircularOnnx,
  ) {}

  async runLevel(level: number, feeds: Batches): Promise<Batches> {
    const session = await this.session(level);
    const batch = batchSize(feeds);
    if (batch > 1 && !this.unbatched.has(level)) {
      const together = await this.runTogether(session, feeds, batch);
      if (together !== undefined) return together;
      this.unbatched.add(level);
    }
    return batch === 1 ? await this.run(session, feeds) : await this.runOneByOne(session, feeds, batch);
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

  /** Undefined where the level does not take a batch: it fails, or its results are not one per image. */
  private async runTogether(session: InferenceSession, feeds: Batches, batch: number): Promise<Batches | undefined> {
    try {
      const fetched = await this.run(session, feeds);
      return [...fetched.values()].every(({ dims }) => dims[0] === batch) ? fetched : undefined;
    } catch (error) {
      if (error instanceof ModelError) return undefined;
      throw error;
    }
  }

  private async runOneByOne(session: InferenceSession, feeds: Batches, batch: number): Promise<Batches> {
    const joined = new Map<string, { data: Float32Array; dims: readonly number[] }>();
    for (let index = 0; index < batch; index++) {
      const single = new Map([...feeds].map(([name, { data, dims }]) => {
        const length = data.length / batch;
        return [name, { data: data.subarray(index * length, (index + 1) * length), dims: [1, ...dims.slice(1)] }] as const;
      }));
      for (const [name, { data, dims }] of await this.run(session, single)) {
        const target = joined.get(name) ?? { data: new Float32Array(data.length * batch), dims: [batch, ...dims.slice(1)] };
        target.data.set(data, index * data.length);
        joined.set(name, target);
      }
    }
    return joined;
  }

  private async run(session: InferenceSession, feeds: Batches): Promise<Batches> {
    const tensors = Object.fromEntries([...feeds].map(([name, batch]) => [name, toTensor(this.loaded.runtime, batch)]));
    const results = await refusing(this.model, () => session.run(tensors));
    return new Map(session.outputNames.map((name) => [name, toBatch(name, results[name])]));
  }
}

function batchSize(feeds: Batches): number {
  const [first] = feeds.values();
  return first?.dims[0] ?? 1;
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
