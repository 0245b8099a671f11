/** The screen as it was: which moment is meant, whether it is still known, and the drawing of it. */
import { type ParsedParams, parseDuration, RequestError, type Result } from '@pilotty/protocol';
import { type Call, Deadline } from '../call.ts';
import type { OutputMoment } from '../pty/output-times.ts';
import { drawAgain, PastScreen } from '../session/past-screen.ts';
import type { Session } from '../session/session.ts';
import { describePastScreen } from './describe-screen.ts';
import type { Services } from './services.ts';

type Params = ParsedParams<'session.snapshot'>;

/** Clocks of two machines differ; that much later than now is now. */
const CLOCK_DIFFERENCE_MS = 1000;

/** A screen that is so much older than it was asked for is noted as such: bursts of output are shorter. */
const NOTED_FROM_MS = 50;

/** A moment as it was asked for. */
interface Asked extends OutputMoment {
  /** Resizes that came later have not happened. */
  untilMs: number;
  note?: string | undefined;
}

export async function pastScreen(
  services: Services,
  session: Session,
  params: Params,
  call: Call,
): Promise<Result<'session.snapshot'>> {
  const asked = momentAsked(session, params);
  const deadline = new Deadline(call, params.timeout_ms);
  const { scheduler, lock } = services.pastScreens;
  const release = await lock.acquire(deadline);
  try {
    if (release === undefined) throw late(session, params);
    const way = session.history.wayTo(asked, asked.untilMs);
    if (way === undefined) throw unknownNow(session, asked);
    const past = new PastScreen(session, way.from, asked);
    try {
      const outcome = await drawAgain(session, past, way, asked, { scheduler, deadline });
      if (outcome === 'dropped') throw unknownNow(session, asked);
      if (outcome === 'late') throw late(session, params);
      if (hadEnded(session, asked)) past.end(session.exit);
      const { note, ...screen } = await describePastScreen(past, params, services, call);
      const notes = [asked.note, note].filter((text) => text !== undefined);
      return {
        ...screen,
        outcome: 'immediate',
        shown_at: timeText(asked.timeMs),
        shown_offset: asked.offset,
        ...(notes.length > 0 && { note: notes.join(' ') }),
      };
    } finally {
      past.close();
    }
  } finally {
    release?.();
    deadline.close();
  }
}

/** @throws RequestError where there is no such moment */
function momentAsked(session: Session, { at, at_offset: offset }: Params): Asked {
  const { retention, name } = session;
  const began = session.createdAt.getTime();
  if (offset !== undefined) {
    if (offset > retention.totalBytes) {
      const printed = `The program in session '${name}' has written ${retention.totalBytes} bytes`;
      throw new RequestError('INVALID_INPUT', `${printed}: there is no offset ${offset} yet`);
    }
    const moment = retention.momentOf(offset) ?? { offset, timeMs: began, seq: 0 };
    return { ...moment, untilMs: Number.POSITIVE_INFINITY };
  }
  const now = Date.now();
  // The protocol has let in nothing else.
  const asked = at as string;
  if (asked.startsWith('-') && session.clock.setBackMs > CLOCK_DIFFERENCE_MS)
    throw clockSetBack(session, asked);
  const timeMs = asked.startsWith('-') ? now - (parseDuration(asked.slice(1)) as number) : Date.parse(asked);
  if (timeMs > now + CLOCK_DIFFERENCE_MS)
    throw new RequestError('INVALID_INPUT', `${asked} is yet to come: it is ${timeText(now)}`);
  if (timeMs < began) {
    throw new RequestError(
      'INVALID_INPUT',
      `Session '${name}' began at ${timeText(began)}: there is no screen of ${asked}`,
      {
        suggestion: `Ask for '--at ${timeText(began)}' or later.`,
        details: { ...session.reference, earliest_time: timeText(began) },
      },
    );
  }
  const moment = retention.momentAt(Math.min(timeMs, now));
  const isEarlier = timeMs - moment.timeMs > NOTED_FROM_MS && timeMs <= now;
  return {
    ...moment,
    untilMs: moment.timeMs,
    ...(isEarlier && {
      note: `This is the screen of ${timeText(moment.timeMs)}: the program drew on it around ${timeText(timeMs)}, and how it was in between is not known.`,
    }),
  };
}

/** What the program printed last was its last. */
function hadEnded({ endedAt, retention }: Session, { offset, untilMs }: Asked): boolean {
  return endedAt !== undefined && endedAt.getTime() <= untilMs && offset === retention.totalBytes;
}

function timeText(timeMs: number): string {
  return new Date(timeMs).toISOString();
}

function unknownNow(session: Session, { timeMs, offset }: Asked): RequestError {
  const { earliest } = session.history;
  const past = `The screen of session '${session.name}' at ${timeText(timeMs)} (offset ${offset}) is not known any more`;
  const why = 'output that it is drawn from is no longer retained';
  const more =
    "Spawn with a larger --retain-bytes, or record the session: 'replay --screen-at' shows any moment.";
  if (earliest === undefined) {
    return new RequestError('UNAVAILABLE', `${past}, nor is any later one: ${why}`, { suggestion: more });
  }
  const time = timeText(earliest.timeMs);
  return new RequestError('UNAVAILABLE', `${past}: ${why}. The earliest that is known is of ${time}`, {
    suggestion: `Ask for '--at ${time}' or later. ${more}`,
    details: { ...session.reference, earliest_time: time, earliest_offset: earliest.offset },
  });
}

function clockSetBack({ name, clock, reference }: Session, asked: string): RequestError {
  const by = `${Math.round(clock.setBackMs / 1000)} s`;
  return new RequestError(
    'UNAVAILABLE',
    `The clock of this host was set back by ${by} while session '${name}' ran: what it showed at ${asked} is not known`,
    { suggestion: 'Ask for an offset of its output with --at-offset.', details: { ...reference } },
  );
}

function late(session: Session, { timeout_ms }: Params): RequestError {
  return new RequestError(
    'TIMEOUT',
    `The past screen of session '${session.name}' was not drawn within ${timeout_ms} ms`,
    { suggestion: 'Give it longer with --timeout, or ask for another moment.' },
  );
}
