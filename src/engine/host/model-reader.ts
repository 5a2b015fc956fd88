import type { CallRequest } from '../protocol/calls';
import { EngineError } from '../protocol/engine-error';
import type { SentModel } from '../protocol/payload';
import type { Asked, HeldModel, ReadingAnswer, ReadingKind } from '../protocol/reading';
import type { EngineClient } from './client';
import { stoppedReading } from './reading-errors';

/** A model that somebody asks about. */
export interface ReadableModel extends Pick<HeldModel, 'id' | 'version' | 'format' | 'imageSize'> {
  /** Shown in messages. */
  readonly path: string;
  /** The model for the process to open; asked for where the process does not hold it. */
  readonly sent: () => SentModel | Promise<SentModel>;
  /** Where the model lies on no disk: reads a file beside it, null where there is none. */
  readonly readBeside?: (path: string) => Promise<Uint8Array | null>;
}

/** A process that tells nothing of a call for so long is ended. */
const answerWithinMs = 30_000;

/**
 * Reads and judges models in a process of its own, so that whoever asks never waits for a file, whatever is in it. One call is under
 * way at a time: the call that ends the process is the one at fault, and the others are served by the next process.
 */
export class ModelReader {
  /** What the running process holds, as far as it was told: version by document. */
  private readonly held = new Map<string, string>();
  private heldBy: number | undefined;
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly client: EngineClient,
    private readonly silenceMs = answerWithinMs,
  ) {}

  /** Answers what the map says of the call. @throws ModelError `stopped` where the process did not survive the call or hung */
  ask<Kind extends ReadingKind>(
    kind: Kind,
    model: ReadableModel,
    request: Omit<CallRequest<NoInfer<Kind>>, 'model'>,
  ): Promise<ReadingAnswer<Kind>> {
    const turn = this.last.then(() => this.serve(kind, model, request));
    this.last = turn.catch(() => undefined);
    return turn;
  }

  /** Process id of the running reader, for diagnosis; undefined where none runs. */
  get processId(): number | undefined {
    return this.client.processId;
  }

  dispose(): void {
    this.client.dispose();
  }

  private async serve<Kind extends ReadingKind>(
    kind: Kind,
    model: ReadableModel,
    request: Omit<CallRequest<Kind>, 'model'>,
  ): Promise<ReadingAnswer<Kind>> {
    const beside: Record<string, Uint8Array | null> = {};
    for (let isSent = !this.holds(model); ;) {
      const held = await heldModel(model, isSent, beside);
      const result = await this.call(kind, model, { ...request, model: held });
      switch (result.kind) {
        case 'answer':
          this.held.set(model.id, model.version);
          return result.answer;
        case 'lacks-model':
          if (isSent) throw new Error(`The reading process lost ${model.path}.`);
          isSent = true;
          break;
        case 'lacks-files':
          for (const path of result.paths) beside[path] = (await model.readBeside?.(path)) ?? null;
      }
    }
  }

  private holds({ id, version }: ReadableModel): boolean {
    const { processId } = this.client;
    if (processId === undefined || processId !== this.heldBy) this.held.clear();
    return this.held.get(id) === version;
  }

  private async call<Kind extends ReadingKind>(
    kind: Kind,
    { path }: ReadableModel,
    request: CallRequest<Kind>,
  ): Promise<Asked<ReadingAnswer<Kind>>> {
    try {
      const call = this.client.call(kind, request, { silenceMs: this.silenceMs });
      this.heldBy = this.client.processId;
      return (await call) as Asked<ReadingAnswer<Kind>>;
    } catch (error) {
      throw error instanceof EngineError ? stoppedReading(path, error, this.silenceMs) : error;
    }
  }
}

async function heldModel(
  { id, version, format, imageSize, sent, readBeside }: ReadableModel,
  isSent: boolean,
  beside: Readonly<Record<string, Uint8Array | null>>,
): Promise<HeldModel> {
  return {
    id,
    version,
    sent: isSent ? await sent() : null,
    ...(format !== undefined && { format }),
    ...(imageSize !== undefined && { imageSize }),
    ...(readBeside !== undefined && { beside }),
  };
}
