import { describe, expect, it } from 'vitest';
import type { CodeFix } from '../../../../src/code/finding';
import type { CodeLanguage } from '../../../../src/code/protocol';
import { findingsOf, offerFor, withEdits } from './fixing';

interface DisableCase {
  readonly name: string;
  readonly kind: CodeFix['kind'];
  readonly before: string;
  readonly after: string;
  readonly language?: CodeLanguage;
}

const torch = 'import torch.nn as nn\n';
const tfjs = `import * as tf from '@tensorflow/tfjs';\n`;

const cases: readonly DisableCase[] = [
  {
    name: 'Python, this line',
    kind: 'disable-line',
    before: `${torch}pool = nn.MaxPool2d(2)  \n`,
    after: `${torch}pool = nn.MaxPool2d(2)  # shiftlint: disable=strided-max-pool\n`,
  },
  {
    name: 'Python, behind another comment',
    kind: 'disable-line',
    before: `${torch}pool = nn.MaxPool2d(2)  # noqa\r\n`,
    after: `${torch}pool = nn.MaxPool2d(2)  # noqa  # shiftlint: disable=strided-max-pool\r\n`,
  },
  {
    name: 'Python, one rule more',
    kind: 'disable-line',
    before: `${torch}pool = nn.MaxPool2d(2)  # shiftlint: disable=strided-conv # why\n`,
    after: `${torch}pool = nn.MaxPool2d(2)  # shiftlint: disable=strided-conv, strided-max-pool # why\n`,
  },
  {
    name: 'Python, a call over several lines',
    kind: 'disable-line',
    before: `${torch}pool = nn.MaxPool2d(\n    2,\n)\n`,
    after: `${torch}pool = nn.MaxPool2d(  # shiftlint: disable=strided-max-pool\n    2,\n)\n`,
  },
  {
    name: 'Python, this file',
    kind: 'disable-file',
    before: `#!/usr/bin/env python\n# -*- coding: utf-8 -*-\n${torch}pool = nn.MaxPool2d(2)\n`,
    after: `#!/usr/bin/env python\n# -*- coding: utf-8 -*-\n# shiftlint: disable-file=strided-max-pool\n${torch}pool = nn.MaxPool2d(2)\n`,
  },
  {
    name: 'Python, one rule more for the file',
    kind: 'disable-file',
    before: `# shiftlint: disable-file=strided-conv\n${torch}pool = nn.MaxPool2d(2)\n`,
    after: `# shiftlint: disable-file=strided-conv, strided-max-pool\n${torch}pool = nn.MaxPool2d(2)\n`,
  },
  {
    name: 'JavaScript, this line',
    kind: 'disable-line',
    before: `${tfjs}function f() {\n  return tf.layers.maxPooling2d({poolSize: 2});\n}\n`,
    after: `${tfjs}function f() {\n  // shiftlint-disable-next-line strided-max-pool\n  return tf.layers.maxPooling2d({poolSize: 2});\n}\n`,
    language: 'javascript',
  },
  {
    name: 'JavaScript, one rule more',
    kind: 'disable-line',
    before: `${tfjs}// shiftlint-disable-next-line strided-conv\ntf.layers.maxPooling2d({poolSize: 2});\n`,
    after: `${tfjs}// shiftlint-disable-next-line strided-conv, strided-max-pool\ntf.layers.maxPooling2d({poolSize: 2});\n`,
    language: 'javascript',
  },
  {
    name: 'JavaScript, this file',
    kind: 'disable-file',
    before: `#!/usr/bin/env node\r\n${tfjs}tf.layers.maxPooling2d({poolSize: 2});\r\n`,
    after: `#!/usr/bin/env node\r\n/* shiftlint-disable strided-max-pool */\r\n${tfjs}tf.layers.maxPooling2d({poolSize: 2});\r\n`,
    language: 'javascript',
  },
  {
    name: 'JavaScript, one rule more for the file',
    kind: 'disable-file',
    before: `/* shiftlint-disable strided-conv */\n${tfjs}tf.layers.maxPooling2d({poolSize: 2});\n`,
    after: `/* shiftlint-disable strided-conv, strided-max-pool */\n${tfjs}tf.layers.maxPooling2d({poolSize: 2});\n`,
    language: 'typescript',
  },
];

describe('comments that silence a rule', () => {
  it.each(cases)('$name', async ({ kind, before, after, language = 'python' }) => {
    const fix = (await offerFor(before, 0, language)).fixes.find((one) => one.kind === kind);
    expect(fix?.title).toBe(`Disable strided-max-pool for this ${kind.slice('disable-'.length)}`);
    const text = withEdits(before, fix?.edits ?? []);
    expect(text).toBe(after);
    expect(await findingsOf(text, language)).toEqual([]);
  });

  const nowhere: readonly { readonly name: string; readonly source: string; readonly language: CodeLanguage }[] = [
    { name: 'a line that goes on behind a backslash', source: `${torch}pool = nn.MaxPool2d(2) + \\\n    1\n`, language: 'python' },
    { name: 'a line that ends inside a string', source: `${torch}pool = nn.MaxPool2d(2), """a\nb"""\n`, language: 'python' },
    {
      name: 'a line that begins inside a template',
      source: `${tfjs}const a = \`\n\${tf.layers.maxPooling2d({poolSize: 2})}\`;\n`,
      language: 'javascript',
    },
  ];
  it.each(nowhere)('$name takes no comment', async ({ source, language }) => {
    expect((await offerFor(source, 0, language)).fixes.map(({ kind }) => kind)).not.toContain('disable-line');
  });
});
