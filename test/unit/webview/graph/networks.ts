import { textbookLayer } from '../../../../src/panel-protocol/core/explain';
import type { LayerRow } from '../../../../src/panel-protocol/model';
import type { NetworkNode } from '../../../../src/panel-protocol/network';
import { joinedNetwork, type Network } from '../../../../webview/graph/network';

/** A layer of a test network: the places of the layers that it reads (the one before it unless told otherwise), and what else matters. */
export interface Drawn extends Partial<Pick<NetworkNode, 'module' | 'sampling' | 'kind' | 'size'>> {
  readonly reads?: readonly number[];
  readonly finding?: boolean;
}

/** A row as far as the drawing looks at it. */
export function rowOf(name: string, finding = false): LayerRow {
  const found = {
    rule: 'strided-conv',
    severity: 'warning',
    message: '',
    docsUrl: '',
    explained: textbookLayer,
    notFixable: null,
    fixNotes: [],
    price: null,
  } as const;
  return {
    layer: name,
    label: name,
    node: name,
    tensor: name,
    op: 'Conv',
    shape: '1 × 8 × 4 × 4',
    stride: [1, 1],
    cumulativeStride: [1, 1],
    receptiveField: null,
    parameters: 0,
    multiplyAdds: null,
    mark: null,
    finding: finding ? { ...found, aliasedEnergy: null } : null,
  };
}

/** A network of one input and these layers, named by their places. */
export function networkOf(layers: readonly Drawn[]): Network {
  const rows = layers.map(({ finding }, index) => rowOf(`l${index}`, finding));
  const nodes = layers.map(({ reads, module = null, sampling = 'same', kind = 'other', size = null }, index): NetworkNode => {
    const edges = (reads ?? [index - 1]).map((from) => ({ from, shape: '1 × 8' }));
    return { module, sampling, kind, size, reads: edges, isOutput: index === layers.length - 1 };
  });
  const network = joinedNetwork(rows.length, rows, { inputs: [{ name: 'image', shape: '1 × 3' }], nodes });
  if (network === null) throw new Error('The rows and nodes of a test network are as many.');
  return network;
}

/** A residual network: stages of blocks of three layers and a sum, of which the first of a stage halves the map. */
export function residual(stages: number, blocks: number, withModules: boolean): Network {
  const layers: Drawn[] = [{ module: 'conv1', size: [64, 64], sampling: 'down' }];
  for (let stage = 0; stage < stages; stage++) {
    const size = [64 >> stage, 64 >> stage] as const;
    for (let block = 0; block < blocks; block++) {
      const first = layers.length;
      const module = (name: string): Pick<Drawn, 'module'> => ({ module: withModules ? `layer${stage + 1}.${block}.${name}` : null });
      const isFirst = stage > 0 && block === 0;
      layers.push(
        { ...module('conv1'), size, sampling: isFirst ? 'down' : 'same', finding: isFirst },
        { ...module('relu'), size },
        { ...module('conv2'), size },
        { ...module('add'), size, kind: 'merge', reads: [first + 2, first - 1] },
      );
    }
  }
  return networkOf(layers);
}

/** A dense block: each layer reads all before it. */
export function dense(count: number): Network {
  return networkOf(Array.from({ length: count }, (_, index) => ({ reads: Array.from({ length: index + 1 }, (_, from) => from - 1) })));
}

/** A U-Net: maps on the way down are joined to those on the way up. */
export function uNet(depth: number): Network {
  const layers: Drawn[] = [];
  for (let level = 0; level < depth; level++) {
    const size = [256 >> level, 256 >> level] as const;
    layers.push({ size, sampling: level === 0 ? 'same' : 'down' }, { size });
  }
  for (let level = depth - 2; level >= 0; level--) {
    const size = [256 >> level, 256 >> level] as const;
    layers.push({ size, sampling: 'up' });
    layers.push({ size, kind: 'merge', reads: [layers.length - 1, 2 * level + 1] });
  }
  return networkOf(layers);
}
