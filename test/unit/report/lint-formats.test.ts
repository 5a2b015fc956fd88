import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv } from 'ajv';
import AjvDraft4 from 'ajv-draft-04';
import { XmlDocument, XsdValidator } from 'libxml2-wasm';
import { describe, expect, it } from 'vitest';
import { accepted, baselineAfter, baselineText, parseBaseline, withoutAccepted } from '../../../src/core/report/lint/baseline';
import { githubLines } from '../../../src/core/report/lint/github';
import { gitlabReport } from '../../../src/core/report/lint/gitlab';
import { lintIssues } from '../../../src/core/report/lint/issues';
import { junitXml } from '../../../src/core/report/lint/junit';
import { sarifLog } from '../../../src/core/report/lint/sarif';
import type { LintedFile, LintedModel, LintedSource } from '../../../src/core/report/lint-report';

const schemas = path.resolve(import.meta.dirname, '../../fixtures/report-schemas');
const schema = (name: string): Record<string, unknown> =>
  JSON.parse(readFileSync(path.join(schemas, name), 'utf8')) as Record<string, unknown>;
const facts = { version: '1.2.3', ruleHelp: (rule: string) => (rule === 'strided-conv' ? '# Page\n' : undefined) };

/** A source whose pools stand on the lines that say so. */
function source(file: string, text: string): LintedSource {
  const found = [...text.matchAll(/pool\(\d\)/g)].map(({ index, 0: call }) => ({
    ...({ rule: 'strided-max-pool', severity: 'warning', callee: 'nn.MaxPool2d', message: 'Drops maxima.', stride: [2, 2] } as const),
    range: { start: index, end: index + call.length },
    related: [
      { range: { start: 0, end: 1 }, message: 'Built here.' },
      {
        ...{ range: { start: 0, end: 0 }, message: 'And there.' },
        elsewhere: { file: 'lib/my blocks.py', start: { line: 7, column: 3 }, end: { line: 7, column: 9 } },
      },
    ],
  }));
  const notice = { code: 'stopped-early', severity: 'information', message: 'Judging stopped early.', offset: 0 } as const;
  return { path: file, language: 'python', text, findings: found, notices: [notice], errors: [] };
}

const layer = (name: string): LintedModel['findings'][number] => ({
  ...{ rule: 'strided-conv', severity: 'error', layer: name, label: `net.${name}`, node: name, tensor: name, op: 'Conv' },
  ...{
    message: `Conv "${name}": 100 % ::error:: <&> \u001b[31m`,
    stride: [2, 2],
    cumulativeStrideBefore: [1, 1],
    cumulativeStride: [2, 2],
  },
  ...{ aliasedEnergy: undefined, origin: undefined, fix: { ok: false, reason: 'none', nodes: [] } },
});

const model: LintedModel = { path: 'nets/net, a:b.onnx', format: 'onnx', findings: [layer('c1'), layer('c2')], notes: [], errors: [] };
const broken: LintedModel = {
  ...{ path: 'broken.onnx', format: null, findings: [], notes: [] },
  errors: [{ code: 'truncated', message: '"broken.onnx" ends early.' }],
};
const notebook: LintedSource = {
  ...source('nb.ipynb', 'import torch\na = pool(2)\n'),
  cells: [
    { number: 2, text: 'import torch\n', start: 0, skipped: 0 },
    { number: 5, text: '%%time\na = pool(2)\n', start: 13, skipped: 7 },
  ],
};
const clean: LintedModel = { path: 'clean.onnx', format: 'onnx', findings: [], notes: [], errors: [] };
const files: readonly LintedFile[] = [source('a/b.py', 'x = 1\ny = pool(2)\nz = pool(2)\ny = pool(2)\n'), model, broken, notebook, clean];
const issuesOf = (linted: readonly LintedFile[]): ReturnType<typeof lintIssues> =>
  lintIssues(linted, (text) => Buffer.from(text).toString('base64url'));
const issues = issuesOf(files);

describe('what files have to say', () => {
  it('has a fingerprint of its own each, which stays where lines have moved', () => {
    expect(new Set(issues.map(({ fingerprint }) => fingerprint)).size).toBe(issues.length);
    const before = source('a.py', 'y = pool(2)\nz = pool(2)\n');
    const moved = source('a.py', '# a comment\n\n\ny =  pool(2)\nif True:\n    z = pool(2)\n');
    const prints = ([one]: readonly LintedSource[]): readonly string[] =>
      issuesOf([one!])
        .filter(({ kind }) => kind === 'finding')
        .map(({ fingerprint }) => fingerprint);
    expect(prints([moved])).toEqual(prints([before]));
    expect(prints([source('a.py', 'y = pool(2)\nz = pool(3)\n')])[1]).not.toBe(prints([before])[1]);
    expect(prints([source('b.py', before.text)])).not.toEqual(prints([before]));
  });

  it('has places in sources, none in models, and those of cells in notebooks', () => {
    const places = issues.filter(({ kind }) => kind === 'finding').map(({ place }) => place?.start ?? null);
    expect(places).toEqual([
      { line: 2, column: 5 },
      { line: 3, column: 5 },
      { line: 4, column: 5 },
      null,
      null,
      { cell: 5, line: 2, column: 5 },
    ]);
  });
});

