/** Methods that call a function for the entries of a list, one after another. */
const visiting = [
  'find',
  'findIndex',
  'findLast',
  'findLastIndex',
  'filter',
  'map',
  'flatMap',
  'some',
  'every',
  'forEach',
  'reduce',
] as const;

/** Methods that look at all entries, or copy them. */
const whole = ['slice', 'concat', 'flat', 'join', 'splice', 'toSpliced', 'with', 'reverse'] as const;

/** Methods that look for an entry. */
const searching = ['includes', 'indexOf', 'lastIndexOf'] as const;

type Method = (this: unknown[], ...given: unknown[]) => unknown;
type Methods = Record<string, Method | undefined>;

/**
 * Counts what a piece of code does with lists, maps and sets, a step for each entry that it visits, copies or asks for: how
 * much work it is, whatever the machine is doing meanwhile.
 */
export async function countedSteps(run: () => Promise<unknown>): Promise<number> {
  let steps = 0;
  const restore: (() => void)[] = [];
  const patch = (owner: object, name: string, make: (own: Method) => Method): void => {
    const methods = owner as Methods;
    const own = methods[name]!;
    restore.push(() => {
      methods[name] = own;
    });
    methods[name] = make(own);
  };
  for (const name of visiting) {
    patch(
      Array.prototype,
      name,
      (own) =>
        function (visit, ...rest) {
          const counted = function (this: unknown, ...given: unknown[]): unknown {
            steps++;
            return (visit as Method).apply(this as unknown[], given);
          };
          return own.call(this, counted, ...rest);
        },
    );
  }
  for (const name of whole)
    patch(
      Array.prototype,
      name,
      (own) =>
        function (...given) {
          steps += this.length;
          return own.apply(this, given);
        },
    );
  for (const name of searching)
    patch(
      Array.prototype,
      name,
      (own) =>
        function (...given) {
          steps += this.length;
          return own.apply(this, given);
        },
    );
  for (const kind of [Map.prototype, Set.prototype, WeakMap.prototype])
    for (const name of ['get', 'has', 'set', 'add'].filter((method) => method in kind))
      patch(
        kind,
        name,
        (own) =>
          function (...given) {
            steps++;
            return own.apply(this, given);
          },
      );
  for (const some of [[].values(), new Map().values(), new Set().values()])
    patch(
      Object.getPrototypeOf(some) as object,
      'next',
      (own) =>
        function (...given) {
          steps++;
          return own.apply(this, given);
        },
    );
  try {
    await run();
  } finally {
    for (const undo of restore) undo();
  }
  return steps;
}
