import type { Shape, Tensor } from '../../../graph/model-graph';
import type { FlatModel } from './flat-calls';
import type { KerasModel } from './keras-model';
import { declaredInput } from './layer-config';

type Tensors = ReadonlyMap<string, Tensor>;

/**
 * Runs beside which nothing in the file can count on a size, though that of the run is known: those of models that declare another one
 * or none, and of layers that are called with several, whose calls TensorFlow.js may number in another order as it loads them.
 * They are named by what they give.
 */
export function runsOfSeveralSizes(model: KerasModel, flat: FlatModel, tensors: Tensors): ReadonlySet<string> {
  const models = misfitModels(model, flat, tensors);
  const layers = layersOfSeveralSizes(flat, tensors);
  return new Set(flat.calls.flatMap((run) => (models.has(run.model) || layers.has(run.path) ? [run.tensor] : [])));
}

/** Models that are given another size than they declare, and those inside them. */
function misfitModels(model: KerasModel, { entries }: FlatModel, tensors: Tensors): ReadonlySet<KerasModel> {
  const misfits = new Set<KerasModel>();
  // A model that begins with a model declares what that one does, which is entered after it.
  for (const { model: entered, layer, tensor } of [...entries].reverse()) {
    const isMisfit = layer.model === undefined ? !fits(declaredInput(layer.config), tensors.get(tensor)?.shape) : misfits.has(layer.model);
    if (isMisfit) misfits.add(entered);
  }
  const visit = ({ layers }: KerasModel, isInside: boolean): void => {
    for (const { model: inner } of layers) {
      if (inner === undefined) continue;
      if (isInside) misfits.add(inner);
      visit(inner, misfits.has(inner));
    }
  };
  visit(model, false);
  return misfits;
}

/** A model that declares nothing takes the size of its call. */
function fits(declared: Shape, given: Shape): boolean {
  return (
    declared === undefined || (declared.length === given?.length && declared.slice(1).every((length, axis) => length === given[axis + 1]))
  );
}

function layersOfSeveralSizes({ calls }: FlatModel, tensors: Tensors): ReadonlySet<string> {
  const sizes = new Map<string, string>();
  const several = new Set<string>();
  for (const { path, tensor, reads } of calls) {
    const size = [tensor, ...reads].map((name) => tensors.get(name)?.shape?.slice(1).join('x') ?? '').join();
    if ((sizes.get(path) ?? size) !== size) several.add(path);
    sizes.set(path, size);
  }
  return several;
}
