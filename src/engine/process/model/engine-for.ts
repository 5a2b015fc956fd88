import { t } from '@vscode/l10n';
import type { FormatId } from '../../../core/graph/model-graph';
import { engineSettings, type DeviceChoice } from '../../protocol/engine-settings';
import { guardedEngine, withNote, type GpuEngineResult } from '../../runtimes/devices/gpu-engine';
import { isWorthGpu } from '../../runtimes/devices/gpu-worth';
import type { Engine } from '../../runtimes/engine';
import { watchedEngine } from './run-watch';

/** The runtimes of a format. */
export interface FormatRuntimes {
  readonly processor: () => Promise<Engine>;
  readonly gpu: (device: DeviceChoice) => Promise<GpuEngineResult>;
}

const runtimes = new Map<FormatId, FormatRuntimes>();

/**
 * The engine of one call, which starts with no notes to tell. Runtimes are loaded when first asked for: users of one format never load the
 * other's, and nobody loads that of a graphics card who does not use it.
 *
 * @param multiplyAdds that the call will take, about; a graphics card has to be worth its start
 */
export async function engineFor(format: FormatId, multiplyAdds: number): Promise<Engine> {
  const known = runtimes.get(format) ?? loadedOnce(runtimesOf(format));
  runtimes.set(format, known);
  const engine = await chooseEngine(known, engineSettings().device, multiplyAdds);
  return watchedEngine(engine);
}

/** Takes a graphics card where it is wanted, worth it, and there. */
export async function chooseEngine({ processor, gpu }: FormatRuntimes, device: DeviceChoice, multiplyAdds: number): Promise<Engine> {
  const onProcessor = await processor();
  onProcessor.notesOfRun();
  if (!isWorthGpu(device, multiplyAdds)) return onProcessor;
  const found = await gpu(device);
  if (found.ok) return guardedEngine(found.engine, onProcessor);
  // Without a card `auto` is the processor, as nearly everywhere; one that is there and does not work is told of.
  if (device === 'auto' && !found.isFailure) return onProcessor;
  return withNote(onProcessor, t`No graphics card is used: ${found.reason}.`);
}

function runtimesOf(format: FormatId): FormatRuntimes {
  switch (format) {
    case 'onnx':
      return {
        processor: async () => (await import('../../runtimes/onnx/index')).createOnnxEngine(),
        gpu: async (device) => (await import('../../runtimes/onnx/index')).createOnnxGpuEngine(device),
      };
    case 'tfjs-graph':
    case 'tfjs-layers':
      return {
        processor: async () => (await import('../../runtimes/tfjs/index')).createTfjsEngine(),
        gpu: async (device) => (await import('../../runtimes/tfjs/index')).createTfjsGpuEngine(device),
      };
  }
}

/** The settings of a process never change, nor do its graphics cards. */
function loadedOnce({ processor, gpu }: FormatRuntimes): FormatRuntimes {
  let [engine, card]: [Promise<Engine> | undefined, Promise<GpuEngineResult> | undefined] = [undefined, undefined];
  return {
    processor: () => (engine ??= processor()),
    gpu: (device) => (card ??= gpu(device)),
  };
}
