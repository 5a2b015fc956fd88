import { t } from '@vscode/l10n';
import { consistencyCsv } from '../../../core/report/csv';
import type { ConsistencyReport } from '../../../core/report/consistency-report';
import { imageListFacts } from '../../../engine/host/image-lists/list-digest';
import { classificationReport } from '../../../engine/host/studies/consistency';
import type { CallProgress } from '../../../engine/protocol/calls';
import type { RunMaterial } from '../runs/material';
import { engineOptions } from '../runs/options';
import type { RunProgress } from '../runs/progress';
import type { ReportOutcome, Study } from './study';

/** How often shifted copies of one image get the same class, over a folder of images. */
export const consistency: Study<'consistency', ReportOutcome<ConsistencyReport>> = {
  name: 'consistency',
  command: 'consistency',
  outcomeNoun: 'result',
  images: 'required',

  dependencies: ({ digests, choices: { protocol, pairs, seed } }) => [digests.folder, protocol, pairs, seed],
  run,
  messages: ({ report }) => [{ kind: 'consistency', report }],
  report: ({ report }) => report,
  csv: ({ report }) => consistencyCsv(report),
};

async function run(material: RunMaterial, progress: RunProgress): Promise<ReportOutcome<ConsistencyReport>> {
  const { engine, model, digests, images } = material;
  const { pairs, seed, protocol } = material.choices;
  const onProgress = (told: CallProgress<'classify'>): void => {
    if (told.kind === 'share')
      progress.report(told.done, undefined, t`${Math.round(told.done * images.length)} of ${images.length} images`);
  };
  // The circular protocol is the engine's own first choice; where a model cannot be measured so, it says why it takes the other.
  const options = { pairs, seed, ...(protocol === 'deployed' && { protocol }), ...engineOptions(material) };
  const request = { model: model.sent, images, options };
  const classification = await engine.call('classify', request, { signal: progress.signal, onProgress });
  const report = classificationReport(
    { model: model.sent.path, digest: digests.model, pairs, seed, imageList: imageListFacts(images) },
    classification,
  );
  return { backend: classification.settings.backend, report };
}
