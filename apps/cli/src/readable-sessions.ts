/** Sessions for people at a terminal: a table of many, lines for one. Programs get the JSON. */
import { plainSentence, type Result } from '@pilotty/client';

type Summary = Result<'session.list'>['sessions'][number];
type Lost = Result<'sessions.lost'>['sessions'][number];
type Status = Result<'session.status'>;

/** Room for a command; the rest of a longer one is in `status`. */
const MAX_COMMAND_LENGTH = 50;

export function sessionTable(sessions: readonly Summary[]): string {
  if (sessions.length === 0) return "no session; 'pilotty spawn PROGRAM' starts one\n";
  const rows = sessions.map((session) => [
    session.name,
    session.questions ? `${stateOf(session)}, asks` : stateOf(session),
    duration(session.idle_ms),
    session.tags.join(' '),
    shortened(session.command),
  ]);
  return alignedRows([['NAME', 'STATE', 'IDLE', 'TAGS', 'COMMAND'], ...rows]);
}

export function lostTable(sessions: readonly Lost[]): string {
  if (sessions.length === 0) return 'no session was lost\n';
  const rows = sessions.map(({ name, lost_at, because, still_runs, pid, tags, command }) => [
    name,
    `${because} ${lost_at}${still_runs ? `, still runs: ${pid}` : ''}`,
    tags.join(' '),
    shortened(command),
  ]);
  return alignedRows([['NAME', 'LOST', 'TAGS', 'COMMAND'], ...rows]);
}

export function statusLines(status: Status): string {
  const { foreground, terminal, shell } = status;
  const facts: [string, string | undefined][] = [
    ['name', `${status.name} (id ${status.id})`],
    ['state', `${stateOf({ exit: status.exit })}, pid ${status.pid}`],
    ['doing', doingOf(status)],
    ['command', status.command],
    ['directory', status.current_directory ?? status.cwd],
    [
      'terminal',
      `${status.size.cols}x${status.size.rows}${status.alternate_screen ? ', alternate screen' : ''}`,
    ],
    ['title', status.title || undefined],
    ['idle', duration(status.idle_ms)],
    ['foreground', foreground ? `${foreground.argv.join(' ')} (pid ${foreground.pid})` : undefined],
    ['asks', terminal?.password_prompt ? 'for a password' : undefined],
    ['asks a person', status.questions?.map(({ prompt, program }) => `${prompt} (${program})`).join('; ')],
    ['at prompt', shell?.at_prompt === true ? 'yes' : undefined],
    ['stopped jobs', status.stopped_jobs?.map(({ argv }) => argv.join(' ')).join('; ') || undefined],
    ['tags', status.tags.join(' ') || undefined],
    ['output', outputOf(status)],
  ];
  const known = facts.filter((fact): fact is [string, string] => fact[1] !== undefined);
  return alignedRows(known.map(([label, text]) => [`${label}:`, inOneLine(text)]));
}

function doingOf({ exit, work_state: doing }: Pick<Summary, 'exit' | 'work_state'>): string | undefined {
  if (exit || !doing) return undefined;
  return `${doing.name} (${doing.why})${doing.text === undefined ? '' : `: ${doing.text}`}`;
}

export function stateOf({
  exit,
  work_state: doing,
  restart_policy: policy,
}: Pick<Summary, 'exit' | 'work_state' | 'restart_policy'>): string {
  if (policy?.next_restart_at !== undefined) {
    const { in_a_row, limit, last_exit, next_restart_at } = policy;
    const inMs = Math.max(0, Date.parse(next_restart_at) - Date.now());
    const how = last_exit === undefined ? 'ended' : stateOf({ exit: last_exit });
    return `${how}; restart ${in_a_row} of ${limit} in ${duration(inMs)}`;
  }
  if (!exit) return doing?.name ?? 'running';
  if (policy?.gave_up) return `${stateOf({ exit })}, after ${policy.in_a_row} restarts`;
  return exit.signal ? `ended by ${exit.signal}` : `ended, exit code ${exit.exit_code}`;
}

function outputOf({ retention: { total_bytes, dropped_bytes } }: Status): string {
  return `${total_bytes} bytes${dropped_bytes > 0 ? `, the first ${dropped_bytes} no longer kept` : ''}`;
}

/** In the largest unit that leaves a number to look at. */
export function duration(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 100) return `${seconds.toFixed(1)}s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 100 ? `${minutes}m` : `${Math.round(minutes / 60)}h`;
}

/** A command, as a cell of a table. */
export function shortened(command: string): string {
  const text = inOneLine(command);
  return text.length <= MAX_COMMAND_LENGTH ? text : `${text.slice(0, MAX_COMMAND_LENGTH - 1)}…`;
}

/** A further line of it would look like a row of ours. */
function inOneLine(text: string): string {
  return plainSentence(text).replaceAll('\n', '\\n').replaceAll('\t', '\\t');
}

export function alignedRows(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return `${lines.join('\n')}\n`;
}
