/** What models run on: `auto` takes a graphics card where the work is worth its start. */
export const deviceChoices = ['auto', 'cpu', 'gpu'] as const;
export type DeviceChoice = (typeof deviceChoices)[number];

/** How the engine process works, whatever it is asked. Its host says so as it starts it. */
export interface EngineSettings {
  readonly device: DeviceChoice;
  /** Threads of the runtimes; one a core where undefined. */
  readonly threads: number | undefined;
}

/** The variables by which the host tells them. */
const variables = { device: 'SHIFTLINT_DEVICE', threads: 'SHIFTLINT_THREADS' } as const satisfies Readonly<
  Record<keyof EngineSettings, string>
>;

/** What tfjs-node itself reads as it is loaded. */
const threadsOfTensorFlow = ['TF_NUM_INTRAOP_THREADS', 'OMP_NUM_THREADS'] as const;

/** Settings as variables of the process; those that are left out stay what its surroundings say. */
export function settingsEnvironment({ device, threads }: Partial<EngineSettings>): Readonly<Record<string, string>> {
  const names = [variables.threads, ...threadsOfTensorFlow];
  return {
    ...(device !== undefined && { [variables.device]: device }),
    ...(threads !== undefined && Object.fromEntries(names.map((name) => [name, `${threads}`]))),
  };
}

/** Reads the variables; whatever is no such setting counts as none. */
export function engineSettings(environment: NodeJS.ProcessEnv = process.env): EngineSettings {
  return { device: deviceNamed(environment[variables.device]) ?? 'auto', threads: threadsNamed(environment[variables.threads]) };
}

/** A choice by its name. */
export function deviceNamed(name: unknown): DeviceChoice | undefined {
  return deviceChoices.find((choice) => choice === name);
}

/** More threads than any machine has cores. */
const mostThreads = 1024;

/** A number of threads as text; undefined where it is none. */
export function threadsNamed(text: string | undefined): number | undefined {
  const threads = Number(text);
  return /^\d+$/.test(text ?? '') && threads >= 1 && threads <= mostThreads ? threads : undefined;
}
