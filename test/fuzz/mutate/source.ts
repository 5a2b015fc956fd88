import { oddTexts, type Random } from '../random';

/** Changes a program line by line and word by word: most of what comes out still reads as one. */
export function mutateSource(random: Random, source: string, other: string): string {
  let text = source;
  for (let times = 1 + random.below(6); times > 0; times--) text = mutateOnce(random, text, other);
  return text.length > 200_000 ? text.slice(0, 200_000) : text;
}

function mutateOnce(random: Random, text: string, other: string): string {
  const lines = text.split('\n');
  const at = random.below(lines.length);
  switch (random.below(10)) {
    case 0:
      lines.splice(at, 1 + random.below(4));
      return lines.join('\n');
    case 1: {
      const part = lines.slice(at, at + 1 + random.below(5));
      const times = random.chance(0.05) ? 1 + random.below(400) : 1 + random.below(4);
      lines.splice(at, 0, ...Array.from({ length: times }, () => part).flat());
      return lines.join('\n');
    }
    case 2: {
      const foreign = other.split('\n');
      const from = random.below(foreign.length);
      lines.splice(at, 0, ...foreign.slice(from, from + 1 + random.below(20)));
      return lines.join('\n');
    }
    case 3: {
      const words = other.match(/\w+|[^\s\w]/g) ?? ['x'];
      return replaceWord(random, text, () => random.pick(words));
    }
    case 4: {
      const words = text.match(/\w+|[^\s\w]/g) ?? ['x'];
      return replaceWord(random, text, () => random.pick(words));
    }
    case 5:
      return replaceWord(random, text, () =>
        random.pick(['0', '-1', '1e9', '10**9', 'None', '[]', '(', ')', ':', '*', '**', 'self', 'x', ...oddTexts]),
      );
    case 6: {
      const word = wordAt(random, text);
      const [open, close] = random.pick([
        ['(', ')'],
        ['[', ']'],
        ['f(', ')'],
        ['-', ''],
        ['nn.Sequential(*[', '])'],
        ['{"a":', '}'],
        ['lambda: ', ''],
        ['()=>', ''],
      ] as const);
      const times = random.chance(0.1) ? random.below(2000) : random.below(8);
      return `${text.slice(0, word.start)}${open.repeat(times)}${text.slice(word.start, word.end)}${close.repeat(times)}${text.slice(word.end)}`;
    }
    case 7: {
      const cut = random.below(text.length + 1);
      return random.chance(0.5) ? text.slice(0, cut) : text.slice(0, cut) + text.slice(cut + random.below(30));
    }
    case 8: {
      const name = random.pick(text.match(/\b[A-Za-z_]\w*\b/g) ?? ['x']);
      return `${text}\n${name} = ${random.pick([`${name} + ${name}`, `[${name}, ${name}]`, `{"a": ${name}}`, `${name}(${name})`, `[*${name}, *${name}]`])}\n`
        .repeat(1 + random.below(random.chance(0.05) ? 60 : 3))
        .slice(0, 100_000);
    }
    default:
      return text.slice(0, random.below(text.length + 1)) + other.slice(random.below(other.length + 1));
  }
}

function wordAt(random: Random, text: string): { readonly start: number; readonly end: number } {
  const words = [...text.matchAll(/\w+|[^\s\w]/g)];
  const word = words.length === 0 ? undefined : random.pick(words);
  return word === undefined ? { start: 0, end: 0 } : { start: word.index, end: word.index + word[0].length };
}

function replaceWord(random: Random, text: string, by: () => string): string {
  const { start, end } = wordAt(random, text);
  return text.slice(0, start) + by() + text.slice(end);
}
