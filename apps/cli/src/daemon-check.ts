/** What doctor finds of a daemon by what it answers, here and on another host. */
import { PROTOCOL, type Result, VERSION } from '@pilotty/client';

export interface Check {
  name: string;
  ok: boolean;
  detail: string;
  suggestion?: string;
}

/** The `engines` of package.json. */
const OLDEST_NODE = [20, 11] as const;

/** @param version without the v. @param where it is, or what runs in it */
export function checkNodeVersion(version: string, where: string): Check {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const ok = major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]);
  const check = { name: 'node', ok, detail: `${version} ${where}` };
  return ok ? check : { ...check, suggestion: `Install Node ${OLDEST_NODE.join('.')} or newer.` };
}

export function checkRunningDaemon(info: Result<'daemon.info'>): Check {
  const name = 'daemon';
  const detail = `running: pid ${info.pid}, version ${info.version}, protocol ${info.protocol}, ${info.sessions} sessions${lostOf(info)}`;
  if (info.protocol === PROTOCOL && info.version === VERSION)
    return { name, ok: true, detail: detail + faultsOf(info), ...(info.faults && { suggestion: FAULTS }) };
  return {
    name,
    ok: info.protocol === PROTOCOL,
    detail: `${detail}; this is ${VERSION}, protocol ${PROTOCOL}`,
    suggestion: "'pilotty daemon --upgrade' hands its sessions to this version; 'pilotty stop' ends them.",
  };
}

const FAULTS = "'pilotty logs' has each failure; sessions went on. Please report them.";

/** What has failed since its start, and what has kept everything else waiting. */
function faultsOf({ faults, long_work: work }: Pick<Result<'daemon.info'>, 'faults' | 'long_work'>): string {
  const failed =
    faults && `${faults.count} failures since its start, the last at ${faults.occurred_at}: ${faults.last}`;
  const delayed =
    work &&
    `${work.count} times work took 200 ms or more, the last at ${work.occurred_at}: ${work.work}, ${work.duration_ms} ms`;
  return [failed, delayed].map((part) => (part ? `; ${part}` : '')).join('');
}

/** An older daemon does not say it. */
function lostOf({ lost_sessions: count = 0 }: { lost_sessions?: number }): string {
  return count === 0
    ? ''
    : `; ${count} sessions of an earlier daemon were lost: 'pilotty restore' lists them`;
}
