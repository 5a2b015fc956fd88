import { readFile } from 'node:fs/promises';
import { topClass } from '../core/consistency/class-map';
import { imageRow, type FailedImage, type ImageRow } from '../core/consistency/image-row';
import { drawShiftPairs, largestShift } from '../core/consistency/shift-pairs';
import type { CancellationProbe, CircularModel } from '../core/equivariance/circular-model';
import { shiftedPhase, type Phase } from '../core/equivariance/phases';
import type { MeasurePlan } from '../core/equivariance/measure-plan';
import { joinBatches } from '../core/equivariance/deployed';
import { classScores, deployedPlan, outputOnly } from '../core/equivariance/output-plan';
import { openSize, planMeasurement } from '../core/equivariance/plan';
import { measureEquivariance } from '../core/equivariance/polyphase';
import { ModelError } from '../core/formats/format';
import type { AxisPair, ModelGraph } from '../core/graph/model-graph';
import { choosePreprocessing, type Preprocessing } from '../core/input/preprocessing';
import { cropOf, prepareCanvas, prepareInput } from './input/input';
import { fromBatch, toBatch } from './input/planes';
import type { Plane } from './input/resample';
import type { ClassifyOptions, ClassifySettings, EngineEvent, EngineRequest, ImageFile, Protocol } from './protocol';
import { budgetForMaps, engineFor, nextTurn, readModel } from './resources';

type ClassifyRequest = Extract<EngineRequest, { kind: 'classify' }>;
type Emit = (event: EngineEvent) => void;

/** The model's scores for the wanted shifts of one image. */
type Scores = (shift: AxisPair) => Float32Array;

/**
 * Classifies the images of a folder at random pairs of shifts; a picture that cannot be used becomes a row that says why.
 * @throws ModelError where the model cannot be used
 */
export async function serveClassify({ id, model, images, options }: ClassifyRequest, emit: Emit, cancellation: CancellationProbe): Promise<void> {
  const { format, graph } = await readModel(model);
  const { plan, protocol, protocolReason } = choosePlan(graph, options);
  const engine = await engineFor(format.id);
  const pixels = choosePreprocessing(graph, options.preprocessing);
  const settings: ClassifySettings = {
    backend: engine.backend,
    protocol,
    protocolReason,
    size: plan.input.size,
    preprocessing: pixels.name,
    preprocessingReason: pixels.reason,
    notes: plan.notes,
  };
  const opened = await engine.openCircular(model, graph, plan);
  const memoryBudgetBytes = budgetForMaps(options.memoryBudgetBytes, model.bytes.length);
  const classifier = new Classifier(graph, plan, opened, { ...options, memoryBudgetBytes }, pixels.preprocessing, cancellation);
  const rows: ImageRow[] = [];
  const failed: FailedImage[] = [];
  try {
    for (const [index, image] of images.entries()) {
      const row = await rowOf(classifier, protocol, image);
      if (cancellation.cancelled || row === undefined) {
        emit({ kind: 'cancelled', id });
        return;
      }
      if ('reason' in row) failed.push(row);
      else rows.push(row);
      emit({ kind: 'row', id, row });
      emit({ kind: 'progress', id, done: (index + 1) / images.length });
    }
    emit({ kind: 'classified', id, settings, rows, failed });
  } finally {
    await opened.dispose();
  }
}

/** A picture that cannot be decoded is its own affair; a model that cannot be run is everybody's. */
async function rowOf(classifier: Classifier, protocol: Protocol, image: ImageFile): Promise<ImageRow | FailedImage | undefined> {
  let planes: readonly Plane[];
  try {
    planes = await classifier.decode(await readFile(image.path), image, protocol);
  } catch (error) {
    return { image: image.name, reason: error instanceof ModelError ? error.message : `"${image.path}" could not be read.` };
  }
  return classifier.classify(planes, image, protocol);
}

interface ChosenPlan {
  readonly plan: MeasurePlan;
  readonly protocol: Protocol;
  readonly protocolReason: string;
}

