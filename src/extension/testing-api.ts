import type { CodeWorkerClient } from '../code/worker-client';
import type { EngineClient } from '../engine/host/client';
import type { ModelReader } from '../engine/host/model-reader';
import type { CodeDocuments } from './source-code/documents';
import type { WorkspaceLint } from './source-code/workspace-lint';
import type { ExplainPage } from './explain/explain-page';
import type { ModelStore } from './models/store';
import type { OnnxDocument } from './models/onnx-document';
import type { ModelPanel } from './panel/panel';
import type { Sample } from './start/sample';
import type { UriRegistry } from './platform/uri-registry';

/** What `activate` answers with. No public API: the host tests look inside with it. */
export interface ExtensionTesting {
  readonly store: ModelStore;
  readonly reader: ModelReader;
  readonly panels: UriRegistry<ModelPanel>;
  readonly documents: UriRegistry<OnnxDocument>;
  readonly engine: EngineClient;
  readonly code: { readonly documents: CodeDocuments; readonly worker: CodeWorkerClient; readonly workspace: WorkspaceLint };
  readonly explain: ExplainPage;
  readonly sample: Sample;
  /** Resolves once the first look at the workspace is done. */
  readonly ready: Promise<void>;
}

/** The extension's exports. */
export interface ExtensionApi {
  readonly testing: ExtensionTesting;
}
