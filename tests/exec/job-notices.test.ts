/** What a shell says of background jobs is not among what a later command prints. */
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test as unitTest } from 'vitest';
import { Call, Cancellation } from '../../packages/daemon/src/call.ts';
import type { Daemon } from '../../packages/daemon/src/daemon.ts';
import { JobNotices } from '../../packages/daemon/src/exec/job-notices.ts';
import { startInProcess } from '../../packages/daemon/src/in-process.ts';
import { findProcess } from '../../packages/daemon/src/processes/process-table.ts';
import { PATH } from '../harness/programs.ts';
import { until } from '../harness/until.ts';
import { type Shells, test } from './shell-session.ts';

const RUNNING = [
  '[1]   Running                 sleep 9 &',
  '[2]-  Running                 false | sleep 8 &  (wd: ~/work)',
  '[3]+  Running                 while read x; do\n    echo "[1]+ é $x";\ndone < in &',
].join('\n');

const NOTICES = [
  '[1]   Done                    sleep 9\n',
  '[2]-  Exit 1                  false\n      Done                    | sleep 8  (wd: ~/work)\n',
  '[3]+  Speicherzugriffsfehler (core dumped) while read x; do\n    echo "[1]+ é $x";\ndone < in\n',
];

/** In pieces of so many bytes. */
function filtered(text: string, size: number): { text: string; found: readonly string[] } {
  const notices = new JobNotices();
  notices.expect(`${RUNNING}\n`);
  const bytes = Buffer.from(text);
  const kept: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size)
    kept.push(notices.filter(bytes.subarray(at, at + size), at + size >= bytes.length));
  return { text: Buffer.concat(kept).toString(), found: notices.found };
}

describe('of what a command prints', () => {
  const ofCommand = [
    '[1] of its own\n',
    'ü[2] [',
    '[3]+\n',
    '[1]+  Done                    sleep 99\n',
    '[1',
  ];
  const mixed = ofCommand.map((own, index) => own + (NOTICES[index] ?? '')).join('');

  unitTest('notices are taken out, and nothing else, however it comes in pieces', () => {
    for (let size = 1; size <= Buffer.byteLength(mixed); size++) {
      const { text, found } = filtered(mixed, size);
      expect([size, text, found.length]).toEqual([size, ofCommand.join(''), 3]);
    }
  });

  unitTest('nothing is kept back that cannot be a notice any more', () => {
    const notices = new JobNotices();
    notices.expect(`${RUNNING}\n`);
    const [first, , third] = ['[1] is no notice\n', '', '[3]+  Done'].map(Buffer.from);
    expect(notices.filter(first as Buffer, false).toString()).toBe('[1] is no notice\n');
    expect(notices.filter(third as Buffer, false).toString()).toBe('');
    expect(notices.filter(Buffer.from(' with it\n\n\n\n'), false).toString()).toBe(
      '[3]+  Done with it\n\n\n\n',
    );
  });
});

const SHELLS: [string, string[]][] = [
  ['bash', ['bash']],
  ['bash without marks', ['bash', '--norc']],
  ['dash', ['dash']],
];

async function startWithJob(
  shells: Shells,
  argv: string[],
): Promise<{ session: string; hasEnded: () => boolean }> {
  const session = await shells.start(argv);
  const { stdout: job } = await shells.exec(session, 'mkfifo go; cat go >out & echo $!');
  return { session, hasEnded: () => findProcess(Number(job)) === undefined };
}

/** The shell sees the end of a job with the first program that it waits for after it. */
const COMMAND = "until [ -e ended ]; do sleep 0.02; done; sh -c 'echo its own >&2; exit 3'";
const ENDED = 'Ended in the background: [1]+ Done cat go > out.';

test.for(SHELLS)(
  'the end of a job is not in the stderr of a later command, in a %s',
  async ([name, argv], { shells }) => {
    const { session, hasEnded } = await startWithJob(shells, argv);
    const answer = shells.exec(session, `echo >go; ${COMMAND}`);
    await until('the job to end', hasEnded);
    shells.write('work/ended', '');
    const { stderr, exit_code, note } = await answer;
    expect([stderr, exit_code, note]).toEqual(['its own\n', 3, name === 'dash' ? undefined : ENDED]);
  },
);

unitTest(
  'a client that takes its time is told of a job whose notice came with the end of the command',
  async () => {
    const directory = realpathSync(mkdtempSync(join(tmpdir(), 'pt-')));
    const { daemon, close } = await startInProcess(directory);
    try {
      let went = () => {};
      const isTaken = new Promise<void>((resolve) => {
        went = resolve;
      });
      const taken: Record<string, string> = { stdout: '', stderr: '' };
      const ask = async (method: string, params: object) => {
        const emit = async (event: unknown) => {
          const { stream, data_base64 } = event as { stream: string; data_base64: string };
          taken[stream] += Buffer.from(data_base64, 'base64').toString();
          if (taken.stdout === 'first\n') await isTaken;
        };
        const caller = { isGone: () => false, emit, ready: async () => {} };
        return (await daemon.answer(method, params, new Call(caller, new Cancellation()))) as object;
      };
      const argv = ['bash', '--norc'];
      await ask('session.spawn', { name: 'x', argv, cwd: directory, env: { PATH, HOME: directory } });
      await ask('session.exec', { session: 'x', command: 'mkfifo go; cat go >out &' });
      const command = "echo first; until [ -e on ]; do sleep 0.02; done; echo >go; wait; sh -c 'exit 3'";
      const answer = ask('session.exec', { session: 'x', command });
      await until('the first line to be taken', () => taken.stdout === 'first\n');
      writeFileSync(join(directory, 'on'), '');
      await until('the command to have ended', () => (daemon as Daemon).executions.areIdle);
      went();
      expect(await answer).toMatchObject({ exit_code: 3, note: ENDED });
      expect(taken).toEqual({ stdout: 'first\n', stderr: '' });
    } finally {
      await close();
      rmSync(directory, { recursive: true, force: true });
    }
  },
);
