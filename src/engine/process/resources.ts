import { weightBytes } from '../../core/equivariance/plan/weight-bytes';
import { planarGraph } from '../../core/equivariance/plan/planar-graph';
import type { OpenedModel } from '../../core/formats/format';
import { openModel } from '../../core/formats/registry';
import type { FormatId, ModelGraph } from '../../core/graph/model-graph';
import type { Engine } from '../runtimes/engine';
import type { ModelPayload } from '../protocol/protocol';
import { payloadSource } from '../input/source';

/** A model that was sent to the process, opened, and what is measured of it. */
export interface ReadModel {
  readonly opened: OpenedModel;
  readonly format: OpenedModel['format'];
  /** Models of signals are described as models of images of height 1. */
  readonly graph: ModelGraph;
}

/** @throws ModelError */
export async function readModel(model: ModelPayload): Promise<ReadModel> {
  const opened = await openModel(payloadSource(model));
  return { opened, format: opened.format, graph: planarGraph(opened.graph) };
}

/** What the process and its runtime take before the first map, and how often a runtime may hold a weight: as file, packed, twice. */
const processBytes = 280 * 2 ** 20;
const weightCopies = 3;
const leastForMaps = 128 * 2 ** 20;

/** The budget is for the whole process; weights and the runtime itself come out of it first. @param fileBytes of the model */
export function budgetForMaps(budgetBytes: number, graph: ModelGraph, fileBytes: number): number {
  const heldBytes = weightCopies * Math.max(fileBytes, weightBytes(graph));
  return Math.max(Math.min(budgetBytes, leastForMaps), budgetBytes - processBytes - heldBytes);
}

const engines = new Map<FormatId, Promise<Engine>>();

/** The runtime of a format, loaded when first asked for: users of one format never load the other's. */
export function engineFor(format: FormatId): Promise<Engine> {
  const known = engines.get(format);
  if (known !== undefined) return known;
  const loading = createEngine(format);
  engines.set(format, loading);
  return loading;
}

async function createEngine(format: FormatId): Promise<Engine> {
  switch (format) {
    case 'onnx':
      return (await import('../runtimes/onnx/index')).createOnnxEngine();
    case 'tfjs-graph':
    case 'tfjs-layers':
      return (await import('../runtimes/tfjs/index')).createTfjsEngine();
  }
}

/** Lets the process handle its messages, such as a cancellation, before going on. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
