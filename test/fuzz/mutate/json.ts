import { oddNumbers, oddTexts, type Random } from '../random';

type Container = Record<string, unknown> | unknown[];

/** Changes a tree of JSON value by value, with parts of another tree put in. */
export function mutateJson(random: Random, root: unknown, other: unknown): unknown {
  const tree: unknown = structuredClone(root);
  const donors = containersIn(other);
  for (let times = 1 + random.below(5); times > 0; times--) {
    const containers = containersIn(tree);
    if (containers.length === 0) return oddValue(random);
    mutateOnce(random, random.pick(containers), donors);
  }
  return tree;
}

function mutateOnce(random: Random, container: Container, donors: readonly Container[]): void {
  const keys = Object.keys(container);
  const key = random.pick(keys.length === 0 ? ['0'] : keys);
  const target = container as Record<string, unknown>;
  const donor = donors.length === 0 ? [] : random.pick(donors);
  switch (random.below(8)) {
    case 0:
      if (Array.isArray(container)) container.splice(random.below(container.length), 1);
      else Reflect.deleteProperty(container, key);
      return;
    case 1:
      if (Array.isArray(container)) {
        const part = container[random.below(container.length)];
        container.splice(
          random.below(container.length),
          0,
          ...Array.from({ length: 1 + random.below(random.chance(0.05) ? 200 : 3) }, () => structuredClone(part)),
        );
      } else target[random.pick(oddTexts)] = structuredClone(target[key]);
      return;
    case 2:
      target[key] = structuredClone((donor as Record<string, unknown>)[random.pick(Object.keys(donor).concat('0'))]);
      return;
    case 3:
      target[key] = structuredClone(donor);
      return;
    case 4:
      target[key] = random.chance(0.5) ? [target[key]] : { [key]: target[key] };
      return;
    case 5:
      if (!Array.isArray(container) && donor !== container) Object.assign(target, structuredClone(donor));
      return;
    default:
      target[key] = changed(random, target[key]);
  }
}

function changed(random: Random, value: unknown): unknown {
  if (typeof value === 'number' && random.chance(0.7)) return random.chance(0.5) ? value + random.below(5) - 2 : random.pick(oddNumbers);
  if (typeof value === 'string' && random.chance(0.5)) {
    const text = random.pick(oddTexts);
    return random.chance(0.5) ? text : `${value}${text}`;
  }
  return oddValue(random);
}

/** Any value of JSON that should not be there. */
export function oddValue(random: Random): unknown {
  return random.pick<unknown>([
    null,
    true,
    false,
    [],
    {},
    [[]],
    random.pick(oddNumbers),
    random.pick(oddTexts),
    { name: random.pick(oddTexts) },
  ]);
}

function containersIn(value: unknown): Container[] {
  const found: Container[] = [];
  const stack = [value];
  for (let next = stack.pop(); stack.length > 0 || next !== undefined; next = stack.pop()) {
    if (typeof next !== 'object' || next === null || found.length > 5000) continue;
    found.push(next as Container);
    for (const one of Object.values(next)) if (typeof one === 'object' && one !== null) stack.push(one);
  }
  return found;
}