describe('SARIF', () => {
  const log = sarifLog(issues, facts);

  it('is valid under the schema of 2.1.0', () => {
    const validate = new AjvDraft4({ strict: false, validateFormats: false }).compile(schema('sarif-2.1.0.json'));
    validate(log);
    expect(validate.errors ?? []).toEqual([]);
    expect(validate({ ...log, version: '2.0.0' })).toBe(false);
    expect(validate({ ...log, runs: [{}] })).toBe(false);
  });

  it('names rules with their help, places from the root, and files that could not be judged', () => {
    const [run] = log.runs;
    const rules = run!.tool.driver.rules!;
    expect(rules.find(({ id }) => id === 'strided-conv')?.help).toMatchObject({ markdown: '# Page\n' });
    for (const { ruleId, ruleIndex } of run!.results!) expect(rules[ruleIndex!]?.id).toBe(ruleId);
    expect(run!.invocations).toMatchObject([
      {
        executionSuccessful: false,
        toolExecutionNotifications: [{ descriptor: { id: 'truncated' }, message: { text: '"broken.onnx" ends early.' } }],
      },
    ]);
    expect(run!.results!.map(({ locations }) => locations![0]!.physicalLocation!.artifactLocation!.uri)).toContain(
      'nets/net%2C%20a%3Ab.onnx',
    );
    expect(run!.results![0]).toMatchObject({
      level: 'warning',
      locations: [{ physicalLocation: { region: { startLine: 2, startColumn: 5, endLine: 2, endColumn: 12 } } }],
      relatedLocations: [
        { id: 0 },
        { id: 1, physicalLocation: { artifactLocation: { uri: 'lib/my%20blocks.py' }, region: { startLine: 7 } } },
      ],
    });
  });

  it('gives paths out of the root as they are', () => {
    const uris = (place: string): unknown =>
      sarifLog(issuesOf([{ ...model, path: place }]), facts).runs[0]!.results![0]!.locations![0]!.physicalLocation!.artifactLocation;
    expect(uris('../x/a.onnx')).toEqual({ uri: '../x/a.onnx' });
    expect(uris('/x y/a.onnx')).toEqual({ uri: 'file:///x%20y/a.onnx' });
    expect(uris('D:/x/a.onnx')).toEqual({ uri: 'file:///D:/x/a.onnx' });
  });
});

describe('GitHub', () => {
  it('gets one annotation a line, which no name can turn into another', () => {
    const lines = githubLines(issues);
    expect(lines).toHaveLength(issues.length);
    for (const line of lines) {
      expect(line).toMatch(
        /^::(?:error|warning|notice) file=[^:,]+,(?:line=\d+,endLine=\d+,(?:col=\d+,endColumn=\d+,)?)?title=Shiftlint%3A [\w-]+::/,
      );
      expect(line.slice(2).replace(/^.*?::/, '')).not.toMatch(/::error|\n|\p{Cc}/u);
    }
    expect(lines[0]).toBe('::warning file=a/b.py,line=2,endLine=2,col=5,endColumn=11,title=Shiftlint%3A strided-max-pool::Drops maxima.');
    expect(lines.find((line) => line.includes('net%2C a%3Ab.onnx'))).toContain('100 %25 ');
    expect(lines.find((line) => line.includes('nb.ipynb') && line.includes('warning'))).toMatch(/::Cell 5, line 2: Drops maxima\.$/);
  });

  it('gives lines alone for what spans several', () => {
    const text = 'pool(2)\n';
    const [finding] = source('a.py', text).findings;
    const wide = { ...source('a.py', `(\n${text})`), findings: [{ ...finding!, range: { start: 0, end: 11 } }], notices: [] };
    expect(githubLines(issuesOf([wide]))[0]).toContain('file=a.py,line=1,endLine=3,title');
  });
});

