/** Something that sorts by the name of its image. */
interface Named {
  readonly image: string;
}

/** A stream and the item that it shows next. */
interface Head<Item> {
  readonly item: Item;
  /** Place among the streams, so that whoever reads knows where an item comes from. */
  readonly source: number;
}

/**
 * Joins streams that are each in the order of their names, code unit by code unit, into one; holds one item of each stream.
 *
 * @returns every item with the place of its stream; of equal names that of the earlier stream comes first
 */
export async function* mergeSorted<Item extends Named>(streams: readonly AsyncIterable<Item>[]): AsyncGenerator<Head<Item>> {
  const iterators = streams.map((stream) => stream[Symbol.asyncIterator]());
  const heap: Head<Item>[] = [];
  const advance = async (source: number): Promise<void> => {
    const next = await iterators[source]?.next();
    if (next !== undefined && next.done !== true) push(heap, { item: next.value, source });
  };
  try {
    for (const source of iterators.keys()) await advance(source);
    for (let least = pop(heap); least !== undefined; least = pop(heap)) {
      yield least;
      await advance(least.source);
    }
  } finally {
    for (const iterator of iterators) await iterator.return?.();
  }
}

function isBefore<Item extends Named>(a: Head<Item>, b: Head<Item>): boolean {
  return a.item.image < b.item.image || (a.item.image === b.item.image && a.source < b.source);
}

/** Puts an item into a binary heap, whose first is the least. */
function push<Item extends Named>(heap: Head<Item>[], added: Head<Item>): void {
  let place = heap.length;
  while (place > 0) {
    const parent = (place - 1) >> 1;
    const above = heap[parent];
    if (above === undefined || !isBefore(added, above)) break;
    heap[place] = above;
    place = parent;
  }
  heap[place] = added;
}

/** Takes the least of a binary heap. */
function pop<Item extends Named>(heap: Head<Item>[]): Head<Item> | undefined {
  const [least] = heap;
  const moved = heap.pop();
  if (moved === undefined || heap.length === 0) return least;
  let place = 0;
  for (;;) {
    const [left, right] = [heap[2 * place + 1], heap[2 * place + 2]];
    const isRight = left !== undefined && right !== undefined && isBefore(right, left);
    const child = isRight ? right : left;
    if (child === undefined || !isBefore(child, moved)) break;
    heap[place] = child;
    place = 2 * place + (isRight ? 2 : 1);
  }
  heap[place] = moved;
  return least;
}
