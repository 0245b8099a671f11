/** Requests that make no sense without a terminal, refused before their handlers do anything. */
import { type MethodName, type ParsedParams, RequestError, terminalConditions } from '@pilotty/protocol';
import type { Call } from '../call.ts';
import { noTerminal } from '../session/no-terminal.ts';
import type { Session } from '../session/session.ts';
import type { Handlers } from './handler.ts';
import type { Services } from './services.ts';

/** What the session then has not, or does not do; and what to do instead. */
type Refusal = readonly [what: string, suggestion: (name: string) => string];

const type = (name: string) =>
  `Send it text: 'pilotty type -s ${name} TEXT --enter'; --eof closes its stdin.`;
const output = (name: string) =>
  `See what it has written: 'pilotty output -s ${name}', --stream for one of the two.`;
const another = () => "Start it on a terminal: 'pilotty spawn' without --pipe.";

const REFUSED = {
  'session.key': ['takes no keys', type],
  'session.paste': ['has no paste', type],
  'session.click': ['has no mouse', type],
  'session.scroll': ['has no mouse', type],
  'session.mouse': ['has no mouse', type],
  'session.choose': ['has no elements', type],
  'session.snapshot': ['has no screen', output],
  'session.commands': ['has no prompts', output],
  'session.resize': ['has no size', another],
  'session.attach': ['cannot be attached to', (name) => `Follow it: 'pilotty output -s ${name} --follow'.`],
  'session.window': ['has no size', another],
  'session.exec': ['has no prompt', another],
  'session.inputs': ['keeps no input', another],
  'recording.start': ['has no screen to record', output],
} as const satisfies Partial<Record<MethodName, Refusal>>;

const ABOUT_ONE = /^session\.(?!spawn$|list$)|^recording\.start$/;

type Acting = Partial<Pick<ParsedParams<'session.type'>, 'only_if' | 'wait' | 'snapshot'>>;
type Waiting = Partial<ParsedParams<'session.wait'>>;

function requireTerminalFor(session: Session, method: MethodName, params: object): void {
  if (!session.isPipe) {
    requireNoStream(session, method, params);
    return;
  }
  const { reference } = session;
  const refusal: Refusal | undefined = REFUSED[method as keyof typeof REFUSED];
  if (refusal) throw noTerminal(reference, refusal[0], refusal[1](reference.session));
  if (method === 'session.wait') requireStreamConditions(session, params as Waiting);
  const { only_if, wait, snapshot } = params as Acting;
  if (only_if || snapshot) throw noTerminal(reference, 'has no screen', output(reference.session));
  if (wait) requireStreamConditions(session, wait);
  if (method === 'session.change' && (params as ParsedParams<'session.change'>).cols !== undefined)
    throw noTerminal(reference, 'has no size', another());
}

function requireStreamConditions({ reference }: Session, params: Waiting): void {
  const condition = terminalConditions.find((name) => params[name] !== undefined && params[name] !== false);
  if (condition === undefined) return;
  throw noTerminal(
    reference,
    `cannot be waited for by '${condition}'`,
    `Wait for what it writes, its silence or its end: 'pilotty wait -s ${reference.session} --text TEXT', --idle, --exit.`,
  );
}

/** What only such a session has. */
function requireNoStream(session: Session, method: MethodName, params: object): void {
  const { eof, stream, wait } = params as { eof?: boolean; stream?: string; wait?: Waiting };
  const { reference } = session;
  const isOfStream = stream !== undefined && stream !== 'both' && method.startsWith('session.');
  if (isOfStream || wait?.stream)
    throw new RequestError(
      'UNAVAILABLE',
      `Session '${reference.session}' has no '${wait?.stream ?? stream}' of its own: its program writes both streams to its terminal`,
      {
        suggestion: "Leave out --stream, or start it with 'pilotty spawn --pipe'.",
        details: { ...reference },
      },
    );
  if (method !== 'session.type' || !eof) return;
  throw new RequestError(
    'UNAVAILABLE',
    `The stdin of session '${reference.session}' cannot be closed: it is a terminal`,
    {
      suggestion: `Press what means the end there: 'pilotty key -s ${reference.session} Ctrl+D'.`,
      details: { ...reference },
    },
  );
}

/** The same handlers; those of methods that are about one session first look whether that has the terminal they need. */
export function refusingWithoutTerminal(handlers: Handlers): Handlers {
  const entries = Object.entries(handlers).map(([method, handler]) => {
    if (!ABOUT_ONE.test(method)) return [method, handler];
    const handle = handler as (services: Services, params: object, call: Call) => unknown;
    const looking: typeof handle = (services, params, call) => {
      const session = services.sessions.meant((params as { session?: string }).session);
      if (session) requireTerminalFor(session, method as MethodName, params);
      return handle(services, params, call);
    };
    return [method, looking];
  });
  return Object.fromEntries(entries) as Handlers;
}
