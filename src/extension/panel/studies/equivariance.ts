import type { DeployedMeasurement } from '../../../core/equivariance/measure/deployed';
import type { Picture } from '../../../core/input/picture';
import { measureCsv } from '../../../core/report/csv';
import { deployedReport } from '../../../core/report/deployed-report';
import { measureReport } from '../../../core/report/measure-report';
import type { CallProgress } from '../../../engine/protocol/calls';
import { circularMessages, deployedMessages, expectedMaps, measuredHeatmap, type CircularResult } from '../heatmap-messages';
import type { RunMaterial } from '../runs/material';
import { engineOptions } from '../runs/options';
import type { RunProgress } from '../runs/progress';
import type { Study, StudyOutcome } from './study';

type EquivarianceOutcome = CircularOutcome | DeployedOutcome;

interface CircularOutcome extends StudyOutcome, CircularResult {}

interface DeployedOutcome extends StudyOutcome {
  readonly measurement: DeployedMeasurement;
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
  messages: (outcome) => (isDeployed(outcome) ? deployedMessages(outcome.measurement, outcome.notes) : circularMessages(outcome)),
  report: reportOf,
  csv: (outcome, model) => measureCsv(reportOf(outcome, model)),
  writeMaps: ({ measurement }, engine, folder, mayReplace) => engine.call('write-maps', { folder, maps: measurement, mayReplace }),
};

async function runCircular(material: RunMaterial, progress: RunProgress): Promise<CircularOutcome> {
  const { engine, model, input, choices } = material;
  const options = { metric: choices.metric, ...engineOptions(material) };
  const { picture, ...result } = await engine.call('measure', { model: model.sent, input, options }, followedBy(progress));
  return { ...result, picture: ownPicture(picture) };
}

async function runDeployed(material: RunMaterial, progress: RunProgress): Promise<DeployedOutcome> {
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
        progress.show({ kind: 'picture', picture: ownPicture(told.picture) });
      } else if (told.kind === 'share') progress.report(told.done);
      else progress.show({ kind: 'heatmap', heatmap: measuredHeatmap(told.heatmap, told.index) });
    },
  };
}

/** What arrives may be a view of a longer message, all of which an editor would send on. */
function ownPicture(picture: Picture | null): Picture | null {
  return picture && { ...picture, rgb: picture.rgb.slice() };
}

function isDeployed(outcome: EquivarianceOutcome): outcome is DeployedOutcome {
  return 'grid' in outcome.measurement;
}

function reportOf(outcome: EquivarianceOutcome, model: string) {
  return isDeployed(outcome)
    ? deployedReport(model, outcome.backend, outcome.measurement, outcome.notes)
    : measureReport(model, outcome.backend, outcome.measurement);
}
