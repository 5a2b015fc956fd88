/** What models run on: `auto` takes a graphics card where the work is worth its start. */
export const deviceChoices = ['auto', 'cpu', 'gpu'] as const;
export type DeviceChoice = (typeof deviceChoices)[number];

/** How the engine process works, whatever it is asked. Its host says so as it starts it. */
export interface EngineSettings {
  readonly device: DeviceChoice;
}

/** The variables by which the host tells them. */
const variables = { device: 'SHIFTLINT_DEVICE' } as const satisfies Readonly<Record<keyof EngineSettings, string>>;

/** Settings as variables of the process; those that are left out stay what its surroundings say. */
export function settingsEnvironment({ device }: Partial<EngineSettings>): Readonly<Record<string, string>> {
  return { ...(device !== undefined && { [variables.device]: device }) };
}

/** Reads the variables; whatever is no such setting counts as none. */
export function engineSettings(environment: NodeJS.ProcessEnv = process.env): EngineSettings {
  return { device: deviceNamed(environment[variables.device]) ?? 'auto' };
}

/** A choice by its name. */
export function deviceNamed(name: unknown): DeviceChoice | undefined {
  return deviceChoices.find((choice) => choice === name);
}
