/** People at a session: attached, with the keyboard for themselves, asked to do something. */
import { RequestError } from '@pilotty/protocol';
import { MAX_CELLS } from '@pilotty/protocol/schemas';
import { Deadline } from '../call.ts';
import type { ClientIdentity } from '../client-identity.ts';
import { randomHex } from '../random-hex.ts';
import type { Attachment, Size } from '../session/attachments.ts';
import type { HandOver } from '../session/keyboard.ts';
import type { Session } from '../session/session.ts';
import type { SessionStore } from '../session/session-store.ts';
import { Announcer, until } from '../until.ts';
import { waitAndCapture } from './capture.ts';
import type { Handlers } from './handler.ts';

export const attachHandlers: Handlers<
  'session.attach' | 'session.window' | 'session.take' | 'session.release' | 'session.hand_over'
> = {
  'session.attach': async (services, params, call) => {
    const session = services.sessions.getRunning(params.session);
    const { window, read_only: isReadOnly } = params;
    if (window) checkCells(window);
    const outer = outerSession(services.sessions, params.inside);
    requireNoLoop(services.sessions, session, outer);
    const { client } = call;
    const changes = new PresenceChanges(session, params.questions);
    const returned =
      params.attachment && session.attachments.returned(params.attachment, client, { isReadOnly });
    const attachment = returned || { id: randomHex(4), client, isReadOnly, window, inside: outer?.id };
    call.continuation = () => ({
      method: 'session.attach',
      params: { ...params, session: session.id, window: attachment.window, attachment: attachment.id },
    });
    if (!returned) {
      session.attach(attachment);
      if (!isReadOnly) services.sessions.acted(session);
    }
    try {
      const inside = outer && { inside: outer.name };
      const own = { attachment: attachment.id, client: client.label };
      if (!returned) await call.emit({ type: 'attached', ...own, ...session.reference, ...inside });
      // Others may have left while it was away.
      let told = returned ? undefined : '[]';
      while (!call.signal.aborted && !session.isExited) {
        if (changes.keyboard.take()) await call.emit({ type: 'keyboard', ...keyboardFor(client, session) });
        else if (changes.questions.take())
          await call.emit({ type: 'questions', questions: session.questions.facts });
        else if (changes.others.take()) {
          const others = othersThan(attachment, session);
          const now = JSON.stringify(others);
          if (now !== told) await call.emit({ type: 'others', attached: others });
          told = now;
        } else await changes.more(call.signal);
      }
      const { exit } = session;
      return { type: 'attach_end', ...session.reference, ...(exit && { exit }) };
    } finally {
      changes.close();
      session.detach(attachment);
    }
  },

  'session.window': (services, { session: target, attachment: id, window }) => {
    const session = services.sessions.getRunning(target);
    checkCells(window);
    const attachment = session.attachments.all.find((each) => each.id === id);
    if (!attachment)
      throw new RequestError('UNAVAILABLE', `Attachment '${id}' of session '${session.name}' has ended`);
    session.attachments.changeWindow(attachment, window);
    return { type: 'window_set', ...session.reference, size: session.screen.size };
  },

  'session.take': (services, { session: target, for_ms: forMs, steal: isSteal }, call) => {
    const session = services.sessions.getRunning(target);
    const { client } = call;
    const takenFrom = session.keyboard.take(client, { forMs, isSteal });
    return {
      type: 'keyboard_taken',
      ...session.reference,
      holder: client.label,
      ...(takenFrom !== undefined && { taken_from: takenFrom }),
      message: `${client.label} has the keyboard of session '${session.name}'${takenFrom === undefined ? '' : `, taken from ${takenFrom}`}`,
    };
  },

  'session.release': (services, { session: target, steal: isSteal }, call) => {
    const session = services.sessions.getRunning(target);
    const mayDecline = session.attachments.person(call.client) !== undefined;
    const wasHeld = session.keyboard.release(call.client, { isSteal, mayDecline });
    const message = wasHeld
      ? `Everyone may type into session '${session.name}' again`
      : `Nobody held the keyboard of session '${session.name}'`;
    return { type: 'keyboard_released', ...session.reference, was_held: wasHeld, message };
  },

  'session.hand_over': async (services, params, call) => {
    const session = services.sessions.getRunning(params.session);
    const startedAt = performance.now();
    const offered = session.keyboard.offer(call.client, params.message);
    const common = () => ({
      type: 'handed_over' as const,
      ...session.reference,
      ...(offered.person !== undefined && { person: offered.person }),
      duration_ms: Math.round(performance.now() - startedAt),
    });
    if (!params.until_released) {
      const timer = setTimeout(() => session.keyboard.withdraw(offered), params.timeout_ms);
      void session.programEnded.then(() => session.isExited && clearTimeout(timer));
      return { ...common(), released: false };
    }
    const deadline = new Deadline(call, params.timeout_ms);
    try {
      const isReleased = await released(session, offered, deadline);
      if (!isReleased) throw notReleased(session, offered, params.timeout_ms);
    } finally {
      session.keyboard.withdraw(offered);
      deadline.close();
    }
    const { snapshot } = params;
    const anchor = { act: session.acts.last };
    const seen =
      snapshot && (await waitAndCapture(services, session, { wait: undefined, snapshot }, call, anchor));
    const { exit } = session;
    return { ...common(), released: exit === undefined, ...seen, ...(exit && { exit }) };
  },
};

