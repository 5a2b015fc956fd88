import type { TextEdit } from '../../format';
import { callKey } from '../read/call-order';
import type { JsonDocument } from '../../tfjs/document';
import type { JsonPath } from '../../tfjs/json';
import { keyInFile } from '../read/keras-keys';
import type { KerasModel } from '../read/keras-model';
import type { TensorReference } from '../read/keras-references';
import type { ListedBlur } from './patch-step';

/** What a reader of this call reads once the blurs are in: the last layer of the blur, or the call as before. */
export function redirected(model: KerasModel, reference: TensorReference, sites: readonly ListedBlur[]): TensorReference {
  const site = sites.find(
    (candidate) =>
      candidate.model === model &&
      candidate.position !== 'in front of' &&
      candidate.layer === reference.layer &&
      candidate.call === reference.call,
  );
  return site === undefined ? reference : lastLayer(site);
}

function lastLayer({ blur }: ListedBlur): TensorReference {
  return { layer: blur.layers.at(-1)?.name ?? '', call: 0, output: 0 };
}

/**
 * Whoever read a map that is now blurred reads the blur instead, call by call; a layer with a blur in front reads that. Layers
 * that a blur replaces are gone, and sequential models read in order.
 */
export function rewire(document: JsonDocument, model: KerasModel, sites: readonly ListedBlur[]): readonly TextEdit[] {
  const own = sites.filter((site) => site.model === model);
  if (model.kind === 'sequential' || own.length === 0) return [];
  const inFrontOf = new Map(
    own.flatMap((site) => (site.position === 'in front of' ? [[callKey(site.layer, site.call), lastLayer(site)] as const] : [])),
  );
  const replaced = new Set(own.flatMap(({ layer, position }) => (position === 'in place of' ? [layer] : [])));
  const edits: TextEdit[] = [];
  const redirect = (path: JsonPath, from: TensorReference, to: TensorReference): void => {
    if (from.layer !== to.layer) edits.push(document.replace([...path, 0], to.layer));
    if (from.call !== to.call) edits.push(document.replace([...path, 1], to.call));
    if (from.output !== to.output) edits.push(document.replace([...path, 2], to.output));
  };
  model.layers.forEach(({ name, calls }, layer) => {
    if (replaced.has(name)) return;
    calls.forEach((call, callIndex) => {
      call.forEach((reference, input) => {
        const target = inFrontOf.get(callKey(name, callIndex)) ?? redirected(model, reference, own);
        redirect([...inFile(document, [...model.layersPath, layer], 'inbound_nodes'), callIndex, input], reference, target);
      });
    });
  });
  const ends = inFile(document, model.configPath, 'output_layers');
  const single = document.length([...ends, 0]) === 0;
  model.outputs.forEach((reference, index) => {
    redirect(single ? ends : [...ends, index], reference, redirected(model, reference, own));
  });
  return edits;
}

/** Path of a property, which the file may spell in camel case. */
function inFile(document: JsonDocument, object: JsonPath, kerasKey: string): JsonPath {
  return [...object, keyInFile(kerasKey, (key) => document.has([...object, key]))];
}
