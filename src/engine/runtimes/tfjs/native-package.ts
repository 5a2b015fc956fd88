import { createRequire } from 'node:module';
import path from 'node:path';
import type { TensorFlow } from './tensorflow';

/** A folder from which tfjs-node may be found, and how that place is called in front of people. */
export interface NativeCandidate {
  /** A folder with `node_modules`, or the package's own. */
  readonly folder: string;
  /** For example `the workspace`. */
  readonly place: string;
}

/** The variable by which the host tells the engine process where to look, as JSON. */
export const nativeCandidatesVariable = 'SHIFTLINT_TFJS_NODE';

/** The build with native kernels; an optional dependency, so its name is no literal that a bundler would chase. */
const nativePackage: string = '@tensorflow/tfjs-node';

/** A loaded native build, or why there is none. */
export type NativeResult =
  { readonly ok: true; readonly tf: TensorFlow; readonly place: string | undefined } | { readonly ok: false; readonly reason: string };

/** Loads tfjs-node from the first place that has one that works: those the host names, then this program's own packages. */
export async function loadNative(environment: NodeJS.ProcessEnv = process.env): Promise<NativeResult> {
  let reason: string | undefined;
  for (const { folder, place } of nativeCandidates(environment[nativeCandidatesVariable])) {
    try {
      return { ok: true, tf: await ready(requireFrom(folder)), place };
    } catch (error) {
      const cause = whyNotNative(error);
      if (cause !== notInstalled) reason ??= `that of ${place}: ${cause}`;
    }
  }
  try {
    return { ok: true, tf: await ready(await import(nativePackage)), place: undefined };
  } catch (error) {
    return { ok: false, reason: reason ?? whyNotNative(error) };
  }
}

/** Reads the variable; anything else than a list of candidates counts as none. */
export function nativeCandidates(text: string | undefined): readonly NativeCandidate[] {
  try {
    const list: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(list) ? list.filter(isCandidate) : [];
  } catch {
    return [];
  }
}

function isCandidate(value: unknown): value is NativeCandidate {
  if (typeof value !== 'object' || value === null) return false;
  const { folder, place }: { folder?: unknown; place?: unknown } = value;
  return typeof folder === 'string' && typeof place === 'string';
}

function requireFrom(folder: string): unknown {
  const load = createRequire(path.join(folder, 'index.js'));
  const isPackage = path.basename(folder) === 'tfjs-node' && path.basename(path.dirname(folder)) === '@tensorflow';
  return load(isPackage ? folder : nativePackage);
}

async function ready(loaded: unknown): Promise<TensorFlow> {
  const native = loaded as TensorFlow & { readonly default?: TensorFlow };
  const tf = native.default ?? native;
  await tf.ready();
  return tf;
}

const notInstalled = 'tfjs-node is not installed';

function whyNotNative(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const message = error instanceof Error ? error.message : String(error);
  // Its own message names folders of this machine and says the same at length.
  if (message.includes('tfjs_binding.node')) return 'tfjs-node is installed without its native addon';
  if (code === 'MODULE_NOT_FOUND' || code === 'ERR_MODULE_NOT_FOUND') return notInstalled;
  return `tfjs-node did not load: ${message.split('\n')[0] ?? ''}`;
}