/** @throws ModelError `unsupported` where the wanted protocol cannot give class scores */
function choosePlan(graph: ModelGraph, { protocol: wanted, size }: ClassifyOptions): ChosenPlan {
  const circular = planMeasurement(graph, openSize(graph, size));
  const { output } = circular;
  if (wanted === 'deployed' || (wanted === undefined && !output.ok)) {
    const protocolReason = wanted === undefined && !output.ok ? output.reason : '';
    return { plan: deployedPlan(circular, graph, [classScores(graph)]), protocol: 'deployed', protocolReason };
  }
  if (!output.ok) throw new ModelError('unsupported', `The circular protocol gives no class scores: ${output.reason}`);
  return { plan: outputOnly(circular, graph), protocol: 'circular', protocolReason: '' };
}

/** Crops run together; enough for the runtime, little enough to cancel between. */
const cropsPerRun = 8;

class Classifier {
  constructor(
    private readonly graph: ModelGraph,
    private readonly plan: MeasurePlan,
    private readonly model: CircularModel,
    private readonly options: ClassifyOptions,
    private readonly preprocessing: Preprocessing,
    private readonly cancellation: CancellationProbe,
  ) {}

  /** What an image is classified from: itself, or the canvas that it is cropped from. @throws ModelError where it cannot be decoded */
  async decode(bytes: Uint8Array, { path }: ImageFile, protocol: Protocol): Promise<readonly Plane[]> {
    const { size } = this.plan.input;
    const want = { ...this.plan.input, layout: this.graph.layout, preprocessing: this.preprocessing };
    const spec = { kind: 'image', path, bytes } as const;
    return protocol === 'circular' ? fromBatch(await prepareInput(spec, want), want.layout) : prepareCanvas(spec, want, largestShift(size));
  }

  /** Undefined where it was cancelled. */
  async classify(planes: readonly Plane[], { name, label }: ImageFile, protocol: Protocol): Promise<ImageRow | FailedImage | undefined> {
    const pairs = drawShiftPairs(this.plan.input.size, this.options.pairs, this.options.seed, name);
    const shifts = distinctShifts([[0, 0], ...pairs.flat()]);
    const scores = protocol === 'circular' ? await this.rolled(planes, shifts) : await this.crops(planes, shifts);
    if (scores === undefined) return undefined;
    const classes = scores([0, 0]).length;
    if (classes < 2) throw new ModelError('unsupported', 'The model gives a single number, not scores of classes, so there is no class to compare.');
    if (label !== null && label >= classes) return { image: name, reason: `"${name}" is labelled ${label}, but the model knows ${classes} classes.` };
    return imageRow({ image: name, label, pairs, scores, top: (shift) => topClass(scores(shift)) });
  }

  private async rolled(planes: readonly Plane[], shifts: readonly AxisPair[]): Promise<Scores | undefined> {
    const input = toBatch(planes, this.graph.layout);
    const { memoryBudgetBytes } = this.options;
    const scores = new Map<string, Float32Array>();
    let repeats: AxisPair = [1, 1];
    const take = (phase: Phase, period: AxisPair, output: Float32Array): void => {
      repeats = period;
      scores.set(phase.join(), output.slice());
    };
    const measured = await measureEquivariance(this.plan, this.graph, this.model, input, {
      metric: 'flat',
      memoryBudgetBytes,
      cancellation: this.cancellation,
      pause: nextTurn,
      shifts,
      onOutput: take,
    });
    return measured && ((shift) => scores.get(shiftedPhase(shift, repeats).join()) ?? new Float32Array());
  }

  private async crops(planes: readonly Plane[], shifts: readonly AxisPair[]): Promise<Scores | undefined> {
    const { size, tensor } = this.plan.input;
    const margin = largestShift(size);
    const scores = new Map<string, Float32Array>();
    for (let start = 0; start < shifts.length; start += cropsPerRun) {
      await nextTurn();
      if (this.cancellation.cancelled) return undefined;
      const run = shifts.slice(start, start + cropsPerRun);
      const crops = run.map((shift) => cropOf(planes, { ...this.plan.input, layout: this.graph.layout }, margin, shift));
      const fetched = await this.model.runLevel(0, new Map([[tensor, joinBatches(crops)]]));
      const [{ data } = { data: new Float32Array() }] = fetched.values();
      const values = data.length / run.length;
      for (const [index, shift] of run.entries()) scores.set(shift.join(), data.slice(index * values, (index + 1) * values));
    }
    return (shift) => scores.get(shift.join()) ?? new Float32Array();
  }
}

function distinctShifts(shifts: readonly AxisPair[]): readonly AxisPair[] {
  return [...new Map(shifts.map((shift) => [shift.join(), shift])).values()];
}
