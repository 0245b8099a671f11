/** A program has no terminal of another session open, whatever has been closed in the daemon before it was started. */
import { closeSync, openSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { Pty } from '../../packages/daemon/src/pty/pty.ts';
import { openFiles } from '../harness/open-files.ts';
import { PATH } from '../harness/programs.ts';
import { until } from '../harness/until.ts';

test.runIf(process.platform === 'linux')('gaps among the descriptors let no terminal through', async () => {
  const ptys: Pty[] = [];
  const ready = new Set<number>();
  const ended = new Set<number>();
  const start = () => {
    const pty: Pty = new Pty(
      { argv: ['/bin/sh', '-c', 'echo ready; exec cat'], cwd: tmpdir(), env: { PATH }, cols: 80, rows: 24 },
      { output: () => void ready.add(pty.pid), exit: () => void ended.add(pty.pid) },
    );
    ptys.push(pty);
    return pty;
  };
  const placeholders = Array.from({ length: 40 }, () => openSync('/dev/null', 'r'));
  for (let count = 0; count < 4; count += 1) start();
  // Gaps below all of the terminals, and between them.
  for (const descriptor of placeholders.filter((_, index) => index % 2 === 0)) closeSync(descriptor);
  const [, second] = ptys;
  process.kill(second?.pid ?? 0, 'SIGKILL');
  await until('it has ended', () => ended.size === 1);
  try {
    const last = start();
    await until('the last one runs', () => ready.has(last.pid));
    const open = [...openFiles(last.pid).values()];
    expect(new Set(open.filter((path) => /ptmx|pts/.test(path)))).toEqual(new Set([last.terminalPath]));
  } finally {
    for (const descriptor of placeholders.filter((_, index) => index % 2 === 1)) closeSync(descriptor);
    for (const { pid } of ptys) if (!ended.has(pid)) process.kill(pid, 'SIGKILL');
    await until('all have ended', () => ended.size === ptys.length);
  }
});
