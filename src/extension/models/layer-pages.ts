import type * as vscode from 'vscode';
import type { LayerFacts, WeightFacts } from '../../core/report/layer-facts';
import type { ModelReader } from '../../engine/host/model-reader';
import type { NetworkPart, ShownLayer } from '../../engine/protocol/reading';
import { readableModel } from './readable';
import type { ModelStore } from './store';

/** Layers of a model as it was last judged, from the `first` on; none of a file that could not be judged. @throws ModelError */
export async function layersFrom(store: ModelStore, reader: ModelReader, uri: vscode.Uri, first: number): Promise<readonly ShownLayer[]> {
  const analysis = store.get(uri);
  if (analysis?.ok !== true) return [];
  return reader.ask('layers', readableModel(analysis), { lint: analysis.lint, first });
}

/** How these layers are connected, likewise. @throws ModelError */
export async function networkFrom(store: ModelStore, reader: ModelReader, uri: vscode.Uri, first: number): Promise<NetworkPart> {
  const analysis = store.get(uri);
  if (analysis?.ok !== true) return { inputs: [], nodes: [] };
  return reader.ask('network', readableModel(analysis), { first });
}

/** What is known of a layer; null where the model, as it is now, does not have it. @throws ModelError */
export async function factsOf(store: ModelStore, reader: ModelReader, uri: vscode.Uri, layer: string): Promise<LayerFacts | null> {
  const analysis = store.get(uri);
  return analysis?.ok === true ? reader.ask('layer-facts', readableModel(analysis), { layer }) : null;
}

/** What the numbers of a layer's weights come to; reads a bounded part of them. @throws ModelError */
export async function weightsOf(store: ModelStore, reader: ModelReader, uri: vscode.Uri, layer: string): Promise<readonly WeightFacts[]> {
  const analysis = store.get(uri);
  return analysis?.ok === true ? reader.ask('weight-statistics', readableModel(analysis), { layer }) : [];
}
