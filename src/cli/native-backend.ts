import { existsSync } from 'node:fs';
import path from 'node:path';
import { nativeCandidates, nativeCandidatesVariable, type NativeCandidate } from '../engine/protocol/native-candidates';
import { UsageError } from './command';

/** The option of every command that runs models: where tfjs-node is installed. */
export const nativeOption = '--tfjs-node';

let named: string | undefined;

/**
 * The words without `--tfjs-node FOLDER`, which from now on counts.
 * @throws UsageError where the folder has no tfjs-node: the slower backend in its place would be taken for it
 */
export function withoutNativeOption(words: readonly string[]): readonly string[] {
  const place = words.findIndex((word) => word === nativeOption || word.startsWith(`${nativeOption}=`));
  const word = words[place];
  if (word === undefined) return words;
  const isSplit = word === nativeOption;
  const folder = isSplit ? words[place + 1] : word.slice(nativeOption.length + 1);
  if (folder === undefined || folder === '' || (isSplit && folder.startsWith('-'))) throw new UsageError(`${nativeOption} takes a folder.`);
  const found = path.resolve(folder);
  const isPackage = path.basename(found) === 'tfjs-node' && existsSync(path.join(found, 'package.json'));
  if (!isPackage && !existsSync(path.join(found, 'node_modules/@tensorflow/tfjs-node/package.json')))
    throw new UsageError(
      `There is no node_modules/@tensorflow/tfjs-node in "${folder}": install it there by npm install @tensorflow/tfjs-node.`,
    );
  named = found;
  return words.toSpliced(place, isSplit ? 2 : 1);
}

/** Variables for the engine process: it looks for tfjs-node in the named folder, where the variable says, and in the working folder. */
export function nativeEnvironment(): Readonly<Record<string, string>> {
  const candidates: readonly NativeCandidate[] = [
    ...(named === undefined ? [] : [{ folder: named, place: `the folder of ${nativeOption}` }]),
    ...nativeCandidates(process.env[nativeCandidatesVariable]),
    { folder: process.cwd(), place: 'the working folder' },
  ];
  return { [nativeCandidatesVariable]: JSON.stringify(candidates) };
}
