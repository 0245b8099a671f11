/**
 * What a person at a terminal waits for: a program that prints a lot, in a session they are attached to. Of both sides the
 * server and the client are measured, not the terminal that they share.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Benchmark, interleave } from '../benchmark.ts';
import { root, writeLog } from '../floods.ts';
import { cpuTimeOf } from '../gate/cpu-time.ts';
import type { Place } from '../place.ts';
import { type Product, withProduct } from '../product.ts';
import { row } from '../summary.ts';
import { type Tmux, withTmux } from '../tmux.ts';

const TERMINAL = join(root, 'tests/bench/programs/terminal.cjs');
const READY = 'ready-to-flood';
const MARK = 'flood-is-over';
const MIB = 1024 * 1024;

interface Took {
  wallMs: number;
  cpuMs: number;
}

export const attach: Benchmark = {
  name: 'attach',
  title:
    '`cat` of 20 MB of coloured log lines in a session that a terminal is attached to, from Enter until its end shows there.',
  run: ({ dist, isFull }) =>
    withProduct(dist, (product) =>
      withTmux(async (tmux) => {
        const path = writeLog(product.place.directory, 20 * MIB);
        const script = `stty -echo; echo ${READY}; read go; cat ${path}; echo ${MARK}; exec sleep 1000`;
        const cpu = { own: [] as number[], tmux: [] as number[] };
        const noted = async (of: keyof typeof cpu, took: Promise<Took>) => {
          const { wallMs, cpuMs } = await took;
          cpu[of].push(cpuMs);
          return wallMs / 1000;
        };
        const wall = await interleave(isFull ? 9 : 3, {
          own: () => noted('own', ofProduct(product, script)),
          tmux: tmux && (() => noted('tmux', ofTmux(tmux, script))),
          plain: async () => {
            const { wallMs } = await onTerminal(product.place, [], ['sh', ['-c', script]]);
            return wallMs / 1000;
          },
        });
        const what = 'attached, `cat` of 20 MB';
        const own = { what, unit: 's' as const, samples: wall.own };
        const rows = [row({ ...own, against: { what: 'the terminal alone', samples: wall.plain } })];
        if (tmux === undefined) return rows;
        // The first of each filled caches.
        const [ownCpu, tmuxCpu] = [cpu.own.slice(1), cpu.tmux.slice(1)];
        const used = { what: `${what}, CPU of server and client`, unit: 'ms' as const, samples: ownCpu };
        return [
          ...rows,
          row({ ...own, against: { what: 'tmux', samples: wall.tmux }, atMost: 1.3 }),
          row({ ...used, against: { what: 'tmux', samples: tmuxCpu }, atMost: 1.3 }),
        ];
      }),
    ),
};

async function ofProduct(product: Product, script: string): Promise<Took> {
  await product.spawn('flood', 'sh', '-c', script);
  const { pid } = await product.client.request('daemon.info', {});
  const took = await onTerminal(product.place, [pid], product.words('attach', '-s', 'flood'));
  await product.client.request('session.kill', { session: 'flood', signal: 'KILL' });
  return took;
}

async function ofTmux(tmux: Tmux, script: string): Promise<Took> {
  tmux.run('new-session', '-d', '-s', 'flood', '-x', '80', '-y', '24', script);
  const pid = Number(tmux.run('display-message', '-p', '#{pid}'));
  const took = await onTerminal(tmux.place, [pid], tmux.words('attach', '-t', 'flood'));
  tmux.run('kill-session', '-t', 'flood');
  return took;
}

/** @param servers whose CPU time counts beside that of the program itself */
async function onTerminal(
  { env }: Place,
  servers: readonly number[],
  [file, args]: [string, string[]],
): Promise<Took> {
  const terminal = spawn(process.execPath, [TERMINAL, READY, MARK, file, ...args], {
    env: { ...env, NODE_PATH: join(root, 'node_modules') },
    cwd: env.HOME,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: terminal.stdout });
  const [pid] = (await once(lines, 'line')) as [string];
  let wallMs = 0;
  const flood = async () => {
    terminal.stdin.write('\n');
    const [took] = (await once(lines, 'line')) as [string];
    wallMs = Number(took);
  };
  const measured = servers.length === 0 ? [] : [...servers, Number(pid)];
  const cpuMs = await cpuTimeOfAll(measured, flood);
  terminal.stdin.end();
  await once(terminal, 'exit');
  return { wallMs, cpuMs };
}

async function cpuTimeOfAll(pids: readonly number[], work: () => Promise<void>): Promise<number> {
  const [pid, ...others] = pids;
  if (pid === undefined) {
    await work();
    return 0;
  }
  let ofOthers = 0;
  const own = await cpuTimeOf(pid, async () => {
    ofOthers = await cpuTimeOfAll(others, work);
  });
  return own + ofOthers;
}
