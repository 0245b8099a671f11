/**
 * What clients do in a run, at random. Each act knows what its answer must say, and reports what it says instead: an answer
 * with another request's token would be found by it.
 */
import type { CheckedConnection } from './checked-connection.ts';
import type { Ledger } from './ledger.ts';
import type { LineSession } from './line-session.ts';

/** What the acts of one client work with. */
export interface Client {
  connection: CheckedConnection;
  ledger: Ledger;
  random(): number;
  /** A text that nothing else of the run has. */
  token(): string;
  lines: readonly LineSession[];
  /** Names of sessions with a shell at its prompt. */
  shells: readonly string[];
  env: Record<string, string>;
}

const FLOOD_LINES = 100_000;
/** Longer than a round: only what the act does ends it. */
const LONG_MS = 600_000;

export type Act = (client: Client) => Promise<void>;

/** Half a line of a client that is cut would be in front of the next one's, as it is at a keyboard. */
export const NEVER_CUT: readonly Act[] = [type];

/** Each with how often it is chosen, of the sum of all. */
export const ACTS: Readonly<Record<string, readonly [weight: number, act: Act]>> = {
  type: [10, type],
  snapshot: [20, snapshot],
  status: [10, status],
  list: [3, list],
  grep: [2, grep],
  exec: [8, exec],
  run: [4, run],
  kill: [2, kill],
  cancelledWait: [3, cancelledWait],
  manyAtOnce: [3, manyAtOnce],
  slowReader: [1, slowReader],
  flood: [1, flood],
};

async function type({ connection, lines, random, token, ledger }: Client): Promise<void> {
  const session = chosen(lines, random);
  const text = token();
  session.asked(text);
  const answer = await connection.request('session.type', {
    session: session.name,
    text,
    enter: true,
    wait: { text: `got:${text}`, timeout_ms: LONG_MS },
  });
  session.acknowledged(text);
  if (answer.session !== session.name || answer.wait?.outcome !== 'matched')
    ledger.fault(`type into ${session.name} was answered ${JSON.stringify(answer).slice(0, 300)}`);
}

async function snapshot({ connection, lines, random, ledger }: Client): Promise<void> {
  const { name } = chosen(lines, random);
  const answer = await connection.request('session.snapshot', { session: name });
  if (answer.session !== name) ledger.fault(`snapshot of ${name} shows ${answer.session}`);
}

async function status({ connection, shells, random, ledger }: Client): Promise<void> {
  const name = chosen(shells, random);
  const answer = await connection.request('session.status', { session: name });
  if (answer.name !== name) ledger.fault(`status of ${name} is that of ${answer.name}`);
}

async function list({ connection, lines, ledger }: Client): Promise<void> {
  const { sessions } = await connection.request('session.list', {});
  const names = new Set(sessions.map(({ name }) => name));
  const missing = lines.filter(({ name }) => !names.has(name));
  if (missing.length > 0) ledger.fault(`the list lacks ${missing.map(({ name }) => name).join(', ')}`);
}

async function grep({ connection, token, ledger }: Client): Promise<void> {
  const nowhere = token();
  const { matches } = await connection.request('sessions.grep', { pattern: nowhere });
  if (matches.length > 0) ledger.fault(`grep found ${nowhere}, which nothing has printed`);
}

async function exec({ connection, shells, random, token, ledger }: Client): Promise<void> {
  const session = chosen(shells, random);
  const text = token();
  const code = Math.floor(random() * 100);
  let printed = '';
  const answer = await connection.request(
    'session.exec',
    { session, command: `echo ${text}; (exit ${code})`, timeout_ms: LONG_MS },
    {
      onEvent: ({ data_base64 }) => {
        printed += Buffer.from(data_base64, 'base64').toString();
      },
    },
  );
  if (answer.session !== session || answer.exit_code !== code || printed !== `${text}\n`)
    ledger.fault(`exec of 'echo ${text}' and ${code} answered ${JSON.stringify({ ...answer, printed })}`);
}

/** A program from its start to its end. */
async function run({ connection, env, token, random, ledger }: Client): Promise<void> {
  const text = token();
  const code = Math.floor(random() * 100);
  const { session_id: session } = await connection.request('session.spawn', {
    argv: ['/bin/sh', '-c', `echo ${text}; exit ${code}`],
    cwd: '/',
    env,
    name: text,
    background: true,
  });
  const answer = await connection.request('session.wait', { session, exit: true, text, timeout_ms: LONG_MS });
  if (answer.session !== text || answer.exit?.exit_code !== code)
    ledger.fault(
      `${text}, which exits ${code}, was answered ${JSON.stringify(answer.exit)} in ${JSON.stringify(answer).slice(0, 300)}`,
    );
}

/** Ended while somebody else waits for it. */
async function kill({ connection, env, token, ledger }: Client): Promise<void> {
  const name = token();
  const argv = ['/bin/sleep', '1000'];
  await connection.request('session.spawn', { argv, cwd: '/', env, name, background: true });
  const waiting = connection.request('session.wait', { session: name, exit: true, timeout_ms: LONG_MS });
  const killed = connection.request('session.kill', { session: name });
  const [waited, { results }] = await Promise.all([waiting, killed]);
  if (waited.session !== name || waited.exit?.signal !== 'SIGTERM' || results[0]?.session !== name)
    ledger.fault(`kill of ${name} was answered ${JSON.stringify({ waited, results }).slice(0, 300)}`);
}

/** For what never comes: an answer to it, once it was cancelled, would be one to nothing that is open. */
async function cancelledWait({ connection, lines, random, token }: Client): Promise<void> {
  const { name } = chosen(lines, random);
  const cancel = connection.waitInVain({ session: name, text: token(), timeout_ms: LONG_MS });
  await connection.request('session.status', { session: name });
  cancel();
}

async function manyAtOnce(client: Client): Promise<void> {
  await Promise.all(Array.from({ length: 20 }, () => snapshot(client)));
}

/** A client that is stopped in the middle of large answers, and goes on later. */
async function slowReader({ connection, shells, lines, random, ledger }: Client): Promise<void> {
  const { name } = chosen(lines, random);
  const asked = Array.from({ length: 30 }, () =>
    connection.request('session.snapshot', { session: chosen(shells, random), format: 'svg' }),
  );
  connection.pause();
  await new Promise((resolve) => setTimeout(resolve, 100 * random()));
  connection.resume();
  for (const answer of await Promise.all(asked))
    if (!shells.includes(answer.session)) ledger.fault(`a picture of ${answer.session} was not asked for`);
  await connection.request('session.status', { session: name });
}

/** Its last line is there, and it is gone afterwards. */
async function flood({ connection, env, token, ledger }: Client): Promise<void> {
  const name = token();
  const argv = ['/bin/sh', '-c', `seq ${FLOOD_LINES}; echo end-of-${name}`];
  await connection.request('session.spawn', { argv, cwd: '/', env, name, background: true });
  const { exit } = await connection.request('session.wait', {
    session: name,
    exit: true,
    timeout_ms: LONG_MS,
  });
  let printed = '';
  const answer = await connection.request(
    'session.output',
    { session: name, tail: 2 },
    {
      onEvent: ({ output = '' }) => {
        printed += output;
      },
    },
  );
  if (printed !== `${FLOOD_LINES}\nend-of-${name}\n`)
    ledger.fault(`the end of the flood ${name} reads ${JSON.stringify({ printed, exit, answer })}`);
}

function chosen<T>(from: readonly T[], random: () => number): T {
  return from[Math.floor(random() * from.length)] as T;
}
