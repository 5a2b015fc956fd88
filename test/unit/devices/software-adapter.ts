import { existsSync } from 'node:fs';
import { softwareVariable } from '../../../src/engine/runtimes/devices/adapter';

/** A driver in software compiles every operation anew, which a busy machine takes its time for. */
export const driverTimeoutMs = 180_000;

/** The Vulkan driver in software that Debian's chromium carries. */
const driver = '/usr/lib/chromium/vk_swiftshader_icd.json';

/**
 * Lets WebGPU find a driver in software, where this machine has one, and the engine take it. To be called before any runtime is loaded.
 * Why there is none, as a clause; undefined where there may be one.
 */
export function whyNoSoftwareAdapter(): string | undefined {
  if (process.env['VK_ICD_FILENAMES'] === undefined) {
    if (!existsSync(driver)) return `there is no ${driver} (apt-get install chromium libvulkan1)`;
    process.env['VK_ICD_FILENAMES'] = driver;
  }
  process.env['XDG_RUNTIME_DIR'] ??= '/tmp';
  process.env[softwareVariable] = '1';
  return undefined;
}
