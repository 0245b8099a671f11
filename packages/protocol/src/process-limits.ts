/** The limits of a process, as Linux shows them in /proc/PID/limits and as `session.spawn` takes them. */

export interface Limit {
  /** Null is without limit. */
  soft: number | null;
  hard: number | null;
}

/** As /proc names them, and as prlimit(1) does; those whose meaning a user decides. */
const NAMES = {
  'Max cpu time': 'cpu',
  'Max file size': 'fsize',
  'Max data size': 'data',
  'Max stack size': 'stack',
  'Max core file size': 'core',
  'Max resident set': 'rss',
  'Max processes': 'nproc',
  'Max open files': 'nofile',
  'Max locked memory': 'memlock',
  'Max address space': 'as',
} as const;

export type LimitName = (typeof NAMES)[keyof typeof NAMES];
export type ProcessLimits = { [N in LimitName]?: Limit | undefined };

/** @param text of /proc/PID/limits */
export function parseLimits(text: string): ProcessLimits {
  const limits: ProcessLimits = {};
  for (const line of text.split('\n')) {
    const [, title = '', soft, hard] =
      /^(Max .*?)\s+(\d+|unlimited)\s+(\d+|unlimited)(?:\s|$)/.exec(line) ?? [];
    const name = (NAMES as Record<string, LimitName>)[title];
    if (name === undefined || soft === undefined || hard === undefined) continue;
    limits[name] = { soft: amount(soft), hard: amount(hard) };
  }
  return limits;
}

/** Beyond what a JSON number holds exactly no system has anything to give. */
function amount(text: string): number | null {
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : null;
}

export function lowerLimit(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.min(a, b);
}
