/** A project file as it is read: what it means, and what is wrong with it, at which place. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { RequestError } from '../../packages/client/src/index.ts';
import { environmentLines } from '../../packages/project/src/environment-file.ts';
import type { FileProblem } from '../../packages/project/src/file-problem.ts';
import { readProject } from '../../packages/project/src/index.ts';
import type { Project } from '../../packages/project/src/project.ts';
import { projectFile } from '../../packages/project/src/schema.ts';

const FILE = '/work place/shop/pilotty.json';

function read(text: string, files: Record<string, string> = {}): Promise<Project> {
  const readText = async (path: string) => {
    if (path === FILE) return text;
    const found = files[path];
    if (found === undefined) throw new Error(`cannot read '${path}': no such file`);
    return found;
  };
  const isWhole = (pattern: string) => !['(', '['].includes(pattern);
  return readProject(FILE, readText, async (pattern) =>
    isWhole(pattern) ? undefined : `'${pattern}' does not compile`,
  );
}

const sessions = (members: object) => read(JSON.stringify({ sessions: members }));

/** 'line:column path: message' of each. */
async function mistakesOf(text: string): Promise<string[]> {
  const error = await read(text).then(
    () => undefined,
    (error: RequestError) => error,
  );
  expect(error?.code).toBe('INVALID_INPUT');
  const { mistakes } = (error?.details ?? {}) as { mistakes: FileProblem[] };
  return mistakes.map(({ path, line, column, message }) => `${line}:${column} ${path}: ${message}`);
}

test('comments, a comma at the end, defaults and shorthands', async () => {
  const project = await read(`\uFEFF{
    // a comment
    "sessions": {
      "b": { "command": "echo $HOME", "depends_on": ["a", "c"], "ready": "up" /* another */ },
      "a": { "command": ["cat", "a file"], "directory": "../x", "environment": { "N": 1, "T": true, "S": "s" } },
      "c": { "command": "true", "ready": { "settle": "1.5s", "exit": 0, "timeout": "2m" }, "restart": "on-failure:3" },
    },
  }`);
  expect(project).toMatchObject({ name: 'shop', file: FILE });
  expect(project.sessions.map(({ key }) => key)).toEqual(['a', 'c', 'b']);
  const [a, c, b] = project.sessions;
  expect(a).toMatchObject({
    ...{ name: 'a', argv: ['cat', 'a file'], cwd: '/work place/x', env: { N: '1', T: 'true', S: 's' } },
    ...{
      tags: ['project=shop'],
      isRecorded: false,
      dependsOn: [],
      ready: undefined,
      restartPolicy: undefined,
    },
  });
  expect(c).toMatchObject({
    ready: { conditions: { settle_ms: 1500, exit: true }, timeoutMs: 120_000 },
    restartPolicy: { mode: 'on-failure', limit: 3 },
  });
  expect(b).toMatchObject({
    ...{ argv: ['sh', '-c', 'echo $HOME'], cwd: '/work place/shop' },
    ...{ ready: { conditions: { text: 'up' }, timeoutMs: 60_000 } },
    // Of an array: ready where that is said, else started.
    dependsOn: [
      { key: 'a', condition: 'started' },
      { key: 'c', condition: 'ready' },
    ],
  });
});

test('what can be true can be false, which is as if it was left out', async () => {
  const conditions = { prompt: false, reads: false, bell: false, any: false };
  const off = { command: 'x', pipe: false, record: false, ready: { text: 'up', ...conditions } };
  const [given] = (await sessions({ one: off })).sessions;
  const [without] = (await sessions({ one: { command: 'x', ready: 'up' } })).sessions;
  expect(given).toEqual({
    ...without,
    ready: { conditions: { text: 'up', ...conditions }, timeoutMs: 60_000 },
  });
  const piped = { ...off, pipe: true };
  expect((await sessions({ one: piped })).sessions).toMatchObject([{ isPipe: true }]);
});

