import { createRequire } from 'node:module';
import path from 'node:path';
import { t } from '@vscode/l10n';
import { packagePlaces, placesVariable } from '../../protocol/package-places';
import type { TensorFlow } from './tensorflow';

/** The build with native kernels; an optional dependency, so its name is no literal that a bundler would chase. */
const nativePackage: string = '@tensorflow/tfjs-node';

/** A loaded native build, or why there is none. */
export type NativeResult =
  { readonly ok: true; readonly tf: TensorFlow; readonly place: string | undefined } | { readonly ok: false; readonly reason: string };

/** Loads tfjs-node from the first place that has one that works: those the host names, then this program's own packages. */
export async function loadNative(environment: NodeJS.ProcessEnv = process.env): Promise<NativeResult> {
  let reason: string | undefined;
  for (const { folder, place } of packagePlaces(environment[placesVariable.native])) {
    try {
      return { ok: true, tf: await ready(requireFrom(folder)), place };
    } catch (error) {
      const cause = whyNotNative(error);
      if (cause !== notInstalled) reason ??= t`that of ${place}: ${cause}`;
    }
  }
  try {
    return { ok: true, tf: await ready(await import(nativePackage)), place: undefined };
  } catch (error) {
    return { ok: false, reason: reason ?? whyNotNative(error) };
  }
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

const notInstalled = t('tfjs-node is not installed');

function whyNotNative(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const message = error instanceof Error ? error.message : String(error);
  // Its own message names folders of this machine and says the same at length.
  if (message.includes('tfjs_binding.node')) return t('tfjs-node is installed without its native addon');
  if (code === 'MODULE_NOT_FOUND' || code === 'ERR_MODULE_NOT_FOUND') return notInstalled;
  return t`tfjs-node did not load: ${message.split('\n')[0] ?? ''}`;
}
