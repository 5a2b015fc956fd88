import { t } from '@vscode/l10n';
import type { DeviceChoice } from '../../protocol/engine-settings';

/** A graphics card, as far as a runtime tells of it. */
export interface Adapter {
  /** Device and driver, as shown to people: `NVIDIA H100, NVIDIA driver 550.54`. */
  readonly name: string;
  /** Undefined where that is not known. */
  readonly isSoftware: boolean | undefined;
}

/** What a look for a graphics card came to; where there is none, whether something failed or there is simply nothing to use. */
export type AdapterResult =
  { readonly ok: true; readonly adapter: Adapter } | { readonly ok: false; readonly reason: string; readonly isFailure: boolean };

/** The variable that lets `gpu` take a software adapter, for tests. */
export const softwareVariable = 'SHIFTLINT_GPU_SOFTWARE';

/** Why an adapter is not used, as a clause; undefined where it may be. `auto` takes hardware only. */
export function whyNotUsed(
  { name, isSoftware }: Adapter,
  device: DeviceChoice,
  environment: NodeJS.ProcessEnv = process.env,
): string | undefined {
  if (isSoftware === false) return undefined;
  if (device === 'auto') return isSoftware === true ? t`${name} is a program, not a graphics card` : t`it is not known what ${name} is`;
  if (isSoftware === undefined || environment[softwareVariable] === '1') return undefined;
  return t`${name} is a program, not a graphics card, and slower than the processor; ${softwareVariable}=1 takes it all the same`;
}
