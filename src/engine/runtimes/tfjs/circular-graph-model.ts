import type { GraphModel, io, Tensor } from '@tensorflow/tfjs';
import type { SummedLevel, TensorBatch, WantedOfLevel } from '../../../core/equivariance/walk/circular-model';
import type { MeasurePlan } from '../../../core/equivariance/plan/measure-plan';
import { otherLayout } from '../../../core/graph/layout';
import type { Layer } from '../../../core/graph/model-graph';
import { levelSource, type LevelSource } from '../../../core/formats/tfjs-graph/level/level-source';
import { writeLevel, type LevelGraph } from '../../../core/formats/tfjs-graph/level/write-level';
import { decodedGraphModel } from '../../../core/formats/tfjs-graph/open';
import { batchSize, LevelRunner, type Batches } from '../one-by-one';
import { summedLevel } from '../summed-results';
import type { ReadModel } from '../../input/read-model';
import { turnedBatch } from '../../input/turned-batch';
import { firstFailing } from './failed-layer';
import { readArtifacts } from './load-model';
import { refusing } from './runtime-error';
import { LevelResults, type SummingModel } from './level-results';
import { levelArtifacts } from './level-weights';
import type { TensorFlow } from './tensorflow';
import { toTensor } from './tensor-exchange';

/** A level as it runs. */
interface OpenLevel {
  readonly model: GraphModel;
  readonly graph: LevelGraph;
}

/** A graph-model under the circular protocol: one small graph-model per level, made when the level is first run. */
export class CircularGraphModel implements SummingModel {
  private readonly levels = new Map<number, OpenLevel>();
  private readonly runner = new LevelRunner(
    (level, feeds, wanted: WantedOfLevel | undefined) => this.run(level, feeds, wanted),
    (level) => this.plan.levels[level]?.batchable !== false,
  );
  private readonly source: LevelSource;

  private constructor(
    private readonly tf: TensorFlow,
    private readonly read: ReadModel,
    private readonly plan: MeasurePlan,
    private readonly artifacts: io.ModelArtifacts,
  ) {
    this.source = levelSource(decodedGraphModel(read.opened), read.graph, plan, read.payload.path);
  }

  /** @throws ModelError where a shard is missing */
  static async open(tf: TensorFlow, read: ReadModel, plan: MeasurePlan): Promise<CircularGraphModel> {
    return new CircularGraphModel(tf, read, plan, await readArtifacts(read.opened));
  }

  async runLevel(level: number, feeds: Batches): Promise<Batches> {
    return summedLevel(await this.runner.runLevel(level, feeds, undefined), []).maps;
  }

  async sumLevel(level: number, feeds: Batches, wanted: WantedOfLevel): Promise<SummedLevel> {
    return summedLevel(await this.runner.runLevel(level, feeds, wanted), wanted.references.keys());
  }

  dispose(): Promise<void> {
    for (const { model } of this.levels.values()) model.dispose();
    this.levels.clear();
    return Promise.resolve();
  }

  private async run(index: number, feeds: Batches, wanted: WantedOfLevel | undefined): Promise<LevelResults['given']> {
    const { model, graph } = await this.open(index);
    const fetches = [...(this.plan.levels[index]?.fetches ?? [])];
    const inputs = new Map<string, Tensor>();
    for (const [tensor, batch] of feeds)
      inputs.set(graph.placeholders.get(tensor) ?? tensor, toTensor(this.tf, this.inFile(tensor, batch)));
    let results: readonly Tensor[] = [];
    try {
      const execute = (tensors: string[]): readonly Tensor[] => [model.execute(Object.fromEntries(inputs), tensors)].flat();
      results = await refusing(
        this.read.payload,
        () => execute(fetches),
        // What fails on a batch is run image by image first.
        () => (batchSize(feeds) === 1 ? firstFailing(this.layersOf(index, graph), execute) : undefined),
      );
      const taken = new LevelResults(this.tf, wanted);
      for (const [place, tensor] of results.entries()) {
        const name = fetches[place] ?? '';
        await taken.take(name, tensor, this.isTurned(name) ? (batch) => turnedBatch(batch, this.read.graph.layout) : undefined);
      }
      return taken.given;
    } finally {
      for (const tensor of [...inputs.values(), ...results]) tensor.dispose();
    }
  }

  /** A batch with its channels where the file has them. */
  private inFile(tensor: string, batch: TensorBatch): TensorBatch {
    return this.isTurned(tensor) ? turnedBatch(batch, otherLayout(this.read.graph.layout)) : batch;
  }

  private isTurned(tensor: string): boolean {
    return this.read.graph.tensors.get(tensor)?.turned === true;
  }

  /** Layers of a level that are nodes of its graph. */
  private layersOf(index: number, { nodes }: LevelGraph): readonly Layer[] {
    const run = new Set(this.plan.levels[index]?.layers);
    const spelt = new Set(nodes.map(({ name }) => name));
    return this.read.graph.layers.filter(({ name }) => run.has(name) && spelt.has(name));
  }

  private async open(index: number): Promise<OpenLevel> {
    const known = this.levels.get(index);
    if (known !== undefined) return known;
    const graph = writeLevel(this.source, index);
    const artifacts = levelArtifacts(this.artifacts, graph);
    const model = await refusing(this.read.payload, () => this.tf.loadGraphModel({ load: () => Promise.resolve(artifacts) }));
    const opened = { model, graph };
    this.levels.set(index, opened);
    return opened;
  }
}
