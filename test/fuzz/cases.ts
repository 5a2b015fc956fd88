import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ModelError } from '../../src/core/model-error';
import { codeSession } from '../unit/code/code-session';
import { readCorpus } from './corpus';
import { Random } from './random';
import { codeSurfaces } from './surfaces/code';
import { modelSurfaces } from './surfaces/models';
import type { Surface } from './surfaces/surface';
import { textSurfaces } from './surfaces/texts';

/** All surfaces, over the files of the repository and those of other folders. */
export async function allSurfaces(root: string, more: readonly string[]): Promise<readonly Surface[]> {
  const corpus = readCorpus(root, more);
  const session = await codeSession();
  const tensor = new Uint8Array(readFileSync(path.join(root, 'test/fixtures/textbook/signal-nchw.npy')));
  return [...modelSurfaces(corpus), ...codeSurfaces(corpus, session), ...textSurfaces(corpus, tensor)];
}

/** How a case ended; `untyped` with the stack. */
export type CaseEnd = { readonly kind: 'fine' } | { readonly kind: 'typed' } | { readonly kind: 'untyped'; readonly stack: string };

/** Runs the case of a number: the same surface, seed and corpus make the same case. */
export async function runCase(surface: Surface, seed: number): Promise<CaseEnd> {
  try {
    await surface.run(new Random(seed));
    return { kind: 'fine' };
  } catch (error) {
    if (error instanceof ModelError && error.code !== 'internal') return { kind: 'typed' };
    const cause = error instanceof Error && error.cause instanceof Error ? `\ncaused by ${error.cause.stack ?? ''}` : '';
    return { kind: 'untyped', stack: `${error instanceof Error ? (error.stack ?? error.message) : String(error)}${cause}` };
  }
}
