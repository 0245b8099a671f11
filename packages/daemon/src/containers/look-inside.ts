/** Reads what LOOK prints: the processes of a session in its container, and how its terminal is set in there. */
import type { Foreground, Job, Terminal } from '@pilotty/protocol';
import { settingsOf, stateOfSettings } from '../processes/terminal-state.ts';

export interface LookedInside {
  foreground: Foreground | null;
  terminal: Terminal | null;
  stoppedJobs: Job[];
  directory: string | undefined;
}

interface Listed {
  pid: number;
  command: string;
  state: 'running' | 'sleeping' | 'stopped';
  group: number;
  foregroundGroup: number;
}

export const NOTHING_INSIDE: LookedInside = {
  foreground: null,
  terminal: null,
  stoppedJobs: [],
  directory: undefined,
};

/** @param mark ends what may have any text in it */
export function readLook(text: string, mark: string): LookedInside {
  const words = new Map<number, string[]>();
  const processes: Listed[] = [];
  const end = `\n${mark}\n`;
  let rest = text;
  let directory: string | undefined;
  let settings = '';
  while (rest !== '') {
    const [line = ''] = rest.split('\n', 1);
    rest = rest.slice(line.length + 1);
    const [what, ...fields] = line.split(' ');
    if (what === 'process') processes.push(...listed(fields.join(' ')));
    if (what !== 'words' && what !== 'directory' && what !== 'terminal') continue;
    const length = rest.startsWith(end.slice(1)) ? 0 : rest.indexOf(end);
    if (length === -1) break;
    const content = rest.slice(0, length);
    rest = rest.slice(rest.indexOf(`${mark}\n`, length) + mark.length + 1);
    if (what === 'words') words.set(Number(fields[0]), content.split('\0').slice(0, -1));
    else if (what === 'directory') directory = content.trimEnd() || undefined;
    else settings = content;
  }
  const foreground = foregroundAmong(processes, words);
  const state = stateOfSettings(settings);
  return {
    foreground: foreground ?? null,
    terminal: state ? settingsOf(state, foreground) : null,
    stoppedJobs: stoppedAmong(processes),
    directory,
  };
}

/** Lines `process STAT`. */
export function listProcesses(text: string): { pid: number; command: string }[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('process '))
    .flatMap((line) => listed(line.slice('process '.length)));
}

/** A line of proc_pid_stat(5): the name may have anything in it. */
function listed(stat: string): Listed[] {
  const [, pid, command = '', rest = ''] = /^(\d+) \((.*)\) (.*)$/s.exec(stat) ?? [];
  if (pid === undefined) return [];
  const [state, , group, , , foregroundGroup] = rest.split(' ');
  return [
    {
      pid: Number(pid),
      command,
      state: state === 'R' ? 'running' : state === 'T' || state === 't' ? 'stopped' : 'sleeping',
      group: Number(group),
      foregroundGroup: Number(foregroundGroup),
    },
  ];
}

function foregroundAmong(
  processes: readonly Listed[],
  words: ReadonlyMap<number, string[]>,
): Foreground | undefined {
  const members = processes.filter(({ group, foregroundGroup }) => group === foregroundGroup);
  const first = members.find(({ pid, group }) => pid === group) ?? members[0];
  if (first === undefined) return undefined;
  const states = members.map(({ state }) => state);
  return {
    pid: first.pid,
    process_group: first.group,
    argv: words.get(first.pid) ?? [first.command],
    state:
      states.find((state) => state === 'running') ??
      states.find((state) => state === 'sleeping') ??
      'stopped',
    reading: null,
  };
}

function stoppedAmong(processes: readonly Listed[]): Job[] {
  const groups = new Map<number, Listed[]>();
  for (const one of processes) groups.set(one.group, [...(groups.get(one.group) ?? []), one]);
  return [...groups]
    .filter(([, members]) => members.every(({ state }) => state === 'stopped'))
    .filter(([group, [first]]) => first !== undefined && group !== first.foregroundGroup)
    .map(([group, [first]]) => ({ process_group: group, argv: [first?.command ?? ''] }));
}