async function released(session: Session, offered: HandOver, deadline: Deadline): Promise<boolean> {
  const changes = new PresenceChanges(session);
  try {
    return await until(changes.announcer, () => offered.isOver || session.isExited, deadline);
  } finally {
    changes.close();
  }
}

/** Wakes one reader when the keyboard has changed hands, a program asks, somebody has come or gone, or the session has ended. */
class PresenceChanges {
  readonly announcer = new Announcer();
  readonly keyboard: Due;
  readonly questions: Due;
  readonly others = new Due(true);
  readonly #session: Session;
  readonly #stop: () => void;

  constructor(session: Session, hasQuestions = false) {
    this.#session = session;
    const { holder, handOver } = session.keyboard;
    this.keyboard = new Due(holder !== undefined || handOver !== undefined);
    this.questions = new Due(hasQuestions && session.questions.facts.length > 0);
    this.#stop = session.watch((event) => {
      const type = typeof event === 'object' ? event.type : event;
      if (type === 'keyboard_taken' || type === 'keyboard_released' || type === 'hand_over')
        this.keyboard.isDue = true;
      else if (type === 'attached' || type === 'detached') this.others.isDue = true;
      else if (hasQuestions && (type === 'asked' || type === 'question_ended')) this.questions.isDue = true;
      else if (type !== 'exited') return;
      this.announcer.announce();
    });
  }

  async more(signal: AbortSignal): Promise<void> {
    const isDue = () =>
      this.keyboard.isDue || this.questions.isDue || this.others.isDue || this.#session.isExited;
    await until(this.announcer, isDue, { signal });
  }

  close(): void {
    this.#stop();
  }
}

/** What is to be emitted, once, however often it has changed meanwhile. */
class Due {
  isDue: boolean;

  constructor(isDue: boolean) {
    this.isDue = isDue;
  }

  take(): boolean {
    const wasDue = this.isDue;
    this.isDue = false;
    return wasDue;
  }
}

function othersThan(own: Attachment, { attachments }: Session): object[] {
  return attachments.all
    .filter((each) => each !== own)
    .map(({ client, isReadOnly }) => ({ client: client.label, read_only: isReadOnly }));
}

function keyboardFor(client: ClientIdentity, { keyboard }: Session): object {
  const { holder, offered } = keyboard;
  return {
    holder: holder?.label ?? null,
    is_mine: holder?.isSame(client) ?? false,
    hand_over: offered,
  };
}

/** The session that a client runs in: the one on whose terminal it is, else the one whose name its environment has. */
function outerSession(
  store: SessionStore,
  { terminal, session }: { terminal?: string | undefined; session?: string | undefined },
): Session | undefined {
  if (terminal !== undefined) return store.live.find(({ terminalPath }) => terminalPath === terminal);
  return session === undefined ? undefined : store.live.find(({ name }) => name === session);
}

/** A session that showed itself would print what it shows, without end. @throws RequestError CONDITION_FAILED */
function requireNoLoop(store: SessionStore, session: Session, outer: Session | undefined): void {
  if (outer === undefined) return;
  const isShownIn = (shown: Session, seen: Set<string>): boolean => {
    if (shown.id === session.id) return true;
    if (seen.has(shown.id)) return false;
    seen.add(shown.id);
    // The client that shows `shown` runs in another session, which may be shown as well.
    return shown.attachments.all.some(({ inside }) => {
      const around = inside === undefined ? undefined : store.find(inside);
      return around !== undefined && isShownIn(around, seen);
    });
  };
  if (!isShownIn(outer, new Set())) return;
  const where = outer === session ? 'in it' : `in session '${outer.name}', which it shows`;
  throw new RequestError(
    'CONDITION_FAILED',
    `Session '${session.name}' cannot be attached here: this runs ${where}`,
    {
      suggestion: 'Attach from another terminal, or to another session.',
      details: { ...session.reference, inside: outer.name },
    },
  );
}

function checkCells({ cols, rows }: Size): void {
  if (cols * rows <= MAX_CELLS) return;
  throw new RequestError('INVALID_INPUT', `A window of ${cols}x${rows} has more than ${MAX_CELLS} cells`);
}

function notReleased({ name, reference }: Session, { person }: HandOver, timeoutMs: number): RequestError {
  const what = person === undefined ? 'no person took it' : `${person} still has it`;
  return new RequestError(
    'TIMEOUT',
    `The keyboard of session '${name}' was not released within ${timeoutMs} ms: ${what}`,
    {
      suggestion: `Give it longer with --timeout; 'pilotty attach -s ${name}' is how a person takes it.`,
      details: { ...reference, person: person ?? null },
    },
  );
}