describe('GitLab', () => {
  it('gets a report of the documented form, with fingerprints of their own', () => {
    const report = gitlabReport(issues);
    const validate = new Ajv().compile(schema('gitlab-code-quality.json'));
    validate(report);
    expect(validate.errors ?? []).toEqual([]);
    expect(report.map(({ severity }) => severity)).toContain('critical');
    expect(new Set(report.map(({ fingerprint }) => fingerprint)).size).toBe(report.length);
    expect(validate([{ ...report[0], severity: 'warning' }])).toBe(false);
  });
});

describe('JUnit', () => {
  const paths = files.map((file) => file.path);

  /** @throws where it is none of the schema's documents */
  function validated(xml: string): XmlDocument {
    const validator = XsdValidator.fromDoc(XmlDocument.fromString(readFileSync(path.join(schemas, 'junit.xsd'), 'utf8')));
    const document = XmlDocument.fromString(xml);
    validator.validate(document);
    return document;
  }

  it('is valid under the schema, and counts what it holds', () => {
    const document = validated(junitXml(paths, issues, 'warning'));
    const number = (path: string): number => document.find(path).length;
    const count = (name: string): number => Number(document.get(`/testsuites/@${name}`)?.content);
    expect(number('//testsuite')).toBe(5);
    expect(count('tests')).toBe(number('//testcase'));
    expect(count('failures')).toBe(number('//failure'));
    expect(count('failures')).toBe(6);
    expect(count('errors')).toBe(number('//error'));
    expect(document.get('//testsuite[@name="clean.onnx"]/testcase/@name')?.content).toBe('no findings');
    expect(document.get('//testsuite[@name="nets/net, a:b.onnx"]/testcase[1]/failure/@message')?.content).toContain('<&>');
    expect(() => validated('<testsuites name="x"/>')).toThrow();
  });

  it('fails from the wanted severity on', () => {
    expect(validated(junitXml(paths, issues, 'error')).find('//failure')).toHaveLength(2);
    expect(validated(junitXml(paths, issues, 'hint')).find('//failure')).toHaveLength(8);
  });
});

describe('a baseline', () => {
  const everything = { version: 1, findings: issues.filter(({ kind }) => kind === 'finding').map(accepted) } as const;
  const judged = { has: () => true, isThere: () => true };

  it('keeps back what it has accepted, and nothing else', () => {
    expect(withoutAccepted(files, issues, everything)).toMatchObject({ accepted: 6 });
    const all = withoutAccepted(files, issues, everything);
    expect(all.files.flatMap(({ findings }): readonly unknown[] => findings)).toEqual([]);
    expect(all.issues.map(({ kind }) => kind)).toEqual(['notice', 'error', 'notice']);
    const [first, ...others] = everything.findings;
    const one = withoutAccepted(files, issues, { version: 1, findings: others });
    expect(one.files.flatMap(({ findings }): readonly unknown[] => findings)).toEqual([files[0]!.findings[0]]);
    expect(one.issues.find(({ kind }) => kind === 'finding')?.fingerprint).toBe(first?.fingerprint);
  });

  it('is written and read again, a line a finding', () => {
    const text = baselineText(everything.findings);
    expect(text.split('\n')).toHaveLength(everything.findings.length + 6);
    expect(parseBaseline(text)).toEqual({ version: 1, findings: expect.arrayContaining([...everything.findings]) });
    expect(baselineText([...everything.findings].reverse())).toBe(text);
    expect(parseBaseline(baselineText([]))).toEqual({ version: 1, findings: [] });
  });

  it.each([['{'], ['[]'], ['{"version": 2, "findings": []}'], ['{"version": 1, "findings": [{"path": "a"}]}']])(
    'says what is wrong with %s',
    (text) => {
      expect(parseBaseline(text)).toEqual(expect.stringMatching(/^It/));
    },
  );

  it('drops what is gone and, where it is written, takes what is new; files that were not judged keep their own', () => {
    const gone = { fingerprint: 'gone', path: 'a/b.py', rule: 'strided-conv', subject: null };
    const elsewhere = { fingerprint: 'elsewhere', path: 'other.py', rule: 'strided-conv', subject: null };
    const removed = { ...elsewhere, fingerprint: 'removed', path: 'removed.py' };
    const [first] = everything.findings;
    const before = { version: 1, findings: [first!, gone, elsewhere, removed] } as const;
    const these = { has: (place: string) => files.some((file) => file.path === place), isThere: (place: string) => place !== 'removed.py' };
    expect(baselineAfter(before, issues, these, false)).toEqual([first, elsewhere]);
    expect(baselineAfter(before, issues, these, true)).toEqual([elsewhere, ...everything.findings]);
    expect(baselineAfter({ version: 1, findings: [] }, issues, judged, false)).toEqual([]);
  });
});
