import type { Log, PhysicalLocation, ReportingDescriptor, Result, Location, Notification } from 'sarif';
import { ruleIds, rules } from '../../rules/registry';
import type { Severity } from '../../rules/rule';
import { fileLines, messageOutside, type IssuePlace, type LintIssue, type RelatedPlace } from './issues';

/** Of the tool, as a report names it. */
export interface ToolFacts {
  readonly version: string;
  /** The page of a rule, as Markdown; undefined where it is not at hand. */
  readonly ruleHelp: (rule: string) => string | undefined;
}

const levels = { error: 'error', warning: 'warning', information: 'note', hint: 'note' } as const satisfies Readonly<
  Record<Severity, Result['level']>
>;

/** What a notice is, as rules are described: it is reported by a rule of its own, so that a part not looked at is never clean. */
const noticeSummaries: Readonly<Record<string, string>> = {
  'stopped-early': 'Part of a source that was not judged, since judging stopped early.',
  'imports-in-part': 'Source whose imports were followed in part.',
};

/** The folder that paths start from, as viewers ask for it. */
const root = '%SRCROOT%';

/**
 * Findings as a log of SARIF 2.1.0 (OASIS), which code scanning of GitHub and Azure, and viewers in editors read. Files that could not be
 * judged are notifications of the run, which then was not successful. Columns count UTF-16 code units.
 */
export function sarifLog(issues: readonly LintIssue[], { version, ruleHelp }: ToolFacts): Log {
  const descriptors = [...ruleIds.map((id) => ruleDescriptor(id, ruleHelp(id))), ...Object.entries(noticeSummaries).map(noticeDescriptor)];
  const index = new Map(descriptors.map(({ id }, place) => [id, place]));
  const errors = issues.filter(({ kind }) => kind === 'error');
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'Shiftlint', version, semanticVersion: version, rules: descriptors } },
        columnKind: 'utf16CodeUnits',
        originalUriBaseIds: { [root]: { description: { text: 'The folder in which Shiftlint was called.' } } },
        invocations: [{ executionSuccessful: errors.length === 0, toolExecutionNotifications: errors.map(notification) }],
        results: issues.filter(({ kind }) => kind !== 'error').map((issue) => result(issue, index.get(issue.code))),
      },
    ],
  };
}

function ruleDescriptor(id: (typeof ruleIds)[number], page: string | undefined): ReportingDescriptor {
  const { summary, defaultSeverity } = rules[id];
  return {
    id,
    shortDescription: { text: summary },
    fullDescription: { text: summary },
    help: { text: summary, ...(page !== undefined && { markdown: page }) },
    defaultConfiguration: defaultSeverity === 'off' ? { enabled: false } : { level: levels[defaultSeverity] },
    properties: { tags: ['aliasing', 'shift-equivariance'] },
  };
}

function noticeDescriptor([id, summary]: readonly [string, string]): ReportingDescriptor {
  return { id, shortDescription: { text: summary }, help: { text: summary }, defaultConfiguration: { level: 'note' } };
}

function result(issue: LintIssue, ruleIndex: number | undefined): Result {
  const { code, severity, related, fingerprint } = issue;
  return {
    ruleId: code,
    ...(ruleIndex !== undefined && { ruleIndex }),
    level: levels[severity],
    message: { text: messageOutside(issue) },
    locations: [location(issue)],
    ...(related.length > 0 && { relatedLocations: related.map(relatedLocation) }),
    partialFingerprints: { 'shiftlint/v1': fingerprint },
  };
}

function location(issue: LintIssue): Location {
  const { path, subject } = issue;
  return {
    physicalLocation: physical(path, fileLines(issue)),
    ...(subject !== null && { logicalLocations: [{ fullyQualifiedName: subject, kind: issue.place === null ? 'layer' : 'call' }] }),
  };
}

function relatedLocation({ path, start, message }: RelatedPlace, id: number): Location {
  return { id, physicalLocation: physical(path, fileLines({ place: { start, end: start } })), message: { text: message } };
}

function physical(path: string, lines: IssuePlace | undefined): PhysicalLocation {
  return {
    artifactLocation: uriOf(path),
    ...(lines !== undefined && {
      region: {
        startLine: lines.start.line,
        startColumn: lines.start.column,
        endLine: lines.end.line,
        endColumn: lines.end.column,
      },
    }),
  };
}

/** From the root where it lies below; a path that leads out of it is its own. */
function uriOf(path: string): { readonly uri: string; readonly uriBaseId?: string } {
  const uri = path.split('/').map(encodeURIComponent).join('/');
  if (/^(?:\/|[a-z]:\/)/i.test(path)) return { uri: `file://${path.startsWith('/') ? '' : '/'}${uri.replace(/^([a-z])%3A/i, '$1:')}` };
  return path.startsWith('../') ? { uri } : { uri, uriBaseId: root };
}

function notification({ path, code, message }: LintIssue): Notification {
  return {
    descriptor: { id: code },
    level: 'error',
    message: { text: message },
    locations: [{ physicalLocation: { artifactLocation: uriOf(path) } }],
  };
}
