/** How the two ends of a link notice that the other is gone, and how long they wait for it. In milliseconds. */
export interface LinkTiming {
  /** Each end says so often that it is there. */
  beatMs: number;
  /** A client that has heard nothing for so long gives the link up; a shorter cut is bridged. */
  lostMs: number;
  /** The host keeps a link longer: the client decides. */
  keptMs: number;
  /** NATS says for so long that the other end is not subscribed. It may be connecting again. */
  absentMs: number;
  /** A host answers at once, if only that its daemon is being started. */
  answerMs: number;
}

/** Who follows or waits has a place to go on from, and is told soon that a host is not heard of. */
const WATCHED_LOST_MS = 8_000;
/** The same where NATS says that the host is not subscribed: by then one that is only connecting again has done so. */
const WATCHED_ABSENT_MS = 2_000;
/** For a host that has missed beats already. */
const OVERDUE_ANSWER_MS = 1_000;

export const LINK_TIMING: LinkTiming = {
  beatMs: 2_000,
  lostMs: 30_000,
  keptMs: 90_000,
  absentMs: 6_000,
  answerMs: 5_000,
};

/** @param isWatching follows, or waits; @param isOverdue see directory/overdue.ts */
export function timingOf({ isWatching, isOverdue }: { isWatching: boolean; isOverdue: boolean }): LinkTiming {
  return {
    ...LINK_TIMING,
    ...(isWatching && { lostMs: WATCHED_LOST_MS, absentMs: WATCHED_ABSENT_MS }),
    ...(isOverdue && { answerMs: OVERDUE_ANSWER_MS }),
  };
}
