import type { OpenedModel } from '../../../core/formats/format';
import { networkInputs, networkNodes } from '../../../core/report/network';
import type { NetworkPart } from '../../protocol/reading';
import { affordable } from './affordable';

/** How the layers of a model are connected, from the `first` on, as many as are cheap to send. */
export function networkPart({ graph }: OpenedModel, first: number): NetworkPart {
  const nodes = affordable(networkNodes(graph, first), ({ module, reads }) =>
    reads.reduce((length, { shape }) => length + shape.length, module?.length ?? 0),
  );
  return { inputs: first === 0 ? networkInputs(graph) : [], nodes };
}
