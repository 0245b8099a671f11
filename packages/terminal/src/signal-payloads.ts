/**
 * The payloads of the sequences that announce something, as far as terminals agree on them.
 *
 * OSC 7: a file URL. OSC 9;4: ConEmu's progress. OSC 777: urxvt's notify. OSC 133: FinalTerm's marks with
 * kitty's additions. OSC 633: VS Code's, which also reports the command line and the directory.
 */
export interface Progress {
  state: 'running' | 'error' | 'indeterminate' | 'paused';
  /** 0 to 100; none when indeterminate. */
  percent: number | undefined;
}

/** Shell integration: prompt A, command line B, its output C, its end D (OSC 133; VS Code's OSC 633). */
export interface Mark {
  mark: 'prompt' | 'command' | 'output' | 'finished';
  /** Counted from the first line this screen ever had; compare with Screen.topLine. A resize may refold lines. */
  line: number;
  col: number;
  /** Bytes this screen was given before the sequence, and up to its end. */
  start: number;
  end: number;
  /** Of `finished`, where the shell reported it. */
  exitCode: number | undefined;
  /** Of `prompt`: the shell has put a text there itself. */
  hasText: boolean;
  /** Of `output`: as the shell reported it, or else as it stands behind the prompt. */
  commandLine: string | undefined;
}

/** `file://host/path` (also with kitty's scheme) or a plain path. */
export function decodedPath(url: string): string | undefined {
  const path = /^[a-z-]+:\/\/[^/]*(\/.*)$/i.exec(url)?.[1] ?? (url.startsWith('/') ? url : undefined);
  return path === undefined ? undefined : decodedUrl(path);
}

function decodedUrl(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A text with a bare per cent sign is meant as it stands.
    return text;
  }
}

const PROGRESS_STATES = [undefined, 'running', 'error', 'indeterminate', 'paused'] as const;

/** `state;percent`; state 0 takes the progress away. */
export function progressOf(data: string): Progress | undefined | 'unknown' {
  const [, number, digits] = /^([0-4])(?:;(\d{0,3}))?;?$/.exec(data) ?? [];
  if (number === undefined) return 'unknown';
  const state = PROGRESS_STATES[Number(number)];
  if (state === undefined) return undefined;
  // Error and pause without a number leave the bar where it was, which is nowhere for one that starts so.
  const percent = state === 'indeterminate' || !digits ? undefined : Math.min(100, Number(digits));
  return { state, percent: state === 'running' ? (percent ?? 0) : percent };
}

/** `notify;title;body`, where the body may have semicolons. */
export function notificationOf(data: string): { title: string; body: string } | undefined {
  const [, title, body = ''] = /^notify;([^;]*)(?:;(.*))?$/s.exec(data) ?? [];
  return title === undefined ? undefined : { title, body };
}

const MARKS: Readonly<Record<string, Mark['mark']>> = {
  B: 'command',
  C: 'output',
  D: 'finished',
};

interface FoundMark {
  mark?: Mark['mark'] | undefined;
  hasText?: boolean;
  exitCode?: number | undefined;
  commandLine?: string | undefined;
  cwd?: string | undefined;
}

/** `A` (ours with `text=1`), `B`, `C;cmdline_url=…` or `D;exit`, each with any further `key=value`; VS Code's `E;line` and `P;Cwd=`. */
export function markOf(data: string): FoundMark {
  const [letter = '', ...fields] = data.split(';');
  switch (letter) {
    case 'D':
      return { mark: 'finished', exitCode: exitCodeOf(fields) };
    case 'C':
      return { mark: 'output', commandLine: kittyCommandLine(fields) };
    case 'E':
      return { commandLine: unescaped(fields[0] ?? '') };
    case 'P': {
      const cwd = fields.find((field) => field.startsWith('Cwd='));
      return { cwd: cwd === undefined ? undefined : unescaped(cwd.slice('Cwd='.length)) };
    }
    case 'A':
      return { mark: 'prompt', hasText: fields.includes('text=1') };
    default:
      return { mark: Object.hasOwn(MARKS, letter) ? MARKS[letter] : undefined };
  }
}

function exitCodeOf([first = '']: readonly string[]): number | undefined {
  return /^-?\d{1,10}$/.test(first) ? Number(first) : undefined;
}

function kittyCommandLine(fields: readonly string[]): string | undefined {
  const field = fields.find((candidate) => candidate.startsWith('cmdline_url='));
  return field === undefined ? undefined : decodedUrl(field.slice('cmdline_url='.length));
}

/** VS Code writes `\\` for a backslash and `\x3b` for what would end the field or the sequence. */
function unescaped(text: string): string {
  return text.replace(/\\(?:x([\da-f]{2})|\\)/gi, (_, hex: string | undefined) =>
    hex === undefined ? '\\' : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
