import { readForImage } from '../model/read-for-image';
import { areUnchanged, fileStates, wereSettled, type FileState } from './file-states';
import { wantedKey, type WantedModel } from './wanted-model';
import { WorkedModel } from './worked-model';

/** A model in the hands of one call. */
export interface TakenModel {
  readonly wanted: WantedModel;
  readonly worked: WorkedModel;
  readonly key: string;
  /** Its files as they were before anything but the graph was read of them; undefined where their next change might not be seen. */
  readonly files: readonly FileState[] | undefined;
}

/** What is kept lets go of its memory after so long without a call. */
const keptMs = 5 * 60_000;

/** Of the memory budget, what may be kept between calls. */
const keptShare = 1 / 2;

/**
 * The last model that was run stays open, with its sessions, until it is asked for again. While a call works with it, it is the call's;
 * it comes back whole or not at all. It serves only the very files that it was read from, and is let go of when any other model is run,
 * when the editor closes it, and when nobody needed it for a while. So at most one is kept, and none beside another.
 */
export class KeptModels {
  private kept: TakenModel | undefined;
  private timer: NodeJS.Timeout | undefined;

  /** @param idleMs after which a model that nobody asks for is let go of */
  constructor(private readonly idleMs = keptMs) {}

  /** The model that is wanted: the one that is kept, or read anew. @throws ModelError */
  async take(wanted: WantedModel): Promise<TakenModel> {
    const kept = this.release();
    const key = wantedKey(wanted);
    if (kept !== undefined) {
      if (kept.key === key && (await isUnchanged(kept, wanted))) return { ...kept, wanted };
      await kept.worked.dispose();
    }
    const startMs = Date.now();
    const before = await statesOf(wanted, []);
    const worked = new WorkedModel(await readForImage(wanted.sent, wanted.size, wanted.input));
    const states = await statesOf(wanted, weightFilesOf(worked));
    const isKnown = before !== undefined && states !== undefined && wereSettled(states, startMs);
    const files = isKnown && areUnchanged(states.slice(0, before.length), before) ? states : undefined;
    return { wanted, worked, key, files };
  }

  /**
   * Keeps a model for the next call, if its files are still what they were when it was taken, and it is no burden; else closes it.
   * @param budgetBytes of the whole process
   */
  async giveBack(taken: TakenModel, budgetBytes: number): Promise<void> {
    const { worked, wanted } = taken;
    const mayServe = worked.endCall() && worked.bytes <= budgetBytes * keptShare && (await isUnchanged(taken, wanted));
    if (!mayServe || this.kept !== undefined) {
      await worked.dispose();
      return;
    }
    this.kept = taken;
    this.timer = setTimeout(() => void this.letGo(), this.idleMs);
    this.timer.unref();
  }

  /** Closes what is kept. @param path only the model that messages call so */
  async letGo(path?: string): Promise<void> {
    if (path !== undefined && this.kept?.wanted.sent.path !== path) return;
    await this.release()?.worked.dispose();
  }

  /** Hands over what is kept. */
  private release(): TakenModel | undefined {
    const { kept } = this;
    this.kept = undefined;
    clearTimeout(this.timer);
    return kept;
  }
}

/** The models of this process. */
export const keptModels = new KeptModels();

/** Whether the files that a model was read from are still the same. */
async function isUnchanged({ worked, files }: TakenModel, wanted: WantedModel): Promise<boolean> {
  const states = files && (await statesOf(wanted, weightFilesOf(worked)));
  return files !== undefined && states !== undefined && areUnchanged(states, files);
}

function weightFilesOf({ read: { graph } }: WorkedModel): readonly string[] {
  return graph.weightFiles ?? [];
}

/** Undefined where a file cannot be looked at: whoever reads it says why. */
async function statesOf({ sent }: WantedModel, weightFiles: readonly string[]): Promise<readonly FileState[] | undefined> {
  return fileStates(sent, weightFiles).catch(() => undefined);
}
