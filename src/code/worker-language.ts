import { workerData } from 'node:worker_threads';
import { config } from '@vscode/l10n';
import type { WorkerData } from './worker-data';

/** Sets the language of the worker's messages: `worker.ts` imports it before everything else. */
const { translations } = workerData as WorkerData;
if (translations !== undefined) config({ contents: { ...translations } });
