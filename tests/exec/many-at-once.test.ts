/**
 * Many commands, eight at once, in all shells: each is answered as it must, and none leaves a line of ours behind.
 * PILOTTY_TEST_EXECS=10000 runs so many, with every core of the machine kept busy meanwhile.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { expect } from 'vitest';
import { needs } from '../harness/programs.ts';
import { type Shells, test } from './shell-session.ts';

const given = Number(process.env.PILOTTY_TEST_EXECS ?? 0);
const EXECS = given || 400;
const MEGABYTE = 'x'.repeat(1000);
/** Every exec takes much less, also on a busy machine; what does not is an answer that never comes. */
const TIMEOUT_MS = 60_000;

/** Commands in the language of all shells, with what they must answer; `n` tells one from the other. */
const COMMANDS: readonly ((n: number) => { run: string; stdout: string | number; code: number })[] = [
  (n) => ({ run: `echo ${n}`, stdout: `${n}\n`, code: 0 }),
  (n) => ({ run: `printf %s ${n}; sh -c 'exit ${n % 200}'`, stdout: `${n}`, code: n % 200 }),
  () => ({ run: 'true', stdout: '', code: 0 }),
  () => ({ run: 'head -c 1000000 /dev/zero', stdout: 1_000_000, code: 0 }),
  (n) => ({ run: `# ${MEGABYTE}\necho ${n}\n`, stdout: `${n}\n`, code: 0 }),
  (n) => ({ run: `seq 1 20000 | tail -1; echo ${n} >&2; false`, stdout: '20000\n', code: 1 }),
];

const SHELLS = ['bash', 'zsh', 'dash', 'ksh', 'fish', 'bash', 'zsh', 'bash'] as const;

async function runSome(shells: Shells, name: string, start: number, count: number): Promise<string[]> {
  const failures: string[] = [];
  for (let n = start; n < start + count; n++) {
    const { run, stdout, code } = (COMMANDS[n % COMMANDS.length] as (typeof COMMANDS)[number])(n);
    try {
      const answer = await shells.exec(name, run, { timeout_ms: TIMEOUT_MS });
      const printed = typeof stdout === 'number' ? answer.bytes.length : answer.stdout;
      if (printed !== stdout || answer.exit_code !== code)
        failures.push(
          `${n} ${run.slice(0, 60)}: ${answer.outcome} ${answer.exit_code} ${String(printed).slice(0, 60)}`,
        );
    } catch (error) {
      failures.push(`${n} ${run.slice(0, 60)}: ${error}`);
    }
  }
  return failures;
}

function keepBusy(): ChildProcess[] {
  return Array.from({ length: availableParallelism() }, () =>
    spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }),
  );
}

test(`${EXECS} commands, eight at once, are each answered, and leave nothing on the screens`, {
  timeout: EXECS * 1000,
}, async ({ shells }) => {
  needs('bash', 'zsh', 'dash', 'ksh', 'fish');
  const load = given ? keepBusy() : [];
  const startedAt = performance.now();
  try {
    const names = await Promise.all(SHELLS.map((shell) => shells.start([shell])));
    const each = Math.ceil(EXECS / names.length);
    const failures = await Promise.all(names.map((name, index) => runSome(shells, name, index * each, each)));
    const leaked = await Promise.all(names.map((name) => leakedLines(shells, name)));
    const report = { execs: each * names.length, failures: failures.flat(), leaked: leaked.flat() };
    if (given) console.log(JSON.stringify({ ...report, seconds: (performance.now() - startedAt) / 1000 }));
    expect(report).toEqual({ execs: each * names.length, failures: [], leaked: [] });
  } finally {
    for (const child of load) child.kill('SIGKILL');
  }
});

/** What the session has printed that is of our lines, other than what they erase at once. */
async function leakedLines(shells: Shells, session: string): Promise<string[]> {
  const { text } = (await shells.client.request('session.snapshot', {
    session,
    format: 'text',
    scrollback: 1000,
  })) as { text: string };
  // A screen that is empty would hide them.
  expect(text).not.toBe('');
  return text.split('\n').filter((line) => /pilotty\.exec-|No such file|\\\. /.test(line));
}