test('docs/projects.md has every member and every reason to start anew', async () => {
  const text = readFileSync(fileURLToPath(new URL('../../docs/projects.md', import.meta.url)), 'utf8');
  const table = /\| of a session \| \|\n[\s\S]*?\n\n/.exec(text)?.[0] ?? '';
  const documented = table
    .split('\n')
    .slice(2)
    .flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`(\w+)`/g)].map(([, name]) => name));
  const { shape } = projectFile.shape.sessions.valueType;
  expect(documented.sort()).toEqual(Object.keys(shape).sort());
  const conditions = /^`ready` takes [\s\S]*?\n\n/m.exec(text)?.[0] ?? '';
  const named = [...conditions.matchAll(/`(\w+)`/g)].map(([, name]) => name);
  const [, object] = shape.ready.unwrap().options;
  expect(named).toEqual(expect.arrayContaining(Object.keys(object.shape)));
  const reasons = /^\| `recreated` \| ([^.]*) have changed/m.exec(text)?.[1]?.split(/, | or /) ?? [];
  const all = { command: 'x', pipe: true, size: '80x24', tags: ['t'], restart: 'always' };
  const [{ config } = { config: {} }] = (await sessions({ one: all })).sessions;
  expect(reasons.sort()).toEqual(Object.keys(config).sort());
});

test('prefix, size, tags, record, and all of a restart policy', async () => {
  const restart = { mode: 'always', limit: 7, delay: '50ms', max_delay: '1m' };
  const one = { command: 'x', size: '120x40', tags: ['ci'], record: true, restart };
  const project = await read(JSON.stringify({ name: 'p', prefix: 'p-', sessions: { one } }));
  expect(project.sessions[0]).toMatchObject({
    ...{
      key: 'one',
      name: 'p-one',
      size: { cols: 120, rows: 40 },
      tags: ['project=p', 'ci'],
      isRecorded: true,
    },
    restartPolicy: { mode: 'always', limit: 7, delay_ms: 50, max_delay_ms: 60_000 },
  });
});

