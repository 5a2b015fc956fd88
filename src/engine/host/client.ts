import { EngineProcess } from './engine-process';
import type { DeployedMeasurement } from '../../core/equivariance/measure/deployed';
import type { FeatureMaps } from '../../core/equivariance/measure/feature-maps';
import type { Measurement } from '../../core/equivariance/measure/measurement';
import {
  EngineError,
  type Classification,
  type ClassifyOptions,
  type DeployedMeasureOptions,
  type EngineEvent,
  type EngineRequest,
  type FeatureOptions,
  type ImageFile,
  type InputSpec,
  type MeasureOptions,
  type ModelPayload,
  type RunOutput,
  type VariantResult,
  type WritableMaps,
} from '../protocol/protocol';

/** Where the engine process comes from. */
export interface EngineClientOptions {
  /** The bundled `process.ts`. */
  readonly modulePath: string;
  /** Upper bound on the budget of every measurement. */
  readonly memoryBudgetBytes?: number;
  /** More variables for the process, asked for each time one is started. */
  readonly environment?: () => Readonly<Record<string, string>>;
}

/** How a caller follows and ends a request. */
export interface RequestHandlers {
  readonly onEvent?: (event: EngineEvent) => void;
  /** Aborting rejects at once with code `cancelled`. */
  readonly signal?: AbortSignal;
}

type Outcome = Extract<EngineEvent, { kind: 'measured' | 'deployed' | 'features' | 'classified' | 'variants' | 'ran' | 'wrote' }>;
/** A request without its id, which the client assigns. */
type Work = { [Kind in EngineRequest['kind']]: Omit<Extract<EngineRequest, { kind: Kind }>, 'id'> }[
  'measure' | 'measure-deployed' | 'features' | 'classify' | 'measure-variants' | 'run' | 'write-maps'];

/** A process that has not confirmed a cancellation by then is taken to hang and is ended. */
const cancelConfirmationMs = 2000;

/**
 * Runs models in a child process, started by the first request and again after it has ended, so that a crash, a hang or
 * lack of memory ends one measurement and never the host. All methods reject with EngineError.
 */
export class EngineClient {
  private process: EngineProcess | undefined;
  private nextId = 1;

  constructor(private readonly options: EngineClientOptions) {}

  /** Heatmaps of all layers; `onEvent` hears of every event of the request, `started` first. */
  async measure(
    model: ModelPayload,
    input: InputSpec,
    options: MeasureOptions,
    handlers: RequestHandlers = {},
  ): Promise<{ readonly backend: string; readonly measurement: Measurement }> {
    const outcome = await this.request(
      { kind: 'measure', model, input, options: { ...options, memoryBudgetBytes: this.budget(options) } },
      handlers,
    );
    if (outcome.kind !== 'measured') throw mismatch();
    return { backend: outcome.backend, measurement: outcome.measurement };
  }

  /** Heatmaps under the deployed protocol. */
  async measureDeployed(
    model: ModelPayload,
    input: InputSpec,
    options: DeployedMeasureOptions,
    handlers: RequestHandlers = {},
  ): Promise<{ readonly backend: string; readonly measurement: DeployedMeasurement; readonly notes: readonly string[] }> {
    const outcome = await this.request(
      { kind: 'measure-deployed', model, input, options: { ...options, memoryBudgetBytes: this.budget(options) } },
      handlers,
    );
    if (outcome.kind !== 'deployed') throw mismatch();
    return outcome;
  }

  /** Feature maps of one layer for the image as it is and shifted. */
  async features(
    model: ModelPayload,
    input: InputSpec,
    options: FeatureOptions,
    handlers: RequestHandlers = {},
  ): Promise<{ readonly backend: string; readonly maps: FeatureMaps; readonly notes: readonly string[] }> {
    const outcome = await this.request(
      { kind: 'features', model, input, options: { ...options, memoryBudgetBytes: this.budget(options) } },
      handlers,
    );
    if (outcome.kind !== 'features') throw mismatch();
    return outcome;
  }

  /** Classes of shifted images; `onEvent` hears of every image as it is done. */
  async classify(
    model: ModelPayload,
    images: readonly ImageFile[],
    options: ClassifyOptions,
    handlers: RequestHandlers = {},
  ): Promise<Classification> {
    const outcome = await this.request(
      { kind: 'classify', model, images, options: { ...options, memoryBudgetBytes: this.budget(options) } },
      handlers,
    );
    if (outcome.kind !== 'classified') throw mismatch();
    return outcome;
  }

