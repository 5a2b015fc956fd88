import path from 'node:path';
import { t } from '@vscode/l10n';
import type { OpenedModel } from '../../core/formats/format';
import { ModelError } from '../../core/model-error';
import { disk, ifExists } from './file-system';
import { holdsBytes } from './same-bytes';

/** What a file of weights is called in a copy. */
export interface WeightFileName {
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  /** True where a file of that name holds these very bytes already. */
  readonly isPresent: boolean;
}

/** How TensorFlow.js converters call shards: a name of letters and digits that no other program gives a meaning to. */
const shardName = /^(?:\w[\w.-]{0,99}\.bin|group\d{1,6}-shard\d{1,6}of\d{1,6})$/;
/** Windows takes these for devices, whatever their ending. */
const deviceName = /^(?:con|prn|aux|nul|com\d|lpt\d)\./i;

/**
 * Names for the files of weights of one copy. A model is not asked what to call them: `package.json`, `conftest.py` or `.git/hooks/x`
 * would be run or read by others. Shards of TensorFlow.js keep names as converters give them; everything else is called after the copy.
 */
export class WeightFileNames {
  private readonly taken = new Set<string>();
  private readonly folder: string;
  private readonly base: string;
  private named = 0;

  /** @param file that the copy is written to */
  constructor(
    file: string,
    private readonly model: Pick<OpenedModel, 'source' | 'text' | 'graph'>,
  ) {
    this.folder = path.dirname(file);
    this.base = path.basename(file);
    this.taken.add(this.base.toLowerCase());
  }

  /**
   * A name that is free, or whose file holds the same bytes.
   *
   * @param isOurs that we have named it when we made it
   * @throws ModelError for weights in hidden files and folders, which are not copied, and missing ones
   */
  async nameOf(location: string, isOurs: boolean): Promise<WeightFileName> {
    const { source } = this.model;
    if (location.split(/[\\/]/).some((part) => part.startsWith('.') && part !== '.'))
      throw new ModelError(
        'outside-folder',
        t`"${source.path}" keeps weights in "${location}", a hidden file, which is not copied: give it another name.`,
      );
    const size = await source.siblingSize(location);
    if (size === undefined)
      throw new ModelError('missing-weights', t`"${source.path}" needs the weight file "${location}", which does not exist.`);
    const wanted = isOurs || this.isShard(location) ? location : this.ownName();
    const { name, ext } = path.parse(wanted);
    for (let copy = 1; ; copy++) {
      const candidate = copy === 1 ? wanted : `${name}-${copy}${ext}`;
      if (this.taken.has(candidate.toLowerCase())) continue;
      const isPresent = await this.holds(candidate, location, size);
      if (isPresent === 'other') continue;
      this.taken.add(candidate.toLowerCase());
      return { name: candidate, size, isPresent };
    }
  }

  private isShard(location: string): boolean {
    return this.model.text !== undefined && shardName.test(location) && !deviceName.test(location);
  }

  private ownName(): string {
    const count = new Set(this.model.graph.weightFiles).size;
    this.named += 1;
    return count === 1 ? `${this.base}.data` : `${this.base}.${this.named}.data`;
  }

  /** True where the file holds what a weight file does, false where there is none, `other` where it is another file. */
  private async holds(name: string, location: string, size: number): Promise<boolean | 'other'> {
    const file = path.join(this.folder, name);
    const entry = await ifExists(() => disk.lstat(file));
    if (entry === undefined) return false;
    const { source } = this.model;
    const part = (offset: number, length: number): Promise<Uint8Array | undefined> => source.readSiblingRange(location, offset, length);
    return entry.isFile() && (await holdsBytes(file, size, part)) ? true : 'other';
  }
}
