import { t } from '@vscode/l10n';
import type { CallKind } from '../protocol/calls';
import type { CallMessage, CallAnswer, ToProcess } from '../protocol/messages';
import { withText } from '../protocol/parts';
import { ArrivingParts, isPartAhead } from '../protocol/sent-ahead';
import { describeFailure, type Failure } from './failure';
import type { Handlers, ServedCall } from './handler';

/**
 * The process's end of the conversation: serves calls one at a time, in order, and answers each exactly once, whatever becomes of
 * it. A cancellation takes effect between two runs of the model.
 */
export class CallQueue {
  private readonly waiting: CallMessage[] = [];
  private readonly cancelled = new Set<number>();
  /** Texts of calls that are still to come. */
  private readonly texts = new Map<number, string[]>();
  private readonly ahead = new ArrivingParts();
  private served: number | undefined;

  constructor(
    private readonly handlers: Partial<Handlers<CallKind>>,
    private readonly send: (message: CallAnswer) => void,
    private readonly describe: (error: unknown) => Failure = describeFailure,
  ) {}

  /** The call that is being served. */
  get servedId(): number | undefined {
    return this.served;
  }

  receive(message: ToProcess): void {
    if (message.kind === 'cancel') {
      this.cancel(message.id);
      return;
    }
    if (message.kind === 'part') {
      this.texts.set(message.id, [...(this.texts.get(message.id) ?? []), message.text]);
      return;
    }
    if (isPartAhead(message)) {
      this.ahead.add(message);
      return;
    }
    this.waiting.push(this.withOwnText(this.ahead.complete(message)));
    if (this.served === undefined) void this.serveWaiting();
  }

  /** A call with the text that came ahead of it. */
  private withOwnText(call: CallMessage): CallMessage {
    const text = this.texts.get(call.id);
    this.texts.delete(call.id);
    return text === undefined ? call : ({ ...call, request: withText(call.request, text) } as CallMessage);
  }

  private cancel(id: number): void {
    const [hadText, hadParts] = [this.texts.delete(id), this.ahead.forget(id)];
    if (hadText || hadParts) {
      this.send({ kind: 'cancelled', id });
      return;
    }
    const place = this.waiting.findIndex((call) => call.id === id);
    if (place >= 0) {
      this.waiting.splice(place, 1);
      this.send({ kind: 'cancelled', id });
    } else if (id === this.served) {
      this.cancelled.add(id);
    }
  }

  private async serveWaiting(): Promise<void> {
    for (let call = this.waiting.shift(); call !== undefined; call = this.waiting.shift()) {
      this.served = call.id;
      this.send(await this.outcome(call));
      this.cancelled.delete(call.id);
      this.served = undefined;
    }
  }

  private async outcome<Kind extends CallKind>({ id, call, request }: CallMessage<Kind>): Promise<CallAnswer> {
    const handler = Object.hasOwn(this.handlers, call) ? this.handlers[call] : undefined;
    if (handler === undefined) return { kind: 'failed', id, code: 'internal', message: unknownCall(call) };
    try {
      const result = await handler(request, this.servedCall(id));
      return result === undefined ? { kind: 'cancelled', id } : { kind: 'result', id, result };
    } catch (error) {
      return { kind: 'failed', id, ...this.describe(error) };
    }
  }

  private servedCall<Kind extends CallKind>(id: number): ServedCall<Kind> {
    const { cancelled } = this;
    return {
      get cancelled() {
        return cancelled.has(id);
      },
      report: (progress) => {
        this.send({ kind: 'progress', id, progress });
      },
    };
  }
}

function unknownCall(call: string): string {
  return t`The engine process does not know the call "${call}": it belongs to another version of Shiftlint. Install Shiftlint again.`;
}
