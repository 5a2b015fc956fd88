import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { UsageError, type Command } from '../../../src/cli/command';
import { commands } from '../../../src/cli/commands';
import { engineOptions } from '../../../src/cli/engine-options';
import { blurFilterNames } from '../../../src/core/rewrite/filters';
import { severities } from '../../../src/core/rules/rule';
import { root } from './command-line';

const readme = readFileSync(path.join(root, 'README.md'), 'utf8');

/** The first cells of the README's table of commands, without the marks of the table. */
const rows = [...readme.matchAll(/^\| `((?:[a-z-]+) (?:FILE|FOLDER).*?)` \| /gm)].map(([, cell = '']) => cell.replaceAll('\\|', '|'));

/** Long lists of names are explained below the table. */
const briefly = (usage: string): string =>
  usage.replace(blurFilterNames.join('|'), 'NAME').replace(severities.toReversed().join('|'), 'SEVERITY');

const optionsOf = (usage: string): readonly string[] => [...usage.matchAll(/--([a-z-]+)/g)].map(([, option = '']) => option);
const everyOption = [...new Set(commands.flatMap(({ usage }) => optionsOf(usage)))];

it("the README's table is the usage of the commands, in their order", () => {
  expect(rows).toEqual(commands.map(({ usage }) => briefly(usage)));
});

/** What a command says of an option. */
async function told(command: Command, option: string): Promise<string> {
  try {
    await command.run([`--${option}`]);
    return '';
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
}

it.each(commands.map((command) => [command.name, command] as const))(
  '%s takes the options of its usage, and no other',
  async (_, command) => {
    for (const option of everyOption) {
      // No file and no value follow: an option that is not known is told first.
      const unknown = expect.stringContaining(`Unknown option '--${option}'`);
      const message = await told(command, option);
      if (optionsOf(command.usage).includes(option)) expect(message).not.toEqual(unknown);
      else expect(message).toEqual(unknown);
    }
  },
);

it('the README names the options of all commands that run models', () => {
  for (const { name } of engineOptions) expect(readme).toContain(`\`${name} `);
});
