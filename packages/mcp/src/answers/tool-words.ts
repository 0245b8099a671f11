/**
 * What the daemon says of commands, in the words of these tools: `'pilotty snapshot -s ed -f text'` is
 * `look {"session":"ed"}` to a model that has no shell. Commands without a tool stay: a person can run them.
 */

/** Names of keys, where the daemon points to the list of the command. */
const KEYS =
  'Enter, Tab, Escape, Space, Backspace, Delete, Home, End, PageUp, PageDown, Up, Down, Left, Right, F1 to F12, with Ctrl+, Alt+ or Shift+ before';

/** The options of a command, by their names; the words that are left. */
interface Said {
  options: ReadonlyMap<string, string>;
  words: readonly string[];
}

type Arguments = Record<string, unknown>;

const sent = ({ words, options }: Said): Arguments => ({
  input: [...words, ...(options.has('enter') ? ['Enter'] : [])],
  ...(options.has('wait-prompt') && { wait: { prompt: true } }),
});

const TOOLS: Readonly<Record<string, (said: Said) => [tool: string, given: Arguments]>> = {
  snapshot: ({ options }) => ['look', options.has('elements') ? { elements: true } : {}],
  output: ({ options }) => ['output', options.has('since') ? { since: Number(options.get('since')) } : {}],
  key: (said) => ['send', sent(said)],
  send: (said) => ['send', sent(said)],
  type: (said) =>
    said.options.has('secret')
      ? ['send', { secret_env: said.options.get('secret')?.replace('env:', '') }]
      : ['send', sent(said)],
  exec: ({ options, words }) => [
    'exec',
    options.has('wait')
      ? { continue: true }
      : { command: words.join(' '), ...(options.has('pty') && { pty: true }) },
  ],
  wait: ({ options }) => ['wait', options.has('prompt') ? { prompt: true } : {}],
  'wait-for': ({ words }) => ['wait', { text: words.join(' ') }],
  'list-sessions': ({ options }) => ['list', options.has('all') ? { all: true } : {}],
  status: () => ['list', { all: true }],
  gather: () => ['list', { lines: 5 }],
  kill: () => ['kill', { sessions: ['NAME'] }],
  signal: ({ words }) => ['signal', { signal: words[0] }],
  spawn: ({ words }) => ['spawn', { argv: words }],
  choose: () => ['choose', {}],
};

/** Tools of one session. */
const ON_ONE = new Set(['look', 'output', 'send', 'exec', 'wait', 'choose', 'signal']);

/** Options that are followed by a value. */
const WITH_VALUE = new Set(['s', 'f', 'format', 'since', 'secret', 'name']);

/** @param about the session that is meant where a command names none */
export function inToolWords(text: string, about?: string): string {
  return text
    .replaceAll("'pilotty key --help' has the names of keys", `keys are ${KEYS}`)
    .replaceAll(/(?:See )?'pilotty key --help' for the names of keys/g, `Keys are ${KEYS}`)
    .replaceAll(
      /(Run )?'pilotty ([a-z-]+)((?: [^']*)?)'/g,
      (whole, run: string | undefined, command: string, rest: string) => {
        const translate = Object.hasOwn(TOOLS, command) ? TOOLS[command] : undefined;
        if (translate === undefined || rest.includes('--help')) return whole;
        const said = read(rest.split(' ').filter((word) => word !== ''));
        const [tool, given] = translate(said);
        const verb = run === undefined ? '' : 'Call ';
        return verb + callText(tool, said.options.get('s') ?? (ON_ONE.has(tool) ? about : undefined), given);
      },
    )
    .replaceAll(/--literal (\S+?)(?=\.?$)/gm, (_, text: string) => JSON.stringify({ text }))
    .replaceAll(/\b([Ll])ook with look\b/g, (_, first: string) => `${first === 'L' ? 'Call' : 'call'} look`)
    .replaceAll('choose one with -s', 'name one of them')
    .replaceAll('with --timeout', 'with timeout_ms')
    .replaceAll(/--(scrollback|tail|max|lines)\b/g, (_, name: string) => name);
}

function read(words: readonly string[]): Said {
  const options = new Map<string, string>();
  const left: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const [, name] = /^--?([a-z-]+)$/.exec(words[at] ?? '') ?? [];
    if (name === undefined) left.push(words[at] ?? '');
    else options.set(name, WITH_VALUE.has(name) ? (words[++at] ?? '') : '');
  }
  return { options, words: left };
}

/** 'look {"session":"ed"}', or 'look' where there is nothing to give. */
function callText(tool: string, session: string | undefined, given: Arguments): string {
  const named = tool === 'kill' && session !== undefined ? { sessions: [session] } : given;
  const all = tool === 'kill' || session === undefined ? named : { session, ...named };
  return Object.keys(all).length === 0 ? tool : `${tool} ${JSON.stringify(all)}`;
}
