import type { Severity } from '../../rules/rule';
import { reaches } from '../lint-report';
import { visibleText } from '../visible-text';
import type { LintIssue } from './issues';

/**
 * A report that test viewers of Jenkins, GitLab and Azure show: a suite for each file, in it a case for each issue, which fails from the
 * given severity on, or a single case that passed.
 *
 * @param paths of all files that were judged, in order
 * @returns a document of the JUnit schema that Jenkins publishes
 */
export function junitXml(paths: readonly string[], issues: readonly LintIssue[], failOn: Severity): string {
  const byPath = new Map(paths.map((path): [string, LintIssue[]] => [path, []]));
  for (const issue of issues) byPath.get(issue.path)?.push(issue);
  const suites = [...byPath].map(([path, own]) => suite(path, own, failOn));
  const total = counts(issues, failOn);
  const tests = suites.reduce((sum, one) => sum + one.tests, 0);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    element('testsuites', { name: 'shiftlint', tests, ...total }, suites.map(({ xml }) => xml).join('')),
    '',
  ].join('\n');
}

function suite(path: string, issues: readonly LintIssue[], failOn: Severity): { readonly xml: string; readonly tests: number } {
  const cases =
    issues.length === 0
      ? [element('testcase', { name: 'no findings', classname: path }, '')]
      : issues.map((issue) => testCase(issue, failOn));
  const tests = cases.length;
  return { tests, xml: element('testsuite', { name: path, tests, ...counts(issues, failOn), skipped: 0 }, cases.join('')) };
}

function testCase(issue: LintIssue, failOn: Severity): string {
  const { kind, code, subject, message, path, place, severity } = issue;
  const where = place === null ? '' : ` ${place.start.cell === undefined ? '' : `cell ${place.start.cell}, `}line ${place.start.line}`;
  const outcome =
    kind === 'error'
      ? element('error', { type: code, message }, '')
      : reaches(severity, failOn)
        ? element('failure', { type: code, message }, escaped(`${path}${where}: ${severity}: ${message}`))
        : element('system-out', {}, escaped(`${severity}: ${message}`));
  return element('testcase', { name: `${code}${subject === null ? '' : ` ${subject}`}${where}`, classname: path }, outcome);
}

function counts(issues: readonly LintIssue[], failOn: Severity): { readonly failures: number; readonly errors: number } {
  const errors = issues.filter(({ kind }) => kind === 'error').length;
  const failures = issues.filter(({ kind, severity }) => kind !== 'error' && reaches(severity, failOn)).length;
  return { failures, errors };
}

function element(name: string, attributes: Readonly<Record<string, string | number>>, content: string): string {
  const said = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(String(value))}"`);
  return `<${name}${said.join('')}>${content}</${name}>`;
}

/** XML has no way to write most control characters, so that they are spelt out. */
function escaped(text: string): string {
  return visibleText(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
