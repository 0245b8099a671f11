import { type Client, plainSentence, RequestError, type Result } from '@pilotty/client';
import { askSecret } from '../ask-secret.ts';
import { command, flag, nonEmpty, positiveTime, value } from '../command.ts';
import type { Io } from '../io.ts';
import { printJson } from '../output.ts';
import { readSecret, secretSource } from '../secret-source.ts';
import type { UserTerminal } from '../terminal/user-terminal.ts';
import { UsageError } from '../usage-error.ts';

type Question = NonNullable<Result<'session.status'>['questions']>[number] & { session: string; id: string };

interface Wanted {
  session: string | undefined;
  question: string | undefined;
}

export const declaration = command({
  name: 'answer',
  summary: 'give a program the secret that it asks a person for',
  description: `For what programs ask in sessions of 'spawn --askpass': sudo -A, ssh and git. It shows who asks for what and takes the
answer at your terminal without showing it; the program alone gets it: it is in no output, log, event or recording. An
agent that waits for the program never sees it. 'pilotty ls --json' and 'pilotty status' list open questions, 'pilotty
events --type asked' follows them; in 'pilotty attach', Ctrl+\\ a answers.`,
  options: {
    session: value('NAME', nonEmpty, 'name or id of the session (default: the only one that asks)', 's'),
    question: value('ID', nonEmpty, 'its id, where a session has several'),
    wait: flag('wait until there is a question'),
    timeout: value('TIME', positiveTime, 'how long to wait (default: until there is one)', 't'),
    decline: flag('answer nothing: the program is told so, and gives up'),
    secret: secretSource('take the answer from env:NAME, file:PATH or - (stdin), not from your terminal'),
  },
  examples: [
    ['pilotty answer', 'the only question there is'],
    ['pilotty answer --wait', 'in a terminal of yours, while an agent works'],
    ['pilotty answer -s deploy --decline', 'let sudo fail'],
    ['pilotty answer -s deploy --secret file:/run/secrets/sudo', 'from a file that only you can read'],
  ],
  startsDaemon: false,
  needsProcess: ({ decline, secret }) => !decline && (secret === undefined || secret.startsWith('file:')),
  batchUnsupportedReason: ({ decline, secret }) =>
    decline || secret !== undefined ? undefined : 'it takes the answer at your terminal',
  async run(given, io, client) {
    const { wait, decline, secret, timeout } = given;
    if (decline && secret !== undefined) throw new UsageError('--decline cannot be combined with --secret');
    if (timeout !== undefined && !wait) throw new UsageError('--timeout needs --wait');
    const text = secret === undefined ? undefined : await answerFrom(secret, io);
    const terminal = text === undefined && !decline ? await terminalOf(io) : undefined;
    const found = await openQuestion(given, wait ? { timeoutMs: timeout } : undefined, io, client);
    const typed = terminal ? await askSecret(terminal, promptOf(found), io) : text;
    io.signal.throwIfAborted();
    if (typed === undefined && !decline) {
      await io.stderr.write('Nothing was answered; --decline tells the program that there is no answer.\n');
      return 1;
    }
    const answered = await client.request('session.answer', {
      session: found.id,
      question: found.question,
      ...(decline ? { cancel: true } : { text: typed ?? '' }),
    });
    if (io.stdout.isTty && !given.json) await io.stdout.write(`${plainSentence(answered.message)}\n`);
    else await printJson(io.stdout, answered);
    return 0;
  },
});

async function answerFrom(source: string, io: Io): Promise<string> {
  const bytes = await readSecret(source, undefined, io);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new UsageError('the secret is no UTF-8 text');
  }
}

/** @throws UsageError where there is none, before anything is asked */
async function terminalOf(io: Io): Promise<UserTerminal> {
  const terminal = await io.terminal?.();
  if (terminal?.isThere) return terminal;
  throw new UsageError(
    'the answer is taken at a terminal, and stdin or stdout is none',
    'Run it in a terminal of yours, or give --secret env:NAME, file:PATH or -.',
  );
}

function promptOf({ session, program, prompt }: Question): string {
  const line = plainSentence(`${session}: ${program ?? 'a program'} asks`).replaceAll('\n', ' ');
  return `${line}\r\n${plainSentence(prompt).replaceAll('\n', '\r\n')} `;
}

/** @param wait undefined: it is there, or is not @throws RequestError CONDITION_FAILED when there is none, or it is not clear which; TIMEOUT */
async function openQuestion(
  wanted: Wanted,
  wait: { timeoutMs: number | undefined } | undefined,
  io: Io,
  client: Client,
): Promise<Question> {
  const endsAt = performance.now() + (wait?.timeoutMs ?? Number.POSITIVE_INFINITY);
  for (;;) {
    const { questions, cursor } = await questionsOf(wanted, io, client);
    const [first, ...others] = questions;
    if (first !== undefined && others.length === 0) return first;
    if (first !== undefined) throw severalAsk(questions);
    const leftMs = endsAt - performance.now();
    if (wait === undefined || leftMs <= 0) throw noneAsks(wanted, wait?.timeoutMs);
    await asked(cursor, Number.isFinite(leftMs) ? Math.ceil(leftMs) : undefined, io, client);
  }
}

async function questionsOf(
  { session, question }: Wanted,
  { signal }: Io,
  client: Client,
): Promise<{ questions: Question[]; cursor: number }> {
  const named = session === undefined ? {} : { sessions: [session] };
  const { sessions, event_cursor: cursor } = await client.request('session.list', named, { signal });
  const all = sessions.flatMap(({ id, name, questions = [] }) =>
    questions.map((each) => ({ ...each, session: name, id })),
  );
  return { questions: all.filter((each) => question === undefined || each.question === question), cursor };
}

/** Resolves when something was asked since, or time is over. */
async function asked(
  after: number,
  timeoutMs: number | undefined,
  { signal }: Io,
  client: Client,
): Promise<void> {
  const seen = new AbortController();
  const params = { types: ['asked' as const], after, timeout_ms: timeoutMs };
  // Of a fleet it is told also that a host does not answer: nothing is asked there, until it is back.
  const onEvent = ({ type }: { type: string }) => {
    if (type !== 'host_unreachable') seen.abort();
  };
  const options = { signal: AbortSignal.any([signal, seen.signal]), onEvent };
  try {
    await client.request('events.follow', params, options);
  } catch (error) {
    if (!seen.signal.aborted) throw error;
  }
}

function severalAsk(questions: readonly Question[]): RequestError {
  const list = questions
    .map(({ session, question, prompt }) => `${session} ${question}: ${prompt}`)
    .join('; ');
  return new RequestError('CONDITION_FAILED', `There are ${questions.length} open questions: ${list}`, {
    suggestion: "Name one: 'pilotty answer -s NAME --question ID'.",
    details: { questions },
  });
}

function noneAsks({ session, question }: Wanted, timeoutMs: number | undefined): RequestError {
  const where = session === undefined ? '' : ` in session '${session}'`;
  const what = question === undefined ? 'No program asks for anything' : `There is no question '${question}'`;
  if (timeoutMs !== undefined)
    return new RequestError('TIMEOUT', `${what}${where} after ${timeoutMs} ms`, {
      suggestion: 'Give it longer with --timeout, or leave it out to wait without end.',
    });
  return new RequestError('CONDITION_FAILED', `${what}${where}`, {
    suggestion:
      "'pilotty answer --wait' waits for the next question; programs ask in sessions of 'pilotty spawn --askpass'.",
  });
}
