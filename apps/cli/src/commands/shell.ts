import { attachShell } from '../attach/attach-shell.ts';
import { printAttached } from '../attach/attach-to.ts';
import { command, nonEmpty, value } from '../command.ts';
import { exitCodeOfOwnFailure } from '../exit-codes.ts';
import { spawnOptions } from '../spawn-request.ts';
import { attachOptions } from './attach.ts';

const { size: _size, ...shellOptions } = spawnOptions;

export const declaration = command({
  name: 'shell',
  summary: 'a shell of yours that agents can reach: start or join it',
  description: `Joins the session 'default', or starts it with your login shell: the terminal that you work in is then a session like any
other. Ctrl+\\ d leaves it running, and the next 'pilotty shell' is back in it. Exits as the shell does. Options for the
session count where it is started. Inside a session it is refused. As a login shell: see docs/attach.md.`,
  options: {
    ...shellOptions,
    name: value('NAME', nonEmpty, "of the session (default: 'default')"),
    ...attachOptions,
  },
  examples: [
    ['pilotty shell', 'your shell, as the session default'],
    ['pilotty shell --name work --status-line', 'another one'],
  ],
  startsDaemon: true,
  exitCodeOfError: exitCodeOfOwnFailure,
  needsProcess: () => true,
  answer: { only: 'type session session_id outcome exit' },
  batchUnsupportedReason: () => 'it needs your terminal',
  async run(given, io, client) {
    return await printAttached(await attachShell(given, io, client), given, io);
  },
});
