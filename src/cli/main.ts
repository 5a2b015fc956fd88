import { UsageError } from './command';
import { commands } from './commands';
import { engineOptions, withoutEngineOptions } from './engine-options';
import { debugOption, failureText, withoutDebugOption } from './failure';
import { printError, printLine } from './print';
import { toolVersion } from './tool-facts';

const overview = `Shiftlint finds, fixes and measures aliasing in convolutional networks.

Usage:
${commands.map(({ usage, summary }) => `  shiftlint ${usage}\n      ${summary}`).join('\n')}

With any command that runs models:
${engineOptions.map(({ name, value, summary }) => `  ${name} ${value}\n      ${summary}`).join('\n')}

${debugOption} adds to an error where in Shiftlint it comes from; --version tells the version.
Exit code: 0 clean, 1 findings (or nothing could be fixed), 2 a file that could not be read or a wrong call.
`;

/** Runs one command line and answers with its exit code. Results go to standard output, everything else to standard error. */
async function main(words: readonly string[]): Promise<number> {
  const [name, ...rest] = withoutDebugOption(words);
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(overview);
    return name === undefined ? 2 : 0;
  }
  if (name === '--version') {
    printLine(toolVersion());
    return 0;
  }
  const command = commands.find((candidate) => candidate.name === name);
  if (command === undefined) {
    printError(`there is no command "${name}".`);
    process.stderr.write(`\n${overview}`);
    return 2;
  }
  try {
    return await command.run(command.runsModels === true ? withoutEngineOptions(rest) : rest);
  } catch (error) {
    if (error instanceof UsageError) {
      printError(error.message);
      process.stderr.write(`\nUsage: shiftlint ${command.usage}\n`);
    } else {
      printError(failureText(error, `shiftlint ${name}`));
    }
    return 2;
  }
}

// A reader such as `head` has had enough and closes the pipe: nothing is wrong, and nobody listens any more.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

// Nothing that goes wrong where nobody waits for it ends in a stack trace either.
process.on('uncaughtException', (error) => {
  printError(failureText(error, 'shiftlint'));
  process.exit(2);
});

void main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
