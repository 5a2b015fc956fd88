import { networkNames } from '../network/networks';
import type { StudyRecord } from '../runs/record';
import { conditionsOf, type Settings } from '../settings';
import { findings } from './findings';
import { groupsOf, type Group } from './groups';
import type { Estimate } from './interval';
import { blurLabel, networkLabels } from './names';

/** docs/study.md, whole: every figure and every sentence about figures comes from the record. */
export function studyPage(record: StudyRecord): string {
  const groups = groupsOf(record);
  return `# Study: what blurs give to networks trained with them

A small VGG and a small DenseNet, trained from scratch as they are and with each blur, with and without shift augmentation: accuracy and
consistency. This repeats in the small what R. Zhang compares on CIFAR-10 in *Making Convolutional Networks Shift-Invariant Again* (ICML 2019).

<!-- Written by npm run study. -->

${subject(record)}

![Accuracy against consistency of every run](study.svg)

${table(groups)}

Mean over the seeds, in brackets Student's 95 % interval of that mean. The gain over the same network without blur is taken seed by seed, in
points: both start from the same weights and see the same images in the same order.

## What it shows

${findings(groups).join('\n')}

## What it does not show

${limits(record.settings)}

## How it is made

${method(record)}
`;
}

function subject({ settings, runs }: StudyRecord): string {
  const planned = conditionsOf(settings).length;
  const set = settings.data === 'cifar' ? 'CIFAR-10' : 'the drawn set';
  const state = runs.length === planned ? `All ${planned} runs` : `**Unfinished:** ${runs.length} of ${planned} runs`;
  return `${state} on ${set}: ${settings.trainingImages} training images, ${settings.testImages} test images, ${settings.seeds.length} ${
    settings.seeds.length === 1 ? 'seed' : 'seeds'
  }.`;
}

function table(groups: readonly Group[]): string {
  const rows = groups.map(({ network, augmented, blur, accuracy, consistency, accuracyGain, consistencyGain }) =>
    [
      networkLabels[network],
      augmented ? 'shifts' : 'none',
      blurLabel(blur),
      percent(accuracy),
      percent(consistency),
      points(accuracyGain),
      points(consistencyGain),
    ].join(' | '),
  );
  return [
    'network | augmentation | blur | accuracy (%) | consistency (%) | gain in accuracy | gain in consistency',
    '--- | --- | --- | --- | --- | --- | ---',
    ...rows,
  ]
    .map((row) => `| ${row} |`)
    .join('\n');
}

function percent({ mean, interval }: Estimate): string {
  const figure = (value: number): string => (100 * Math.min(1, Math.max(0, value))).toFixed(1);
  return interval === undefined ? figure(mean) : `${figure(mean)} (${figure(interval.low)} to ${figure(interval.high)})`;
}

function points(gain: Estimate | undefined): string {
  if (gain === undefined) return '';
  const figure = (value: number): string => `${value < 0 ? '-' : '+'}${Math.abs(100 * value).toFixed(1)}`;
  const { mean, interval } = gain;
  return interval === undefined ? figure(mean) : `${figure(mean)} (${figure(interval.low)} to ${figure(interval.high)})`;
}

function limits({ data }: Settings): string {
  const drawn =
    data === 'drawn'
      ? `- **No natural images.** The drawn set has one figure before a striped ground, nearly upright and near the middle. Its fine stripes and
  sharp edges may well alias more than photographs do, so what a blur gains here need not be what it gains there. \`--cifar\` trains on CIFAR-10.
`
      : '';
  return `${drawn}- **Small networks, short training**: one setting of the optimiser for all, and few steps: a run can end far from where
  longer training would bring it, as the spread over seeds shows. The paper's networks are far larger; its
  figures and these cannot be set side by side, only their order can.
- **Few seeds**: an interval here tells whether a difference outlasts other first weights, not what another set would give.`;
}

/** What the drawn set is, and what was chosen by looking at results. */
const drawnSet = `- **Drawn set** ([study/data/drawn.ts](../study/data/drawn.ts)): ten figures, some of which resemble each other, with stripes, lines across and noise.
- **Chosen in trials of the first seed**: sizes, rate and epochs, such that the networks get most of the images right but not all (at a rate of
  0.15 two blurred VGGs stopped learning); and the set was made easier, since the DenseNet did not learn it at all while a figure could be
  darker as well as lighter than its ground. All of it is the same for every blur.
`;

function method({ settings, runs }: StudyRecord): string {
  const { data, epochs, batchSize, learningRate, pairs, sizes } = settings;
  const { vgg, densenet } = sizes;
  const minutes = runs.reduce((sum, { seconds }) => sum + seconds, 0) / 60;
  const backends = [...new Set(runs.map(({ backend }) => backend.replace(/ \(.*/, '')))].join(', ');
  return `- **Blurs** are our own BlurPool ([templates/blurpool.ts](../templates/blurpool.ts)): a max-pool becomes a maximum at stride 1 and a blur of stride
  2, and an average-pool gives way to the blur.
- **${networkLabels[networkNames[0]]}**: 3x3 convolutions with batch normalisation and ReLU, channels ${vgg.stages.map((stage) => stage.join(', ')).join(' | ')}, a max-pool of 2
  at each bar; mean over positions, softmax.
- **${networkLabels[networkNames[1]]}**: a 3x3 convolution to ${densenet.stem} channels and a max-pool of 2, then blocks of ${densenet.layers.join(', ')} dense layers of ${densenet.growth}
  channels each; between blocks a 1x1 convolution to half of the channels and an average-pool of 2. The paper's for CIFAR-10 has no max-pool,
  and an average-pool of 2 is Rect-2 itself: without the max-pool the rows "none" and "Rect-2" would be one network.
- **Borders** wrap everywhere, as in the paper's experiments on CIFAR-10: padding is circular and shifts roll the image, so that no loss is the
  border's.
- **Consistency** is the share of pairs of random shifts of one test image, up to a quarter of the side, that get the same class: ${pairs} ${
    pairs === 1 ? 'pair' : 'pairs'
  } an image,
  the same for every network. Accuracy is that of the images unshifted.
- **Shift augmentation** rolls each training image by such a shift, drawn anew every time.
- **Training**: stochastic gradient descent with Nesterov's momentum of 0.9, rate ${learningRate} falling to 0 along half a cosine, ${epochs} epochs, batches
  of ${batchSize}, no other augmentation. The figures are those of the last step.
${data === 'drawn' ? drawnSet : ''}- **Time**: ${minutes.toFixed(0)} minutes of training and testing in all, one thread a network, on ${backends}.

\`\`\`sh
npm run study                      # the drawn set; goes on where docs/study.json stops
npm run study -- --cifar FOLDER    # CIFAR-10, binary version (cifar-10-batches-bin); larger networks
npm run study -- --quick           # every part in seconds, in out/study; its figures mean nothing
\`\`\`

\`--workers N\` trains so many networks side by side (as many as there are cores), \`--images N\` and \`--epochs N\` make it shorter.
tfjs-node is used where it is installed, else the WASM backend, which takes two to four times as long. [study.json](study.json) has every run.`;
}
