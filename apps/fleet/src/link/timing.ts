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

export const LINK_TIMING: LinkTiming = {
  beatMs: 2_000,
  lostMs: 30_000,
  keptMs: 90_000,
  absentMs: 6_000,
  answerMs: 5_000,
};
