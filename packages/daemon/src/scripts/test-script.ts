/** What was recorded as a test with `pilotty/testing`, for vitest, Jest or node:test. */
import { firstTexts } from './evidence.ts';
import { literal, members, object, quote } from './javascript.ts';
import { LEAST_STEP_MS, type Recorded } from './recorded.ts';
import { secretNames, withSecrets } from './secrets.ts';
import { type Action, awaitsPrompt, proofOf, type Step } from './steps.ts';

export type TestRunner = 'vitest' | 'jest' | 'node-test';

export function testScript(recorded: Recorded, runner: TestRunner): string {
  const { title, argv, written, missed, steps } = recorded;
  const secrets = secretNames(steps);
  const options = launchOptions(recorded, runner).map((option) => `    ${option},`);
  const lines = [
    ...importsOf(runner, Object.keys(written).length > 0),
    '',
    ...(secrets.length > 0
      ? [`// Passwords were not recorded; they are read from ${secrets.join(', ')}.`]
      : []),
    `test(${quote(title)}, async () => {`,
    `  const screen = await launch(${quote(argv[0])}, {`,
    ...options,
    '  });',
    '  try {',
    ...inParagraphs([startOf(recorded), ...withSecrets(steps).map(linesOf), endOf(recorded)]),
    ...(missed > 0 ? [`    // ${missed} further inputs were not recorded.`] : []),
    '  } finally {',
    '    await screen.close();',
    '  }',
    runner === 'node-test' ? '});' : `}, ${recorded.wholeMs});`,
  ];
  return `${lines.join('\n')}\n`;
}

/** Jest has its functions without an import, and reads CommonJS. */
function importsOf(runner: TestRunner, usesAssert: boolean): string[] {
  const assert = usesAssert ? ['assert', 'node:assert/strict'] : undefined;
  const modules = [
    ...(assert ? [assert] : []),
    ...(runner === 'jest' ? [] : [['{ test }', runner === 'vitest' ? 'vitest' : 'node:test']]),
    ['{ expect, launch }', 'pilotty/testing'],
  ];
  return modules.map(([names, module]) =>
    runner === 'jest' ? `const ${names} = require('${module}');` : `import ${names} from '${module}';`,
  );
}

/** A blank line between what belongs together. */
function inParagraphs(blocks: readonly string[][]): string[] {
  return blocks
    .filter((lines) => lines.length > 0)
    .flatMap((lines, index) => [...(index > 0 ? [''] : []), ...lines.map((line) => `    ${line}`)]);
}

function launchOptions(
  { argv, cwd, files, size, term, title, stepMs }: Recorded,
  runner: TestRunner,
): string[] {
  const words = argv.slice(1);
  return [
    ...(runner === 'node-test' ? [`title: ${quote(title)}`, 'testFile: import.meta.url'] : []),
    ...members({
      args: words.length > 0 ? words : undefined,
      cwd,
      files: Object.keys(files).length > 0 ? files : undefined,
      ...size,
      term: term === 'xterm-256color' ? undefined : term,
      timeout: stepMs === LEAST_STEP_MS ? undefined : stepMs,
    }),
  ];
}

function startOf({ first }: Recorded): string[] {
  const [text] = firstTexts(first);
  if (text !== undefined) return [`await expect(screen).toShow(${quote(text)});`];
  return first.isAtPrompt ? ['await screen.waitFor({ prompt: true });'] : [];
}

function linesOf({ step, secret }: { step: Step; secret: string }): string[] {
  const wait = waitOf(step);
  return [`await screen.${call(step.action, wait, secret)};`, ...assertionOf(step)];
}

function endOf({ exit, written }: Recorded): string[] {
  const wanted = exit?.signal ? object(members({ signal: exit.signal })) : String(exit?.exit_code);
  return [
    ...(exit === undefined || exit.killed_by_client ? [] : [`await expect(screen).toHaveExited(${wanted});`]),
    ...Object.entries(written).map(
      ([name, content]) => `assert.equal(await screen.readFile(${quote(name)}), ${quote(content)});`,
    ),
  ];
}

/** Where it has to be the act that waits: a prompt looks the same before and after. */
function waitOf(step: Step): string[] {
  if (awaitsPrompt(step)) return ['wait: { prompt: true }'];
  const evidence = proofOf(step);
  return evidence?.kind === 'change' ? ['wait: { change: true }'] : [];
}

function call(action: Action, wait: readonly string[], secret: string): string {
  const withOptions = (first: string, ...options: string[]) => {
    const all = [...options, ...wait];
    return all.length > 0 ? `(${first}, ${object(all)})` : `(${first})`;
  };
  if ('hidden' in action) {
    const enter = action.enter ? ['enter: true'] : [];
    return `session.type${withOptions(`process.env.${secret} ?? ''`, ...enter, 'secret: true')}`;
  }
  if ('parts' in action) return sent(action.parts, withOptions);
  const name = action.method.replace('session.', '');
  const { text, data_base64: data, direction, signal, command, enter, element, ...rest } = action.params;
  const thenEnter = enter === true ? ['enter: true'] : [];
  switch (name) {
    case 'paste':
      return `session.paste${withOptions(literal(text), ...thenEnter)}`;
    case 'type':
      return `session.type${withOptions(`Buffer.from(${literal(data)}, 'base64')`, ...thenEnter)}`;
    case 'scroll':
      return `scroll${withOptions(literal(direction), ...members(rest))}`;
    case 'signal':
      return `signal${withOptions(literal(signal))}`;
    case 'exec':
      return `session.exec(${literal(command)})`;
    case 'resize':
      return `resize(${literal(rest)})`;
    default:
      return element === undefined
        ? `${name}(${object([...members({ text, ...unusual(rest) }), ...wait])})`
        : clickOn(element as { kind: string; text: string });
  }
}

function clickOn({ kind, text }: { kind: string; text: string }): string {
  return `getByElement(${quote(kind)}, { text: ${quote(text)} }).click()`;
}

function sent(
  parts: readonly ({ text: string } | { key: string } | { word: string })[],
  withOptions: (first: string, ...options: string[]) => string,
): string {
  const [first, second, ...others] = parts;
  if (first && 'text' in first && second === undefined) return `type${withOptions(quote(first.text))}`;
  if (first && 'key' in first && second === undefined) return `key${withOptions(quote(first.key))}`;
  if (first && 'text' in first && second && 'key' in second && second.key === 'Enter' && others.length === 0)
    return `type${withOptions(quote(first.text), 'enter: true')}`;
  const words = parts.map((part) => ('word' in part ? part.word : part));
  return `send${withOptions(literal(words))}`;
}

/** Without what a method does by itself. */
function unusual(params: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { button, count, ...rest } = params;
  return {
    ...rest,
    ...(button !== 'left' && { button }),
    ...(count !== 1 && { count }),
  };
}

function assertionOf(step: Step): string[] {
  const evidence = proofOf(step);
  // What is there once the prompt is back needs no second look.
  if (awaitsPrompt(step) && evidence?.kind !== 'text') return [];
  switch (evidence?.kind) {
    case 'text':
    case 'echo':
      return [`await expect(screen).toShow(${quote(evidence.text)});`];
    case 'gone':
      return [`await expect(screen).not.toShow(${quote(evidence.text)});`];
    case 'focus': {
      const { element, text } = evidence;
      const locator = `screen.getByElement(${quote(element)}, { text: ${quote(text)}, focused: true })`;
      return [`await expect(screen).toShow(${locator});`];
    }
    case 'cursor':
      return [`await expect(screen).toHaveCursor({ row: ${evidence.row}, col: ${evidence.col} });`];
    default:
      return [];
  }
}
