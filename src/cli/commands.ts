import { adviseCommand } from './advise';
import type { Command } from './command';
import { compareCommand } from './compare';
import { consistencyCommand } from './consistency/consistency';
import { mergeCommand } from './consistency/merge';
import { featuresCommand } from './features';
import { fixCommand } from './fix';
import { fixCodeCommand } from './fix-code';
import { lintCommand } from './lint';
import { measureCommand } from './measure';

/** Everything that the command line can do, in the order of the help. */
export const commands: readonly Command[] = [
  lintCommand,
  fixCommand,
  fixCodeCommand,
  measureCommand,
  featuresCommand,
  compareCommand,
  adviseCommand,
  consistencyCommand,
  mergeCommand,
];
