import { createHash } from 'node:crypto';
import { lintGraph } from '../../core/lint/linter';
import { parsePreprocessing } from '../../core/input/preprocessing';
import { blurFilter } from '../../core/rewrite/filters';
import type { EngineClient, RequestHandlers } from '../../engine/host/client';
import type { FeatureMaps } from '../../core/equivariance/measure/feature-maps';
import type { EngineEvent, ImageFile, InputSpec } from '../../engine/protocol/protocol';
import { adviseFixes } from '../../engine/host/studies/advise';
import { compareFilters } from '../../engine/host/studies/compare';
import { classificationReport } from '../../engine/host/studies/consistency';
import type { PlacedModel } from '../../engine/host/placed-model';
import { VariantRun } from '../../engine/host/studies/variants';
import type { TaskProgress } from './task';
import type { Settings } from '../settings/settings';
import type { StudyResult } from './study-result';
import type { StudyChoices, TaskName, WantedFeatures } from '../../panel-protocol/messages';

/** Everything that a task works on, as it is when the task starts. */
export interface StudyOrder {
  readonly engine: EngineClient;
  readonly model: PlacedModel;
  /** SHA-256 of what the tasks run on. */
  readonly digests: { readonly model: string; readonly image: string; readonly folder: string };
  readonly settings: Settings;
  readonly choices: StudyChoices;
  readonly input: InputSpec;
  readonly images: readonly ImageFile[];
  /** Hears of every event of a measurement. */
  readonly onEvent: (event: EngineEvent) => void;
}

/** Names a result by everything that it depends on. Results of one key are equal. */
export function resultKey(task: TaskName, { digests, settings, choices }: Pick<StudyOrder, 'digests' | 'settings' | 'choices'>): string {
  const { metric, preprocessing, size, protocol, pattern, largest, step, pairs, seed, filters, within } = choices;
  const { filter, plan, ignoreLayers, severities } = settings;
  const grid = protocol === 'deployed' ? [pattern, largest, step] : [];
  const variants = [metric, digests.image, digests.folder, pairs, seed, plan, ignoreLayers, severities];
  const own = {
    measure: [metric, digests.image, protocol, ...grid],
    consistency: [digests.folder, protocol, pairs, seed],
    compare: [...variants, filters],
    advise: [...variants, filter.name, within],
  };
  return createHash('sha256')
    .update(JSON.stringify([resultVersion, task, digests.model, preprocessing, size, own[task]]))
    .digest('hex');
}

/** Raised where results of one key come to differ from those of earlier versions of Shiftlint, in content or in form. */
const resultVersion = 1;

type Work = (order: StudyOrder, progress: TaskProgress) => Promise<StudyResult>;

/** How each task is done. They reject with ModelError or EngineError. */
export const studyWork: Readonly<Record<TaskName, Work>> = { measure, consistency, compare, advise };

async function measure({ engine, model, choices, input, onEvent, ...order }: StudyOrder, progress: TaskProgress): Promise<StudyResult> {
  const handlers: RequestHandlers = {
    signal: progress.signal,
    onEvent: (event) => {
      if (event.kind === 'started') progress.report(0, event.backend);
      else if (event.kind === 'progress') progress.report(event.done);
      onEvent(event);
    },
  };
  const { metric, protocol, pattern, largest, step } = choices;
  const options = { metric, ...commonOptions({ choices, ...order }) };
  if (protocol === 'deployed') {
    const grid = { pattern, ...(largest !== null && { largest }), ...(step !== null && { step }) };
    const { backend, measurement, notes } = await engine.measureDeployed(model.payload, input, { ...options, ...grid }, handlers);
    return { task: 'measure', backend, measurement, notes };
  }
  const { backend, measurement } = await engine.measure(model.payload, input, options, handlers);
  return { task: 'measure', backend, measurement, notes: measurement.notes };
}

/** Channels sent to a page at a time; it shows fewer, and need not ask for each of its pages. */
const sentChannels = 32;

/** Feature maps to look at, under the circular protocol whatever the choices say. @throws ModelError, EngineError */
export async function featureWork(
  { engine, model, choices, input, settings }: Pick<StudyOrder, 'engine' | 'model' | 'choices' | 'input' | 'settings'>,
  { layer, shift, first }: WantedFeatures,
  signal: AbortSignal,
): Promise<FeatureMaps> {
  const options = {
    metric: choices.metric,
    ...commonOptions({ choices, settings }),
    layer,
    shift,
    channels: { first, count: sentChannels },
  };
  const { maps } = await engine.features(model.payload, input, options, { signal });
  // What arrives are views of a longer message, all of which an editor would send on.
  return { ...maps, original: maps.original.slice(), shifted: maps.shifted.slice() };
}

async function consistency(
  { engine, model, digests, choices, images, ...order }: StudyOrder,
  progress: TaskProgress,
): Promise<StudyResult> {
  const { pairs, seed, protocol } = choices;
  const onEvent = (event: EngineEvent): void => {
    if (event.kind === 'progress')
      progress.report(event.done, undefined, `${Math.round(event.done * images.length)} of ${images.length} images`);
  };
  // The circular protocol is the engine's own first choice; where a model cannot be measured so, it says why it takes the other.
  const options = { pairs, seed, ...(protocol === 'deployed' && { protocol }), ...commonOptions({ choices, ...order }) };
  const classification = await engine.classify(model.payload, images, options, { signal: progress.signal, onEvent });
  const report = classificationReport({ model: model.source.path, digest: digests.model, pairs, seed }, null, classification);
  return { task: 'consistency', backend: classification.settings.backend, report };
}

async function compare(order: StudyOrder, progress: TaskProgress): Promise<StudyResult> {
  const { filters } = order.choices;
  const run = variants(order, progress, 1 + filters.length);
  const report = await compareFilters(run, filters, (filter) => lintGraph(order.model, { ...order.settings, filter: blurFilter(filter) }));
  return { task: 'compare', backend: report.backend, report };
}

async function advise(order: StudyOrder, progress: TaskProgress): Promise<StudyResult> {
  const findings = lintGraph(order.model, order.settings);
  const fixes = new Set(findings.flatMap(({ fix }) => (fix.ok ? [fix.plan.layer] : [])));
  const run = variants(order, progress, 2 + fixes.size);
  const report = await adviseFixes(run, findings, order.settings.filter.name, order.choices.within / 100);
  return { task: 'advise', backend: report.backend, report };
}

function variants({ engine, model, choices, input, images, ...order }: StudyOrder, progress: TaskProgress, count: number): VariantRun {
  const { metric, pairs, seed } = choices;
  let finished = 0;
  const handlers = (variants: number): RequestHandlers => ({
    signal: progress.signal,
    onEvent: (event) => {
      if (event.kind === 'started') progress.report(finished / count, event.backend);
      else if (event.kind === 'progress') progress.report((finished + event.done * variants) / count, undefined, event.label);
      else if (event.kind === 'variants') finished += variants;
    },
  });
  const { preprocessing, size, memoryBudgetBytes } = commonOptions({ choices, ...order });
  return new VariantRun(engine, model, { metric, preprocessing, size, input, images, pairs, seed, memoryBudgetBytes }, handlers);
}

function commonOptions({ choices: { preprocessing, size }, settings }: Pick<StudyOrder, 'choices' | 'settings'>) {
  const wanted = preprocessing === null ? undefined : parsePreprocessing(preprocessing);
  return {
    memoryBudgetBytes: settings.memoryBudgetBytes,
    ...(wanted !== undefined && { preprocessing: wanted }),
    ...(size !== null && { size }),
  };
}
