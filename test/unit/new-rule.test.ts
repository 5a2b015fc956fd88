import { readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { newRule } from '../../scripts/new-rule.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const registryFile = 'src/core/rules/registry.ts';

describe('npm run new-rule', () => {
  const files = newRule('strided-unpool', readFileSync(path.join(root, registryFile), 'utf8'));

  it('makes the rule, its test and its page, and registers it', () => {
    expect([...files.keys()]).toEqual([
      'src/core/rules/strided-unpool.ts',
      'test/unit/rules/strided-unpool.test.ts',
      'docs/rules/strided-unpool.md',
      registryFile,
    ]);
    expect(files.get(registryFile)).toContain("import { stridedUnpool } from './strided-unpool';");
    expect(files.get(registryFile)).toMatch(/\n {2}stridedUnpool,\n\] as const;/);
  });

  it('makes a rule that compiles', () => {
    const { config } = ts.readConfigFile(path.join(root, 'tsconfig.base.json'), (file) => ts.sys.readFile(file)) as { config: object };
    const { options: shared } = ts.parseJsonConfigFileContent(config, ts.sys, root);
    const options = { ...shared, noEmit: true, composite: false, emitDeclarationOnly: false, lib: ['lib.es2023.d.ts'] };
    const host = ts.createCompilerHost(options);
    const textOf = (file: string): string | undefined => files.get(path.relative(root, file).split(path.sep).join('/'));
    const [readFile, fileExists] = [host.readFile.bind(host), host.fileExists.bind(host)];
    host.readFile = (file) => textOf(file) ?? readFile(file);
    host.fileExists = (file) => textOf(file) !== undefined || fileExists(file);
    host.getSourceFile = (file, version) => {
      const text = host.readFile(file);
      return text === undefined ? undefined : ts.createSourceFile(file, text, version);
    };
    const program = ts.createProgram([path.join(root, registryFile)], options, host);
    const problems = ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
    expect(program.getSourceFile(path.join(root, 'src/core/rules/strided-unpool.ts'))).toBeDefined();
    expect(problems).toEqual([]);
  });
});
