/** What ran in a shell, as a table for people at a terminal. */
import type { Result } from '@pilotty/client';
import { alignedRows, duration, shortened } from './readable-sessions.ts';

type Ran = Result<'session.commands'>['commands'][number];

export function commandTable(commands: readonly Ran[]): string {
  if (commands.length === 0) return 'no command is known of this session\n';
  const rows = commands.map(({ number, exit_code, state, duration_ms, command }) => [
    String(number),
    state === 'running' ? 'running' : String(exit_code ?? 'unknown'),
    duration_ms === null ? '' : duration(duration_ms),
    shortened(command ?? ''),
  ]);
  return alignedRows([['NUMBER', 'EXIT CODE', 'TIME', 'COMMAND'], ...rows]);
}
