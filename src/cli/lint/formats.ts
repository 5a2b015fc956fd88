import type { Unaccepted } from '../../core/report/lint/baseline';
import { githubLines } from '../../core/report/lint/github';
import { gitlabReport } from '../../core/report/lint/gitlab';
import type { LintIssue } from '../../core/report/lint/issues';
import { junitXml } from '../../core/report/lint/junit';
import { sarifLog } from '../../core/report/lint/sarif';
import { lintReport } from '../../core/report/lint-report';
import type { Severity } from '../../core/rules/rule';
import { UsageError, type ParsedWords } from '../command';
import { printAsIs, printJson } from '../print';
import { ruleHelp, toolVersion } from '../tool-facts';
import { fromHere } from './issues-from-here';
import { printText } from './text-format';

/** What linting came to: files as the command line names them. */
export interface LintOutcome extends Pick<Unaccepted, 'files' | 'accepted'> {
  /** What they have to say, with paths from the working folder; made for who asks, since people read the files themselves. */
  readonly issues: () => readonly LintIssue[];
  readonly failOn: Severity;
}

/** How findings are printed, by the name that `--format` takes. */
const formats = {
  text: ({ files, accepted }: LintOutcome): void => {
    printText(files, accepted);
  },
  json: ({ files }: LintOutcome): void => {
    printJson(lintReport(files));
  },
  sarif: ({ issues }: LintOutcome): void => {
    printJson(sarifLog(issues(), { version: toolVersion(), ruleHelp }));
  },
  github: ({ issues }: LintOutcome): void => {
    printAsIs(
      githubLines(issues())
        .map((line) => `${line}\n`)
        .join(''),
    );
  },
  gitlab: ({ issues }: LintOutcome): void => {
    printJson(gitlabReport(issues()));
  },
  junit: ({ files, issues, failOn }: LintOutcome): void => {
    printAsIs(
      junitXml(
        files.map(({ path }) => fromHere(path)),
        issues(),
        failOn,
      ),
    );
  },
} as const satisfies Readonly<Record<string, (outcome: LintOutcome) => void>>;

type FormatName = keyof typeof formats;

export const formatUsage = `[--format ${Object.keys(formats).join('|')}|--json]`;

/** `--format`, or `--json` for short. @throws UsageError */
export function formatOf(parsed: ParsedWords): FormatName {
  const name = parsed.text('format');
  if (name === undefined) return parsed.flag('json') ? 'json' : 'text';
  if (!isFormat(name)) throw new UsageError(`--format takes ${Object.keys(formats).join(', ')}, not "${name}".`);
  if (parsed.flag('json') && name !== 'json') throw new UsageError(`--json and --format ${name} are two forms: name one.`);
  return name;
}

/** Prints findings in a form. */
export function printFindings(format: FormatName, outcome: LintOutcome): void {
  formats[format](outcome);
}

function isFormat(name: string): name is FormatName {
  return Object.hasOwn(formats, name);
}
