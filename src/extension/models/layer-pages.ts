import type * as vscode from 'vscode';
import type { ModelReader } from '../../engine/host/model-reader';
import type { ShownLayer } from '../../engine/protocol/reading';
import { readableModel } from './readable';
import type { ModelStore } from './store';

/** Layers of a model as it was last judged, from the `first` on; none of a file that could not be judged. @throws ModelError */
export async function layersFrom(store: ModelStore, reader: ModelReader, uri: vscode.Uri, first: number): Promise<readonly ShownLayer[]> {
  const analysis = store.get(uri);
  if (analysis?.ok !== true) return [];
  return reader.ask('layers', readableModel(analysis), { lint: analysis.lint, first });
}
