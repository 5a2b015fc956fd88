import { mergeSorted } from '../../../core/consistency/merge-sorted';
import { TemporaryLines } from './temporary-lines';

/** An image of a list. */
export interface ListedImage {
  /** Relative to its folder, with slashes. */
  readonly image: string;
  /** Index of its true class, where the list tells it. */
  readonly label: number | null;
}

/** Images that are sorted in memory; further ones wait in a temporary file, as runs that are merged. */
const usualRun = 1 << 16;

/** Sorts images by name, code unit by code unit; what it holds does not grow with their number. */
export class SortedImages {
  private run: ListedImage[] = [];
  private readonly runs: { readonly from: number; readonly to: number }[] = [];
  private readonly lines = new TemporaryLines<ListedImage>();

  constructor(private readonly runLength = usualRun) {}

  async add(image: ListedImage): Promise<void> {
    this.run.push(image);
    if (this.run.length >= this.runLength) await this.endRun();
  }

  /** All that were added, in order. */
  async *all(): AsyncGenerator<ListedImage> {
    const last = sorted(this.run);
    const before = this.runs.map(({ from, to }) => this.lines.items(from, to));
    for await (const { item } of mergeSorted([...before, inTurn(last)])) yield item;
  }

  async dispose(): Promise<void> {
    await this.lines.dispose();
  }

  private async endRun(): Promise<void> {
    const from = await this.lines.place();
    for (const image of sorted(this.run)) await this.lines.add(image);
    this.runs.push({ from, to: await this.lines.place() });
    this.run = [];
  }
}

function sorted(images: readonly ListedImage[]): readonly ListedImage[] {
  return [...images].sort((a, b) => (a.image < b.image ? -1 : a.image > b.image ? 1 : 0));
}

// eslint-disable-next-line @typescript-eslint/require-await -- a list in memory stands beside streams of files
async function* inTurn<Item>(items: readonly Item[]): AsyncGenerator<Item> {
  yield* items;
}
