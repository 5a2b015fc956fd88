import { describe, expect, it } from 'vitest';
import { AskedConstructors } from '../../../src/cli/code/asked-constructors';
import type { FixedFile, PlacedOutcome } from '../../../src/cli/code/fixed-file';
import type { CodeFinding } from '../../../src/code/finding';
import type { RuleId } from '../../../src/core/rules/registry';

const helper = 'def conv(c, k, s):\n  return nn.Conv2d(c, c, k, s)\n';
const at = { file: `${process.cwd()}/lib.py`, start: { line: 2, column: 10 }, end: { line: 2, column: 30 } };

function finding(rule: RuleId, isElsewhere = true): CodeFinding {
  const range = { start: 0, end: 1 };
  const place = { range, framework: 'torch', callee: 'nn.Conv2d', stride: [2, 2], kernel: [3, 3] };
  return { rule, severity: 'warning', message: '', ...place, related: [], builtAt: isElsewhere ? [at] : [] };
}

const asking = (...rules: readonly RuleId[]) =>
  new AskedConstructors([
    { place: '/w/net.py', units: [{ findings: rules.map((rule) => finding(rule)) }] },
    { place: at.file, units: [] },
  ]);

/** What a file says in the end of a finding whose layer the helper builds. */
function said(asked: AskedConstructors, rule: RuleId): readonly [boolean, string] | undefined {
  const outcome: PlacedOutcome = { rule, callee: 'nn.Conv2d', line: 1, column: 1, ok: false, text: 'elsewhere', builtAt: [at] };
  const file: FixedFile = { path: 'net.py', source: null, text: '', outcomes: [outcome], imports: [], notices: [], errors: [] };
  const [settled] = asked.settled(file)?.outcomes ?? [];
  return settled && [settled.ok, settled.text];
}

describe('layers that another file builds', () => {
  it('are asked for once each, at the offset of their call', () => {
    expect(asking('strided-conv', 'strided-conv').in(at.file, helper)).toEqual([{ rule: 'strided-conv', start: helper.indexOf('nn.') }]);
    expect(asking('strided-conv').in('/w/other.py', helper)).toEqual([]);
  });

  it('are fixed where their call was', () => {
    const asked = asking('strided-conv');
    asked.note(at.file, at.start, { finding: finding('strided-conv', false), ok: true, title: 'Replace' });
    expect(said(asked, 'strided-conv')).toEqual([true, 'Fixed where nn.Conv2d is called, in lib.py, line 2']);
  });

  it('get no blur where other calls cut the image into patches by the same layer', () => {
    const asked = asking('strided-conv', 'patchify-conv');
    expect(asked.in(at.file, helper)).toMatchObject([{ rule: 'patchify-conv' }]);
    asked.note(at.file, at.start, { finding: finding('patchify-conv', false), ok: false, reason: 'It cuts the image into patches.' });
    expect(said(asked, 'strided-conv')).toEqual([
      false,
      'nn.Conv2d is called in lib.py, line 2. Other calls cut the image into patches by it, which no blur mends.',
    ]);
    expect(said(asked, 'patchify-conv')?.[1]).toContain('It cuts the image into patches.');
  });

  it('stay in a file that was not named', () => {
    const asked = new AskedConstructors([{ place: '/w/net.py', units: [{ findings: [finding('strided-conv')] }] }]);
    expect(said(asked, 'strided-conv')).toEqual([
      false,
      'nn.Conv2d is called in lib.py, line 2, a file that may not be changed here: name it too.',
    ]);
  });
});