  /** Heatmaps of variants of one model, and classes of shifted images; what the variants share is run once. */
  async measureVariants(
    work: Omit<Extract<EngineRequest, { kind: 'measure-variants' }>, 'kind' | 'id'>,
    handlers: RequestHandlers = {},
  ): Promise<{ readonly backend: string; readonly variants: readonly VariantResult[] }> {
    const options = { ...work.options, memoryBudgetBytes: this.budget(work.options) };
    const outcome = await this.request({ ...work, kind: 'measure-variants', options }, handlers);
    if (outcome.kind !== 'variants') throw mismatch();
    return outcome;
  }

  /** Runs the unchanged model once. */
  async run(
    model: ModelPayload,
    input: InputSpec,
    handlers: RequestHandlers = {},
  ): Promise<{ readonly backend: string; readonly outputs: readonly RunOutput[] }> {
    const outcome = await this.request({ kind: 'run', model, input }, handlers);
    if (outcome.kind !== 'ran') throw mismatch();
    return { backend: outcome.backend, outputs: outcome.outputs };
  }

  /** Writes heatmaps or feature maps to a folder: float32 arrays (.npy) and pictures (.png). */
  async writeMaps(folder: string, maps: WritableMaps): Promise<void> {
    const outcome = await this.request({ kind: 'write-maps', folder, maps }, {});
    if (outcome.kind !== 'wrote') throw mismatch();
  }

  /** Ends the process; requests under way are rejected. A later request starts a new one. */
  dispose(): void {
    this.process?.end(new EngineError('cancelled', 'The measurement was cancelled because Shiftlint is closing.'));
    this.process = undefined;
  }

  /** Lets the next request start a new process, in which changed surroundings count; requests under way are rejected. */
  restart(): void {
    this.process?.end(new EngineError('cancelled', 'The measurement was cancelled because the backend has changed. Measure again.'));
    this.process = undefined;
  }

  /** Process id of the running engine, for diagnosis; undefined where none runs. */
  get processId(): number | undefined {
    return this.process?.running === true ? this.process.id : undefined;
  }

  private budget({ memoryBudgetBytes }: { readonly memoryBudgetBytes: number }): number {
    return Math.min(memoryBudgetBytes, this.options.memoryBudgetBytes ?? Number.POSITIVE_INFINITY);
  }

  private request(work: Work, { onEvent, signal }: RequestHandlers): Promise<Outcome> {
    return new Promise<Outcome>((resolve, reject) => {
      if (signal?.aborted === true) {
        reject(cancelledByUser());
        return;
      }
      const engine = this.runningProcess();
      const id = this.nextId++;
      const cancel = (): void => {
        reject(cancelledByUser());
        this.cancel(engine, id);
      };
      const settle = (): void => {
        signal?.removeEventListener('abort', cancel);
      };
      signal?.addEventListener('abort', cancel, { once: true });
      engine.submit(
        { ...work, id },
        {
          onEvent: (event) => {
            if (signal?.aborted !== true) onEvent?.(event);
            if (isOutcome(event)) resolve(event);
            else if (event.kind === 'failed') reject(new EngineError(event.code, event.message));
            else if (event.kind === 'cancelled') reject(cancelledByUser());
            else return;
            settle();
          },
          onExit: (error) => {
            settle();
            reject(error);
          },
        },
      );
    });
  }

  private runningProcess(): EngineProcess {
    if (this.process?.running !== true) this.process = new EngineProcess(this.options.modulePath, this.options.environment?.() ?? {});
    return this.process;
  }

  private cancel(engine: EngineProcess, id: number): void {
    engine.cancel(id);
    const timer = setTimeout(() => {
      if (!engine.isPending(id)) return;
      engine.end(
        new EngineError(
          'engine-exited',
          'The engine process was ended because it did not react to a cancellation. Measure again to start a new one.',
        ),
      );
    }, cancelConfirmationMs);
    timer.unref();
  }
}

function isOutcome(event: EngineEvent): event is Outcome {
  return (
    event.kind === 'measured' ||
    event.kind === 'deployed' ||
    event.kind === 'features' ||
    event.kind === 'classified' ||
    event.kind === 'variants' ||
    event.kind === 'ran' ||
    event.kind === 'wrote'
  );
}

function cancelledByUser(): EngineError {
  return new EngineError('cancelled', 'The measurement was cancelled.');
}

function mismatch(): EngineError {
  return new EngineError('internal', 'The engine process answered another question than it was asked. Measure again.');
}
