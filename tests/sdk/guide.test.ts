/** Every program of docs/sdk.md and of the README: it has the types it should have, and prints what stands below it. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { expect } from 'vitest';
import { readText, root } from '../architecture/workspaces.ts';
import { test } from '../harness/pilotty.ts';
import { needs } from '../harness/programs.ts';
import { runFile } from '../harness/run-file.ts';
import { installIn } from './installed.ts';
import { endGateway, gatewayOf } from './ways.ts';

interface Snippet {
  name: string;
  code: string;
  /** What it prints; undefined where the page does not say. */
  prints: string | undefined;
}

const snippets = ['docs/sdk.md', 'README.md'].flatMap((page) =>
  readText(page)
    .split(/^## /m)
    .flatMap((section) => {
      const found = [...section.matchAll(/```ts\n(.*?)```\n(?:\n```\n(.*?)```)?/gs)];
      return found.map(([, code = '', prints]): Snippet => {
        const [title = ''] = section.split('\n');
        return { name: `${page}: ${title}`, code, prints };
      });
    }),
);

test('the programs of the guide have the types that they should have', () => {
  expect(snippets.length).toBeGreaterThan(8);
  const directory = join(root, 'node_modules/.cache/pilotty-guide');
  mkdirSync(directory, { recursive: true });
  const files = snippets.map(({ code }, index) => {
    const file = join(directory, `${index}.mts`);
    writeFileSync(file, code);
    return file;
  });
  // Without the daemon, which is most of what it would have to read.
  const local = join(directory, 'local.d.mts');
  writeFileSync(
    local,
    "import type { Pilotty } from 'pilotty';\nexport declare function startLocal(): Promise<Pilotty>;\n",
  );
  const program = ts.createProgram(files, {
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.NodeNext,
    lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts'],
    types: ['node'],
    typeRoots: [join(root, 'node_modules/@types')],
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    resolveJsonModule: true,
    allowImportingTsExtensions: true,
    paths: {
      pilotty: [join(root, 'packages/sdk/src/index.ts')],
      'pilotty/local': [local],
    },
  });
  const problems = files.flatMap((file) => [
    ...program.getSyntacticDiagnostics(program.getSourceFile(file)),
    ...program.getSemanticDiagnostics(program.getSourceFile(file)),
  ]);
  expect(
    problems.map(({ file, messageText }) => `${file?.fileName}: ${JSON.stringify(messageText)}`),
  ).toEqual([]);
});

test.for(snippets)('$name', async ({ code, prints }, { pilotty }) => {
  needs('python3', 'dialog', 'bash');
  installIn(pilotty.home);
  const file = join(pilotty.home, 'program.mjs');
  writeFileSync(file, runnable(code));
  const usesGateway = code.includes('PILOTTY_URL');
  const gateway = usesGateway ? await gatewayOf(pilotty) : { url: '', token: '' };
  try {
    const env = { ...pilotty.env, PILOTTY_URL: gateway.url, PILOTTY_TOKEN: gateway.token };
    const { stdout, stderr } = await runFile(process.execPath, [file], {
      env,
      cwd: pilotty.home,
    });
    expect(stderr).toBe('');
    if (prints !== undefined) expect(stdout).toBe(prints);
  } finally {
    if (usesGateway) await endGateway(pilotty);
  }
});

/** What Node 20 runs of it: without types, and with `await using` spelt out. */
function runnable(code: string): string {
  const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext };
  return ts.transpileModule(code, { compilerOptions }).outputText;
}
