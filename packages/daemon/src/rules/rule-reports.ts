/** What the events of a daemon say of its rules: that one has fired, is done, has failed or is held back. */
import type { EventLog, Facts, Subject } from '../events/event-log.ts';
import { subjectOf } from '../events/reporter.ts';
import type { Secrets } from '../recording/secrets.ts';
import { lineOfMatch } from '../search/line-of-match.ts';
import type { Session } from '../session/session.ts';
import { noticeOf } from './notification.ts';
import type { Firing, RuleRecord } from './rule.ts';
import type { Happened } from './session-watch.ts';

/** Of a screen, in what is sent and handed on. */
const MAX_SCREEN = 32 * 1024;
const MAX_MATCH = 1024;

/** The session is not there, or was not known to who failed. */
export const SUBJECT_UNKNOWN: Subject = { id: '', name: '', tags: new Set() };

export class RuleReports {
  readonly #events: EventLog;
  readonly #secrets: Secrets | undefined;

  constructor(events: EventLog, secrets: Secrets | undefined) {
    this.#events = events;
    this.#secrets = secrets;
  }

  /** Emits the event of a firing. */
  fired(
    record: RuleRecord,
    session: Session | undefined,
    fired: Firing['fired'],
    happened: Happened | undefined,
  ): Firing {
    const met = happened?.fired === 'met' ? happened : undefined;
    const exit = met?.held.exit ?? session?.exit;
    const found = met?.held.match;
    const match = found && this.#redacted(found.text.slice(0, MAX_MATCH));
    const foundOn = found && lineOfMatch(found, MAX_MATCH)?.trim();
    const line = foundOn === undefined ? undefined : this.#redacted(foundOn);
    const subject = session === undefined ? SUBJECT_UNKNOWN : subjectOf(session);
    const facts = {
      rule: record.rule,
      fired,
      met: met?.names ?? [],
      ...(match !== undefined && { match_text: match }),
      ...(line !== undefined && { line }),
      ...(exit && { exit }),
    };
    const named = session && { session: { id: session.id, name: session.name, tags: [...session.tags] } };
    const entry = this.#events.add('rule', subject, {
      ...facts,
      ...(record.suppressed_since > 0 && { suppressed: record.suppressed_since }),
      // Pages in a browser show it as well.
      ...(record.declaration.notify && noticeOf(record, { ...facts, ...named })),
    });
    return {
      ...facts,
      ...named,
      screen: session === undefined ? '' : this.#redacted(session.screen.text()).slice(-MAX_SCREEN),
      event_cursor: entry.cursor,
      occurred_at: new Date(entry.cursor / 1000).toISOString(),
    };
  }

  /** Ended without having fired. */
  done({ rule }: RuleRecord, reason: string, subject: Subject = SUBJECT_UNKNOWN): void {
    this.#events.add('rule', subject, { rule, fired: 'done', reason });
  }

  failed({ rule }: RuleRecord, action: NonNullable<Facts['action']>, reason: string, subject: Subject): void {
    this.#events.add('rule_failed', subject, { rule, action, reason });
  }

  #redacted(text: string): string {
    return this.#secrets?.any.matcher(text).replaceAll('[redacted]') ?? text;
  }
}
