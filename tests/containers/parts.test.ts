/** What needs no container: names of places, the report of the way in, answers from in there, and what a runtime leaves unsaid. */
import { expect, test } from 'vitest';
import { Entry } from '../../packages/daemon/src/containers/entry.ts';
import { readLook } from '../../packages/daemon/src/containers/look-inside.ts';
import { parsePlace } from '../../packages/daemon/src/containers/place.ts';
import { ProgramInside } from '../../packages/daemon/src/containers/program-inside.ts';
import { interactiveCommand, plainCommand } from '../../packages/daemon/src/containers/runtime-command.ts';
import { parseRecords, recordsText } from '../../packages/daemon/src/kept/session-record.ts';
import { formatFor } from '../../packages/daemon/src/upgrade/hand-over.ts';

test('places are named as their runtimes name them', () => {
  expect(parsePlace('docker:my_web.1-a')).toEqual({ runtime: 'docker', name: 'my_web.1-a' });
  expect(parsePlace('podman:3f2a')).toEqual({ runtime: 'podman', name: '3f2a' });
  expect(parsePlace('nsenter:12')).toEqual({ runtime: 'nsenter', pid: 12 });
  const pod = { runtime: 'kubectl', container: undefined, namespace: undefined };
  expect(parsePlace('kubectl:web-7d9')).toEqual({ ...pod, pod: 'web-7d9' });
  expect(parsePlace('kubectl:web/app')).toEqual({ ...pod, pod: 'web', container: 'app' });
  expect(parsePlace('kubectl:web@team')).toEqual({ ...pod, pod: 'web', namespace: 'team' });
  expect(parsePlace('kubectl:a.b/app@team')).toEqual({
    ...pod,
    ...{ pod: 'a.b', container: 'app', namespace: 'team' },
  });
});

test.each([
  ...['', 'web', 'docker', 'docker:', 'docker:-v', 'docker:--privileged', 'docker: web', 'docker:web\n'],
  ...['docker:a b', 'docker:a;b', 'docker:$(a)', 'docker:../a', 'DOCKER:web', 'lxc:web', 'docker:wéb'],
  ...['kubectl:', 'kubectl:-n', 'kubectl:a/', 'kubectl:a/-c', 'kubectl:a@', 'kubectl:a@-A', 'kubectl:a/b/c'],
  ...[
    'kubectl:Web',
    'kubectl:a@b@c',
    'nsenter:',
    'nsenter:0',
    'nsenter:-1',
    'nsenter:1x',
    'nsenter:4294967296',
  ],
])('%j is no place', (text) => {
  expect(() => parsePlace(text)).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
});

test('command lines are words of their own, and nothing given can be an option of a runtime', () => {
  const words = ['sh', '-c', 'x'];
  expect(interactiveCommand({ runtime: 'podman', name: 'web' }, ['A'], words)).toEqual(
    'podman exec -i -t --detach-keys= --env A web sh -c x'.split(' '),
  );
  const pod = { runtime: 'kubectl', pod: 'p', container: 'c', namespace: 'n' } as const;
  expect(interactiveCommand(pod, [], words)).toEqual('kubectl exec -i -t -n n -c c p -- sh -c x'.split(' '));
  expect(plainCommand(pod, words)).toEqual('kubectl exec -n n -c c p -- sh -c x'.split(' '));
  expect(plainCommand({ runtime: 'docker', name: 'web' }, words)).toEqual(
    'docker exec web sh -c x'.split(' '),
  );
});

const STAT =
  '51 (a) b) S 0 51 51 34816 90 4194560 1 2 3 4 5 6 7 8 20 0 1 0 8089531 9 9 9 9 9 9 9 9 9 9 9 9 9 9';

test('the report is taken out wherever reads cut it, and what stands around it stays', () => {
  const nonce = 'abc123';
  const text = `Defaulted container\r\n\x1b]7717;${nonce};started;51;${STAT};/a;b c\x07$ \x1b]7717;other;x\x07`;
  const all = Buffer.from(text);
  for (let at = 0; at <= all.length; at++) {
    const entry = new Entry({ nonce, report: undefined });
    const output = Buffer.concat([
      entry.take(all.subarray(0, at)),
      entry.take(all.subarray(at)),
      entry.over(),
    ]);
    expect(output.toString(), String(at)).toBe('Defaulted container\r\n$ \x1b]7717;other;x\x07');
    expect(entry.report, String(at)).toEqual({
      ...{ is: 'started', pid: 51, startedAt: '8089531', directory: '/a;b c' },
    });
  }
});

