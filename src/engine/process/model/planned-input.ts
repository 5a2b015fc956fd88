import { geometryOf } from '../../../core/equivariance/measure/feature-geometry';
import { signalShape } from '../../../core/equivariance/plan/bare-signal';
import type { MeasurePlan } from '../../../core/equivariance/plan/measure-plan';
import { openSize, planMeasurement } from '../../../core/equivariance/plan/plan';
import type { TensorBatch } from '../../../core/equivariance/walk/circular-model';
import { heightAxis } from '../../../core/graph/layout';
import type { AxisPair, ModelGraph } from '../../../core/graph/model-graph';
import { preprocessingNote, type ChosenPreprocessing } from '../../../core/input/preprocessing';
import { prepareInput } from '../../input/input';
import { turnedBatch } from '../../input/turned-batch';
import type { MeasureOptions } from '../../protocol/measuring';
import type { InputSpec } from '../../protocol/payload';
import { requireFit } from './require-fit';

/** A model, and how its pixels are made. */
export interface PixelModel {
  readonly graph: ModelGraph;
  readonly pixels: ChosenPreprocessing;
}

/** What a model is shown, and in which size where it leaves that open. */
export interface WantedImage {
  readonly input: InputSpec;
  readonly options: Pick<MeasureOptions, 'size' | 'memoryBudgetBytes'>;
}

/**
 * The plan of a measurement, its notes on the input included.
 *
 * @throws ModelError where the model cannot be measured, or not within the memory budget
 */
export function planFor({ graph, pixels }: PixelModel, { input, options: { size, memoryBudgetBytes } }: WantedImage): MeasurePlan {
  const planned = planMeasurement(graph, tensorSize(input, graph) ?? openSize(graph, size));
  requireFit(planned, memoryBudgetBytes);
  return { ...planned, notes: [...planned.notes, ...notesOn(input, pixels)] };
}

/** What a reader should know of how an image was scaled; nothing of other inputs. */
export function notesOn(input: InputSpec, pixels: ChosenPreprocessing): readonly string[] {
  return input.kind === 'image' ? preprocessingNote(pixels) : [];
}

/** The image that a plan takes, batch 1. @throws ModelError where the input cannot be used */
export async function inputFor({ graph, pixels }: PixelModel, { input }: MeasurePlan, spec: InputSpec): Promise<TensorBatch> {
  return prepareInput(withSignalShape(spec, graph), { ...input, layout: graph.layout, preprocessing: pixels.preprocessing });
}

/** A tensor brings its own image size. */
export function tensorSize(spec: InputSpec, graph: ModelGraph): AxisPair | undefined {
  if (spec.kind !== 'tensor') return undefined;
  const shape = signalShape(graph, turned(spec, graph).shape);
  return geometryOf(graph.ofSignals === true ? shape.toSpliced(heightAxis(graph.layout), 0, 1) : shape, graph.layout)?.size;
}

/** A tensor with the axes that the model is described with, where its file has others; other inputs as they are. */
export function withSignalShape(spec: InputSpec, graph: ModelGraph): InputSpec {
  if (spec.kind !== 'tensor') return spec;
  const tensor = turned(spec, graph);
  return { ...tensor, shape: signalShape(graph, tensor.shape) };
}

type TensorSpec = Extract<InputSpec, { readonly kind: 'tensor' }>;

/** A tensor of a model that turns its images, as it is described: its file has the channels at the other end. */
function turned(spec: TensorSpec, { inputs, tensors, layout }: ModelGraph): TensorSpec {
  if (!inputs.some((tensor) => tensors.get(tensor)?.turned === true)) return spec;
  const { data, dims } = turnedBatch({ data: spec.data, dims: spec.shape }, layout);
  return { ...spec, data, shape: dims };
}
