import { withoutDebugOption } from '../failure';
import type { FromLinter, ToLinter } from './messages';
import { lintRun, lintTarget, type LintRun } from './target';

/** Entry of a process that judges files of a command line, in the order in which it is given them. */
withoutDebugOption(process.argv);

let run: LintRun | undefined;
let last: Promise<void> = Promise.resolve();

process.on('message', (message: ToLinter) => {
  last = last.then(() => take(message));
});
// Nobody waits any more.
process.on('disconnect', () => process.exit());

async function take(message: ToLinter): Promise<void> {
  if ('choices' in message) {
    run = lintRun(message.choices);
    return;
  }
  if (run === undefined) throw new Error('What the call says of its files comes first.');
  for (const { number, target } of message.targets) {
    const answer: FromLinter = { number, files: await lintTarget(target, run) };
    process.send?.(answer);
  }
}