test('what is no report is output, at the latest when the command has ended', () => {
  const begun = '\x1b]7717;abc123;started;';
  const entry = new Entry({ nonce: 'abc123', report: undefined });
  expect(entry.take(Buffer.from(`No such container${begun}`)).toString()).toBe('No such container');
  expect(entry.over().toString()).toBe(begun);
  expect(entry.report).toBeUndefined();
  const long = new Entry({ nonce: 'abc123', report: undefined });
  const endless = Buffer.from(begun + 'x'.repeat(9000));
  expect(long.take(endless)).toEqual(endless);
  expect(long.take(Buffer.from('y')).toString()).toBe('y');
});

test('what is looked at in there has any text in it', () => {
  const mark = '0011';
  const text = [
    'process 51 (sh) S 0 51 51 34816 90 0 0',
    'process 60 (sleep) T 51 60 51 34816 90 0 0',
    'process 90 (we) ird) R 51 90 51 34816 90 0 0',
    'words 90\nwe\0a\nprocess 1 (x) S 0 90 51 1 90\0\0',
    mark,
    'directory 90\n/tmp/a\nb',
    mark,
    'terminal\nspeed 38400 baud; rows 24; columns 80;\n-icanon echo opost',
    mark,
    'end\n',
  ].join('\n');
  expect(readLook(text, mark)).toEqual({
    foreground: {
      ...{ pid: 90, process_group: 90, state: 'running', reading: null },
      argv: ['we', 'a\nprocess 1 (x) S 0 90 51 1 90', ''],
    },
    terminal: { echo: true, canonical: false, processes_output: true, password_prompt: false },
    stoppedJobs: [{ process_group: 60, argv: ['sleep'] }],
    directory: '/tmp/a\nb',
  });
  // Cut off, or of a container without the programs that tell.
  const nothing = { foreground: null, terminal: null, stoppedJobs: [], directory: undefined };
  expect(readLook('gone\n', mark)).toEqual(nothing);
  expect(readLook(`directory \n\n${mark}\nterminal\n\n${mark}\nend\n`, mark)).toEqual(nothing);
});

function insideWith(ask: () => Promise<string>, startedAt = '1'): ProgramInside {
  const entry = new Entry({ nonce: '', report: { is: 'started', pid: 51, startedAt, directory: '/' } });
  return new ProgramInside('docker:web', 'sleep 1', entry, { ask });
}

test.each([
  ['fails', async () => Promise.reject(new Error('no answer')), '1'],
  ['answers half', async () => 'process', '1'],
  ['has no /proc', async () => 'end\n', '0'],
])('where a runtime %s, it is not known whether the program has ended', async (_, ask, startedAt) => {
  const ended = Promise.resolve();
  expect(await insideWith(ask, startedAt).end('SIGTERM', 1000, ended)).toEqual([
    { pid: 51, command: 'sleep 1', in: 'docker:web', unknown: true },
  ]);
});

test('who polls what is in there asks the runtime one question at a time', async () => {
  const answers: ((text: string) => void)[] = [];
  const inside = insideWith(() => new Promise((resolve) => answers.push(resolve)));
  const looks = Array.from({ length: 10 }, () => inside.look());
  expect(answers).toHaveLength(1);
  answers[0]?.('gone\n');
  expect((await Promise.all(looks)).map(({ foreground }) => foreground)).toEqual(Array(10).fill(null));
});

const session = {
  ...{ id: 'a1', name: 'here', argv: ['cat'], cwd: '/', tags: [], size: { cols: 80, rows: 24 } },
  ...{ term: 'xterm', background: false, shell_integration: true, created_at: '2026-01-02', pid: 7 },
};
const inContainer = { ...session, name: 'in', created_at: '2026-01-01', in: { place: 'docker:web' } };

test('a version that knows no containers is given none: it would start their programs on this host', () => {
  const text = recordsText([session, inContainer], []);
  expect(JSON.parse(text)).toMatchObject({ sessions: [{ name: 'here' }], sessions_inside: [{ name: 'in' }] });
  expect(parseRecords(text).sessions.map(({ name }) => name)).toEqual(['in', 'here']);
  expect(JSON.parse(recordsText([session], []))).not.toHaveProperty('sessions_inside');
  const onTerminal = { in: undefined, isPipe: false, hasNoProgram: false };
  const onPipes = { ...onTerminal, isPipe: true };
  expect(formatFor([onTerminal, { ...onPipes, hasNoProgram: true }], undefined)).toBe(1);
  expect(formatFor([onTerminal, { ...onTerminal, in: { place: 'docker:web' } }], {})).toBe(2);
  expect(formatFor([onTerminal, onPipes], { many: [] })).toBe(4);
  expect(formatFor([], { many: [] })).toBe(3);
});
