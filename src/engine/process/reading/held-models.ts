import type { ModelSource, OpenedModel } from '../../../core/formats/format';
import { modelFormats, openIfModel } from '../../../core/formats/registry';
import { sentSource } from '../../input/sent-model';
import type { HeldModel } from '../../protocol/reading';

/** Models that are kept open: as many as people work on at a time, and as many layers as the process has room for. */
const keptModels = 32;
const keptLayers = 200_000;

/** Somebody has to send the model, or files beside it. */
export class Lacking extends Error {
  override readonly name = 'Lacking';

  /** @param paths of the files; null where the model itself is missing */
  constructor(readonly paths: readonly string[] | null) {
    super('Something that was not sent is needed.');
  }
}

interface Kept {
  readonly version: string;
  readonly model: OpenedModel | null;
  /** Files beside a model that lies on no disk, as far as they were sent. */
  readonly beside: Map<string, Uint8Array | null>;
}

/** The models that the process has opened, one version of each document, the latest asked for last. */
export class HeldModels {
  private readonly kept = new Map<string, Kept>();

  /** Null for a file that is no model. @throws ModelError, Lacking */
  async open(wanted: HeldModel): Promise<OpenedModel | null> {
    const { id, version, sent } = wanted;
    const known = this.kept.get(id);
    this.kept.delete(id);
    if (known?.version === version) {
      this.kept.set(id, known);
      for (const [path, bytes] of Object.entries(wanted.beside ?? {})) known.beside.set(path, bytes);
      return known.model;
    }
    if (sent === null) throw new Lacking(null);
    const formats = wanted.format === undefined ? modelFormats : modelFormats.filter((format) => format.id === wanted.format);
    const beside = new Map(Object.entries(wanted.beside ?? {}));
    const source = wanted.beside === undefined ? sentSource(sent) : besideOnly(sentSource(sent), beside);
    const sized = wanted.imageSize === undefined ? source : { ...source, imageSize: wanted.imageSize };
    const model = (await openIfModel(sized, formats)) ?? null;
    this.kept.set(id, { version, model, beside });
    this.makeRoom();
    return model;
  }

  /** Lets go of those that nobody has asked for for longest. */
  private makeRoom(): void {
    let layers = 0;
    for (const [place, [id, { model }]] of [...this.kept].reverse().entries()) {
      layers += model?.graph.layers.length ?? 0;
      if (place > 0 && (place >= keptModels || layers > keptLayers)) this.kept.delete(id);
    }
  }
}

/** A source whose files lie on no disk answers with those that were sent. */
function besideOnly(source: ModelSource, beside: ReadonlyMap<string, Uint8Array | null>): ModelSource {
  const file = (path: string): Uint8Array | undefined => {
    const bytes = beside.get(path);
    if (bytes === undefined) throw new Lacking([path]);
    return bytes ?? undefined;
  };
  // Only an answer that is awaited can tell of what is missing.
  return {
    ...source,
    readSibling: async (path) => Promise.resolve(file(path)),
    siblingSize: async (path) => Promise.resolve(file(path)?.length),
    readSiblingRange: async (path, offset, length) => Promise.resolve(file(path)?.subarray(offset, offset + length)),
  };
}