test.each([
  [
    '{"sessions": {"a": {"comand": "x"}}}',
    [
      '1:20 sessions.a.command: is missing',
      "1:21 sessions.a.comand: there is no such setting; did you mean 'command'?",
    ],
  ],
  [
    '{"sesions": {}}',
    ['1:1 sessions: is missing', "1:2 sesions: there is no such setting; did you mean 'sessions'?"],
  ],
  [
    '{\n "sessions": {\n  "a": {"command": 5}}}',
    ['3:20 sessions.a.command: must be a text for sh -c, or an array of the program and its arguments'],
  ],
  ['{"sessions": {"a": {"command": []}}}', ['1:32 sessions.a.command: must name a program']],
  [
    '{"sessions": {"a": {"command": "x", "ready": {"txt": "y"}}}}',
    ["1:47 sessions.a.ready.txt: there is no such setting; did you mean 'text'?"],
  ],
  [
    '{"sessions": {"a": {"command": "x", "ready": {"settle": "soon"}}}}',
    ['1:57 sessions.a.ready.settle: a duration is a text such as "500ms", "2s" or "5m"'],
  ],
  [
    '{"sessions": {"a": {"command": "x", "restart": {"mod": "always"}}}}',
    [
      '1:48 sessions.a.restart.mode: is missing',
      "1:49 sessions.a.restart.mod: there is no such setting; did you mean 'mode'?",
    ],
  ],
  [
    '{"sessions": {"a": {"command": "x", "restart": "unless-stopped"}}}',
    ['1:48 sessions.a.restart: must be no, on-failure or always, or with a limit such as on-failure:3'],
  ],
  [
    '{"sessions": {"a b": {"command": "x"}}}',
    ['1:15 sessions.a b: a name has letters, digits, ".", "_" and "-", and begins with none of "." and "-"'],
  ],
  [
    '{"sessions": {"a": {"command": "x"}, "a": {"command": "y"}}}',
    ['1:38 sessions.a: stands here a second time'],
  ],
  ['{"sessions": {"a": {"command": "x"}', ['1:36 : this is not JSON with comments: close brace expected']],
  ['', ['1:1 : this is not JSON with comments: value expected']],
  ['[]', ['1:1 : must be of type object']],
  [
    '{"sessions": {"a": {"command": "x", "depends_on": ["apy"]}, "api": {"command": "y"}}}',
    ["1:52 sessions.a.depends_on.0: there is no session 'apy'; did you mean 'api'?"],
  ],
  [
    '{"sessions": {"a": {"command": "x", "depends_on": {"b": "ready"}}, "b": {"command": "y"}}}',
    [
      `1:57 sessions.a.depends_on.b: 'b' does not say when it is ready: give it a "ready", or wait for started`,
    ],
  ],
  [
    '{"sessions": {"a": {"command": "x", "depends_on": {"b": "completed"}}, "b": {"command": "y", "restart": "always"}}}',
    ["1:57 sessions.a.depends_on.b: 'b' is always started again, and never completed"],
  ],
  [
    '{"sessions": {"a": {"command": "x", "depends_on": {"a": "healthy"}}}}',
    [
      '1:51 sessions.a.depends_on: depends on itself: a → a',
      '1:57 sessions.a.depends_on.a: must be started, ready or completed',
    ],
  ],
  [
    '{"sessions": {"a": {"command": "x", "depends_on": ["toString"]}}}',
    ["1:52 sessions.a.depends_on.0: there is no session 'toString'"],
  ],
  [
    '{"sessions": {"a": {"command": "x", "size": "1x1"}}}',
    ['1:45 sessions.a.size: must be from 2x1 to 1000x1000'],
  ],
  [
    '{"sessions": {"a": {"command": "x", "env_file": "none"}}}',
    ["1:49 sessions.a.env_file: cannot read '/work place/shop/none': no such file"],
  ],
  // All at once: of each stage, and of each place.
  [
    `{"name": "x", "sessions": {
      "a": {"comand": "x"},
      "b": {"command": "y", "depends_on": ["c", 5, "d"], "ready": {"regex": ["(", 7, "["], "settle": "soon"}},
      "p": {"command": "cat", "pipe": true, "ready": {"prompt": true, "txt": "x"}, "env_file": ["none", ""]},
      "a": {"comand": "y", "size": "1x1"}}}`,
    [
      "3:44 sessions.b.depends_on.0: there is no session 'c'",
      '3:49 sessions.b.depends_on.1: must be a text',
      "3:52 sessions.b.depends_on.2: there is no session 'd'",
      "3:78 sessions.b.ready.regex.0: '(' does not compile",
      '3:83 sessions.b.ready.regex.1: must be a text',
      "3:86 sessions.b.ready.regex.2: '[' does not compile",
      '3:102 sessions.b.ready.settle: a duration is a text such as "500ms", "2s" or "5m"',
      '4:55 sessions.p.ready.prompt: needs a terminal, which pipe leaves out',
      "4:71 sessions.p.ready.txt: there is no such setting; did you mean 'text'?",
      "4:96 sessions.p.env_file: cannot read '/work place/shop/none': no such file",
    ],
  ],
  [
    '{"sessions": {"a": {"command": "x"}, "b": {"command": "x", "depends_on": ["c"]}, "a": {"comand": "y"}}}',
    [
      "1:75 sessions.b.depends_on.0: there is no session 'c'",
      '1:82 sessions.a: stands here a second time',
      '1:87 sessions.a.command: is missing',
      "1:88 sessions.a.comand: there is no such setting; did you mean 'command'?",
    ],
  ],
  // What is not known of one is not held against another.
  [
    `{"sessions": {"a b": {"command": "x", "ready": 5}, "c": 5, "d": {"command": "x", "redy": "x"}, "e": {"command": "x",
      "depends_on": {"a b": "ready", "c": "ready", "d": "ready"}}}}`,
    [
      '1:15 sessions.a b: a name has letters, digits, ".", "_" and "-", and begins with none of "." and "-"',
      '1:48 sessions.a b.ready: must be a text, or an object of conditions',
      '1:57 sessions.c: must be of type object',
      "1:82 sessions.d.redy: there is no such setting; did you mean 'ready'?",
    ],
  ],
  [
    '{"__proto__": 1, "sessions": {"x": {"command": "x", "depends_on": ["y"]}, "y": {"command": "x", "depends_on": ["x"]}, "z": {"command": "x", "depends_on": ["z"]}}}',
    [
      '1:2 __proto__: cannot be a name',
      '1:67 sessions.x.depends_on: depends on itself: x → y → x',
      '1:155 sessions.z.depends_on: depends on itself: z → z',
    ],
  ],
  // In words of a file, and not of its schema.
  [
    '{"sessions": {"a": {"command": "x", "ready": {"exit": 7, "reads": "yes"}, "restart": {"mode": "sometimes", "limit": 0}}}}',
    [
      '1:55 sessions.a.ready.exit: must be 0',
      '1:67 sessions.a.ready.reads: must be true or false',
      '1:95 sessions.a.restart.mode: must be on-failure or always',
      '1:117 sessions.a.restart.limit: must be at least 1',
    ],
  ],
  [
    '{"name": 5, "sessions": {"a": {"command": "x", "restart": {"mode": "always", "limit": 1.5}, "env_file": []}}}',
    [
      '1:10 name: must be a text',
      '1:87 sessions.a.restart.limit: must be a whole number',
      '1:105 sessions.a.env_file: must have at least 1',
    ],
  ],
])('%s', async (text, expected) => {
  expect(await mistakesOf(text)).toEqual(expected);
});

