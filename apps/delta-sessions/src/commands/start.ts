import { resolve } from 'node:path';
import { callerEnvironment } from '@pilotty/client';
import { requireDecoded } from '@pilotty/client/node';
import { command, printJson } from '../command.ts';

/** As the first generation had it: wide enough for what agents read. */
const SIZE = { cols: 120, rows: 30 };

/** What a program may print between two commands without loss. It takes memory only as it prints. */
const RETAIN_BYTES = 16 * 1024 * 1024;

const DEFAULT_PROGRAM = 'bash';

export const start = command({
  usage: '[PROGRAM ARGS...]',
  summary: 'start a program on a terminal of its own; bash when none is named',
  verbatimFrom: 0,
  examples: [
    ['delta-sessions start', 'a shell'],
    ['delta-sessions start psql -h localhost --dbname mydb', 'what follows the program is its own'],
    ['delta-sessions start python3 | jq -r .session_id', 'what the other commands ask for'],
  ],
  async run({ arguments: words }, around) {
    const { io, generation, sessions } = around;
    const argv = words.length > 0 ? [...words] : [DEFAULT_PROGRAM];
    const client = sessions.daemons.own;
    await requireDecoded(io, { variables: Object.keys(callerEnvironment(io.env)), directory: io.cwd });
    const session = await sessions.create(generation.idDigits, async (id) => {
      const env = callerEnvironment(io.env);
      // Relative, it would name another directory wherever the program goes.
      if (env.PILOTTY_SOCKET_DIR) env.PILOTTY_SOCKET_DIR = resolve(io.cwd, env.PILOTTY_SOCKET_DIR);
      const [created, daemon] = await Promise.all([
        // Not to be interrupted: a session whose answer never came could not be ended either.
        client.request('session.spawn', {
          argv,
          name: id,
          background: true,
          cwd: io.cwd,
          env,
          ...(await io.inheritance()),
          size: SIZE,
          tags: ['delta-sessions'],
          retain_bytes: RETAIN_BYTES,
          // Readers of raw output do not expect our marks in it.
          shell_integration: false,
        }),
        client.request('daemon.info', {}),
      ]);
      const now = new Date().toISOString();
      return {
        metadata: {
          session_id: id,
          command: generation.showCommand(argv),
          argv,
          pid: created.pid,
          created_at: now,
          last_accessed_at: now,
          status: 'active',
          work_dir: created.cwd,
          execution_count: 0,
        },
        state: {
          work_dir: created.cwd,
          daemon: { socket: daemon.socket, session_id: created.session_id, pid: daemon.pid },
          readers: {},
          input_offset: 0,
        },
      };
    });
    const { metadata } = session;
    await printJson(around, {
      session_id: session.id,
      command: metadata.command,
      work_dir: metadata.work_dir,
      status: generation.words.running,
      pid: metadata.pid,
    });
    return 0;
  },
});
