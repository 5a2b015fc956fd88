import type { BlurPosition } from '../../../rewrite/plan';
import type { TextEdit } from '../../format';
import type { InsertedLayer } from './inserted-blur';
import type { JsonDocument } from '../../tfjs/document';
import type { KerasModel } from '../read/keras-model';
import type { TensorReference } from '../read/keras-references';
import type { ListedBlur } from './patch-step';
import { redirected } from './rewire';

/** Where several blurs go to one place of the list, they follow the data: behind the layer before, then in front of the next. */
const order: readonly BlurPosition[] = ['behind', 'in place of', 'in front of'];

/** New layers stand beside the layer that they serve; a functional model's also say what they read. */
export function insertBlurs(document: JsonDocument, model: KerasModel, sites: readonly ListedBlur[]): readonly TextEdit[] {
  const own = sites.filter((site) => site.model === model).sort((a, b) => order.indexOf(a.position) - order.indexOf(b.position));
  const replaced = new Set<string>();
  return own.flatMap((site) => {
    const index = model.layers.findIndex(({ name }) => name === site.layer);
    switch (site.position) {
      case 'behind':
        return [document.insertAfter(model.layersPath, index, nodes(model, site, sites))];
      case 'in front of':
        return [document.insertAfter(model.layersPath, index - 1, nodes(model, site, sites))];
      case 'in place of': {
        if (replaced.has(site.layer)) return [];
        replaced.add(site.layer);
        return [
          document.replaceEntry(
            model.layersPath,
            index,
            own.filter(({ layer }) => layer === site.layer).flatMap((call) => nodes(model, call, sites)),
          ),
        ];
      }
    }
  });
}

function nodes(model: KerasModel, site: ListedBlur, sites: readonly ListedBlur[]): readonly unknown[] {
  const { layers } = site.blur;
  return model.kind === 'functional'
    ? connected(layers, inputOf(model, site, sites))
    : layers.map(({ className, config }) => ({ class_name: className, config }));
}

function connected(layers: readonly InsertedLayer[], input: TensorReference): readonly unknown[] {
  let previous = input;
  return layers.flatMap((layer) => {
    const given = previous;
    const listed = layer.inside?.layers ?? [{ ...layer, reads: [''] }];
    previous = { layer: listed.at(-1)?.name ?? '', call: 0, output: 0 };
    return listed.map(({ className, name, config, reads }) => {
      const read = reads.map((other) => (isOutside(layer, other) ? [given.layer, given.call, given.output, {}] : [other, 0, 0, {}]));
      return { name, class_name: className, config, inbound_nodes: [read] };
    });
  });
}

/** Whether a layer reads what stands in front of the inserted one, rather than another layer inside. */
function isOutside({ inside }: InsertedLayer, read: string): boolean {
  return inside === undefined || inside.input === read;
}

/** What the blur reads: the call itself, or what that call used to read. */
function inputOf(model: KerasModel, { layer, call, position }: ListedBlur, sites: readonly ListedBlur[]): TensorReference {
  const own = { layer, call, output: 0 };
  if (position === 'behind') return own;
  const read = model.layers.find(({ name }) => name === layer)?.calls[call]?.[0];
  return read === undefined ? own : redirected(model, read, sites);
}
