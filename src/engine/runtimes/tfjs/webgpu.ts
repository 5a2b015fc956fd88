import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { t } from '@vscode/l10n';
import type { DeviceChoice } from '../../protocol/engine-settings';
import { packagePlaces, placesVariable, type PackagePlace } from '../../protocol/package-places';
import { whyNotUsed, type Adapter, type AdapterResult } from '../devices/adapter';
import { plainCause } from '../devices/gpu-trust';
import { onBackend, webGpu } from './on-backend';
import type { TensorFlow } from './tensorflow';

/** What we use of the package `webgpu`, which gives Node.js what browsers have of their own. */
interface WebGpuPackage {
  readonly globals: Readonly<Record<string, unknown>>;
  readonly create: (options: readonly string[]) => Gpu;
}

interface Gpu {
  requestAdapter(options: { readonly powerPreference: 'high-performance' }): Promise<GpuAdapter | null>;
}

interface GpuAdapter {
  readonly info: {
    readonly vendor: string;
    readonly architecture: string;
    readonly device: string;
    readonly description: string;
    /** True for an adapter in software. */
    readonly isFallbackAdapter?: boolean;
  };
}

/** The GPU backend, started beside the one of the processor; or why it is not. */
export type WebGpuStart =
  Extract<AdapterResult, { readonly ok: false }> | { readonly ok: true; readonly adapter: Adapter; readonly place: string };

/** Its name, a literal that no bundler should chase. */
const backendPackage: string = '@tensorflow/tfjs-backend-webgpu';

/** Never let go: the devices made of it end with it. */
const started: Gpu[] = [];

/** Starts the backend from the first place that has it. What other backends hold stays theirs. */
export async function startWebGpu(
  tf: TensorFlow,
  device: DeviceChoice,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<WebGpuStart> {
  for (const place of packagePlaces(environment[placesVariable.gpu])) {
    const file = packageFile(place);
    if (file === undefined) continue;
    try {
      return await startFrom(tf, place, file, device, environment);
    } catch (error) {
      return { ok: false, reason: t`the GPU backend of ${place.place} did not start: ${plainCause(error)}`, isFailure: true };
    }
  }
  return { ok: false, reason: t('the GPU backend of TensorFlow.js is not installed'), isFailure: false };
}

/** Where the package `webgpu` lies, where a place has both packages. */
function packageFile({ folder }: PackagePlace): string | undefined {
  const load = createRequire(path.join(folder, 'index.js'));
  try {
    load.resolve(backendPackage);
    return load.resolve('webgpu');
  } catch {
    return undefined;
  }
}

async function startFrom(
  tf: TensorFlow,
  { folder, place }: PackagePlace,
  file: string,
  device: DeviceChoice,
  environment: NodeJS.ProcessEnv,
): Promise<WebGpuStart> {
  // It is an ES module, which only an import loads.
  const { create, globals } = (await import(pathToFileURL(file).href)) as WebGpuPackage;
  const gpu = create([]);
  const found = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (found === null) return { ok: false, reason: t('no graphics card was found that WebGPU can use'), isFailure: false };
  const adapter = { name: nameOf(found), isSoftware: found.info.isFallbackAdapter === true };
  const reason = whyNotUsed(adapter, device, environment);
  if (reason !== undefined) return { ok: false, reason, isFailure: false };
  started.push(gpu);
  await withNavigator(gpu, globals, async () => {
    createRequire(path.join(folder, 'index.js'))(backendPackage);
    const [first] = await onBackend(tf, webGpu, () => firstAnswer(tf));
    if (first !== 2) throw new Error(t('its first answer was wrong'));
  });
  return { ok: true, adapter, place };
}

function nameOf({ info: { vendor, architecture, device, description } }: GpuAdapter): string {
  const card = [device, architecture, vendor].find((name) => name !== '' && !name.startsWith('0x'));
  return [...new Set([card ?? t('an unnamed card'), ...(description === '' ? [] : [description])])].join(', ');
}

/** TensorFlow.js looks for the card where browsers have it, once: other code may take a navigator for a browser. */
async function withNavigator(gpu: Gpu, globals: WebGpuPackage['globals'], start: () => Promise<void>): Promise<void> {
  for (const [name, value] of Object.entries(globals)) if (!(name in globalThis)) Object.assign(globalThis, { [name]: value });
  const before = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
  Object.defineProperty(globalThis, 'navigator', { value: { gpu, userAgent: '' }, configurable: true });
  try {
    await start();
  } finally {
    if (before === undefined) Reflect.deleteProperty(globalThis, 'navigator');
    else Object.defineProperty(globalThis, 'navigator', before);
  }
}

async function firstAnswer(tf: TensorFlow): Promise<Float32Array> {
  const numbers = tf.tensor1d([1, 3]);
  const answer = numbers.add(1);
  const values = await answer.data<'float32'>();
  tf.dispose([numbers, answer]);
  return values;
}
