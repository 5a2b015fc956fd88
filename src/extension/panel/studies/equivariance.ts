import type { DeployedMeasurement } from '../../../core/equivariance/measure/deployed';
import type { Measurement } from '../../../core/equivariance/measure/measurement';
import { measureCsv } from '../../../core/report/csv';
import { deployedReport } from '../../../core/report/deployed-report';
import { measureReport } from '../../../core/report/measure-report';
import type { CallProgress } from '../../../engine/protocol/calls';
import { circularMessages, deployedMessages, expectedMaps, measuredHeatmap } from '../heatmap-messages';
import type { RunMaterial } from '../runs/material';
import { engineOptions } from '../runs/options';
import type { RunProgress } from '../runs/progress';
import type { Study, StudyOutcome } from './study';

interface EquivarianceOutcome extends StudyOutcome {
  readonly measurement: Measurement | DeployedMeasurement;
  readonly notes: readonly string[];
}

/** How closely the feature maps of every layer shift along with the image: a heatmap a layer. */
export const equivariance: Study<'equivariance', EquivarianceOutcome> = {
  name: 'equivariance',
  command: 'measure',
  outcomeNoun: 'measurement',
  images: 'unused',

  dependencies: ({ digests, choices: { metric, protocol, pattern, largest, step } }) => [
    metric,
    digests.image,
    protocol,
    ...(protocol === 'deployed' ? [pattern, largest, step] : []),
  ],
  run: (material, progress) =>
    material.choices.protocol === 'deployed' ? runDeployed(material, progress) : runCircular(material, progress),
  messages: ({ measurement, notes }) => ('grid' in measurement ? deployedMessages(measurement, notes) : circularMessages(measurement)),
  report: reportOf,
  csv: (outcome, model) => measureCsv(reportOf(outcome, model)),
  writeMaps: ({ measurement }, engine, folder, mayReplace) => engine.call('write-maps', { folder, maps: measurement, mayReplace }),
};

async function runCircular(material: RunMaterial, progress: RunProgress): Promise<EquivarianceOutcome> {
  const { engine, model, input, choices } = material;
  const options = { metric: choices.metric, ...engineOptions(material) };
  const { backend, measurement } = await engine.call('measure', { model: model.sent, input, options }, followedBy(progress));
  return { backend, measurement, notes: measurement.notes };
}

async function runDeployed(material: RunMaterial, progress: RunProgress): Promise<EquivarianceOutcome> {
  const { engine, model, input, choices } = material;
  const { metric, pattern, largest, step } = choices;
  const grid = { pattern, ...(largest !== null && { largest }), ...(step !== null && { step }) };
  const options = { metric, ...engineOptions(material), ...grid };
  return engine.call('measure-deployed', { model: model.sent, input, options }, followedBy(progress));
}

/** Maps are shown as they come. */
function followedBy(progress: RunProgress) {
  return {
    signal: progress.signal,
    onProgress: (told: CallProgress<'measure'>): void => {
      if (told.kind === 'started') {
        progress.report(0, told.backend);
        progress.show(expectedMaps(told));
      } else if (told.kind === 'share') progress.report(told.done);
      else progress.show({ kind: 'heatmap', heatmap: measuredHeatmap(told.heatmap, told.index) });
    },
  };
}

function reportOf({ backend, measurement, notes }: EquivarianceOutcome, model: string) {
  return 'grid' in measurement ? deployedReport(model, backend, measurement, notes) : measureReport(model, backend, measurement);
}
