export interface Pace {
  /** From the beginning of one audit to that of the next, if it does not take too long. */
  readonly everyMs: number;
  /** The part of the time, above 0 and up to 1, in which audits by themselves may read. */
  readonly busyShare: number;
}

export interface Ended {
  readonly tookMs: number;
  /** False: it could not be made. */
  readonly isMade: boolean;
}

/** What could not be read may be back soon. */
const TRY_AGAIN_MS = 10_000;

/** How long nothing is read after an audit. The longer it took, the longer: so the load is bounded, however much there is. */
export function restAfter({ tookMs, isMade }: Ended, { everyMs, busyShare }: Pace): number {
  const untilNext = isMade ? everyMs - tookMs : Math.min(everyMs, TRY_AGAIN_MS);
  return Math.round(Math.max(untilNext, tookMs * (1 / busyShare - 1), 0));
}

/** The same when somebody asks for an audit: whoever asks again and again gets half of the time. */
export function shortestRestAfter({ tookMs }: Ended): number {
  return Math.round(tookMs);
}