test('a circle is named from its first to its last, and one of itself too', async () => {
  const circle = {
    x: { command: 'x', depends_on: ['a'] },
    a: { command: 'a', depends_on: ['b'] },
    b: { command: 'b', depends_on: ['c'] },
    c: { command: 'c', depends_on: ['a'] },
  };
  const message = async (members: object) => sessions(members).catch((error: RequestError) => error.message);
  expect(await message(circle)).toContain('sessions.a.depends_on: depends on itself: a → b → c → a');
  expect(await message({ a: { command: 'a', depends_on: ['a'] } })).toContain('depends on itself: a → a');
});

test('names of JavaScript are names like others, and the one that would be lost is refused', async () => {
  const project = await read('{"sessions": {"constructor": {"command": "y"}}}');
  expect(project.sessions.map(({ key }) => key)).toEqual(['constructor']);
  expect(await mistakesOf('{"sessions": {"__proto__": {"command": "x"}}}')).toEqual([
    '1:15 sessions.__proto__: cannot be a name',
  ]);
});

test('files of variables: comments, quotes, export; environment goes before, and mistakes have a line', async () => {
  const lines = [
    '# one',
    '',
    'A=1',
    ' export B = two words # not this',
    `C="a\\n\\"b\\" #c" # d`,
    "D='$A #x'",
    'E=',
  ];
  const text = JSON.stringify({
    sessions: { a: { command: 'x', env_file: ['x.env'], environment: { A: 'mine' } } },
  });
  const { sessions: read1, environmentFiles } = await read(text, {
    '/work place/shop/x.env': lines.join('\r\n'),
  });
  expect(read1[0]?.env).toEqual({ A: 'mine', B: 'two words', C: 'a\n"b" #c', D: '$A #x', E: '' });
  expect(environmentFiles).toEqual(['/work place/shop/x.env']);
  expect(environmentLines('A=1\nB\nC="x')).toEqual([
    { name: 'A', value: '1' },
    { line: 2, problem: 'must be NAME=VALUE' },
    { line: 3, problem: 'has a quote that does not end' },
  ]);
});

test('a setting that a program depends on changes its hash and no other, and what it does not depend on none', async () => {
  const config = async (more: object) =>
    (await sessions({ a: { command: 'x', environment: { A: '1', B: '2' }, ...more } })).sessions[0]?.config ??
    {};
  const before = await config({});
  const changedBy = async (more: object) => {
    const after = await config(more);
    return Object.keys({ ...before, ...after }).filter((name) => before[name] !== after[name]);
  };
  expect(await changedBy({ environment: { B: '2', A: '1' } })).toEqual([]);
  expect(await changedBy({ ready: 'up' })).toEqual([]);
  expect(await changedBy({ restart: 'no' })).toEqual([]);
  expect(await changedBy({ environment: { A: '1', B: '3' } })).toEqual(['environment']);
  expect(await changedBy({ command: ['sh', '-c', 'x'] })).toEqual([]);
  expect(await changedBy({ command: 'y' })).toEqual(['command']);
  expect(await changedBy({ size: '90x30' })).toEqual(['size']);
  expect(JSON.stringify(before)).not.toMatch(/"[^"]{13,}":|:"[^"]{13,}"/);
});

test('the example of the documentation is valid', async () => {
  const example = fileURLToPath(new URL('../../docs/examples/project/pilotty.json', import.meta.url));
  const project = await readProject(
    example,
    async (path) => readFileSync(path, 'utf8'),
    async () => undefined,
  );
  expect(project.sessions).toHaveLength(6);
});
