import { availableParallelism } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { cifarSettings, drawnSettings, quickSettings, type Settings } from './settings';
import { StudyError } from './study-error';

export const usage =
  'npm run study [-- [--cifar FOLDER] [--quick] [--images N] [--epochs N] [--workers N] [--out FOLDER]]\n' +
  '  --cifar    folder of CIFAR-10, binary version; without it the drawn set\n' +
  '  --quick    every part in seconds, with figures that mean nothing, in out/study\n' +
  '  --images   training images, the first ones of the set\n' +
  '  --epochs   times that each training image is seen\n' +
  '  --workers  networks that are trained side by side, each on a core of its own\n' +
  '  --out      where study.md, study.svg and study.json go: docs';

/** What a study is asked for. */
export interface Options {
  readonly settings: Settings;
  readonly cifarFolder: string | undefined;
  readonly workers: number;
  /** Where the page, the scatter and the runs go. */
  readonly out: string;
}

/** Reads the words behind the command. @throws StudyError with the usage */
export function parseOptions(words: readonly string[]): Options {
  const { cifar, quick, images, epochs, workers, out } = valuesOf(words);
  const data = cifar === undefined ? 'drawn' : 'cifar';
  const preset = quick === true ? quickSettings(data) : data === 'cifar' ? cifarSettings : drawnSettings;
  return {
    settings: {
      ...preset,
      trainingImages: wholeNumber('--images', images) ?? preset.trainingImages,
      epochs: wholeNumber('--epochs', epochs) ?? preset.epochs,
    },
    cifarFolder: cifar === undefined ? undefined : path.resolve(cifar),
    workers: wholeNumber('--workers', workers) ?? availableParallelism(),
    out: path.resolve(out ?? (quick === true ? 'out/study' : 'docs')),
  };
}

function valuesOf(words: readonly string[]) {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({
      args: [...words],
      options: { cifar: text, quick: { type: 'boolean' }, images: text, epochs: text, workers: text, out: text },
    }).values;
  } catch (error) {
    throw new StudyError(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
  }
}

function wholeNumber(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new StudyError(`${option} takes a whole number from 1 up, not "${text}".\n${usage}`);
  return Number(text);
}
