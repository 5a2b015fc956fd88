import { existsSync } from 'node:fs';
import path from 'node:path';
import { deviceChoices, deviceNamed, settingsEnvironment, threadsNamed, type EngineSettings } from '../engine/protocol/engine-settings';
import { packagePlaces, placesVariable, type PackagePlace } from '../engine/protocol/package-places';
import { UsageError } from './command';

/** What the options of all commands that run models have set. */
interface Chosen {
  readonly settings: Partial<EngineSettings>;
  /** Folders that were named for packages, first of all places. */
  readonly places: Readonly<Partial<Record<keyof typeof placesVariable, PackagePlace>>>;
}

let chosen: Chosen = { settings: {}, places: {} };

/** An option of every command that runs models: it concerns the engine, whatever it is asked. */
interface EngineOption {
  readonly name: string;
  /** What the help calls its value. */
  readonly value: string;
  /** A sentence for the help. */
  readonly summary: string;
  /** @throws UsageError */
  readonly take: (value: string, before: Chosen) => Chosen;
}

/** These options, which are read in this file alone. */
export const engineOptions: readonly EngineOption[] = [
  {
    name: '--device',
    value: deviceChoices.join('|'),
    summary: 'says what models run on; auto, the default, takes a graphics card where the work is worth its start.',
    take: (value, { settings, places }) => {
      const device = deviceNamed(value);
      if (device === undefined) throw new UsageError(`--device takes ${deviceChoices.join(', ')}, not "${value}".`);
      return { settings: { ...settings, device }, places };
    },
  },
  {
    name: '--threads',
    value: 'N',
    summary: 'says how many threads run models; one a core without it.',
    take(value, { settings, places }) {
      const threads = threadsNamed(value);
      if (threads === undefined) throw new UsageError(`--threads takes a number from 1 on, not "${value}".`);
      return { settings: { ...settings, threads }, places };
    },
  },
  {
    name: '--tfjs-node',
    value: 'FOLDER',
    summary: "runs TensorFlow.js models on the tfjs-node of that folder's node_modules; else that of the working folder is used.",
    take: (value, { settings, places }) => {
      const folder = path.resolve(value);
      const isPackage = path.basename(folder) === 'tfjs-node' && existsSync(path.join(folder, 'package.json'));
      if (!isPackage) requirePackages('--tfjs-node', value, ['@tensorflow/tfjs-node']);
      return { settings, places: { ...places, native: { folder, place: 'the folder of --tfjs-node' } } };
    },
  },
  {
    name: '--tfjs-webgpu',
    value: 'FOLDER',
    summary:
      "runs TensorFlow.js models on a graphics card by the webgpu and @tensorflow/tfjs-backend-webgpu of that folder's node_modules.",
    take: (value, { settings, places }) => {
      requirePackages('--tfjs-webgpu', value, ['@tensorflow/tfjs-backend-webgpu', 'webgpu']);
      return { settings, places: { ...places, gpu: { folder: path.resolve(value), place: 'the folder of --tfjs-webgpu' } } };
    },
  },
];

/** What a value is where the help has a word in capitals. */
const valueNames: Readonly<Partial<Record<string, string>>> = { FOLDER: 'a folder', N: 'a number' };

/**
 * The words without these options, which from now on count.
 * @throws UsageError also where a folder lacks what it is named for: the slower backend in its place would be taken for it
 */
export function withoutEngineOptions(words: readonly string[]): readonly string[] {
  return engineOptions.reduce(withoutOption, words);
}

function withoutOption(words: readonly string[], { name, value: takes, take }: EngineOption): readonly string[] {
  const place = words.findIndex((word) => word === name || word.startsWith(`${name}=`));
  const word = words[place];
  if (word === undefined) return words;
  const isSplit = word === name;
  const value = isSplit ? words[place + 1] : word.slice(name.length + 1);
  if (value === undefined || value === '' || (isSplit && value.startsWith('-')))
    throw new UsageError(`${name} takes ${valueNames[takes] ?? takes.replaceAll('|', ', ')}.`);
  chosen = take(value, chosen);
  return words.toSpliced(place, isSplit ? 2 : 1);
}

/** @throws UsageError */
function requirePackages(option: string, folder: string, packages: readonly string[]): void {
  const missing = packages.find((name) => !existsSync(path.join(path.resolve(folder), 'node_modules', name, 'package.json')));
  if (missing === undefined) return;
  throw new UsageError(
    `There is no node_modules/${missing} in "${folder}" for ${option}: install it there by npm install ${packages.join(' ')}.`,
  );
}

/** Variables for the engine process: its settings, and where it looks for packages, the folder that was named first. */
export function engineEnvironment(): Readonly<Record<string, string>> {
  const { settings, places } = chosen;
  const lists = (['native', 'gpu'] as const).map((kind): readonly [string, string] => {
    const named = places[kind];
    const list: readonly PackagePlace[] = [
      ...(named === undefined ? [] : [named]),
      ...packagePlaces(process.env[placesVariable[kind]]),
      { folder: process.cwd(), place: 'the working folder' },
    ];
    return [placesVariable[kind], JSON.stringify(list)];
  });
  return { ...settingsEnvironment(settings), ...Object.fromEntries(lists) };
}
