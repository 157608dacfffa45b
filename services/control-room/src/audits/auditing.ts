import { loggedError } from '@retaguarda/database';
import type { Unread } from '../audit/cannot-audit.js';
import { CannotAudit } from '../audit/cannot-audit.js';
import type { AuditReport } from '../audit/report.js';
import type { Ended, Pace } from './pace.js';
import { restAfter, shortestRestAfter } from './pace.js';

/** An audit that was made. */
export interface MadeAudit {
  readonly report: AuditReport;
  readonly tookMs: number;
}

/** Why the latest audit could not be made, and which databases could not be read. */
export interface Failure {
  readonly problem: string;
  readonly unread: readonly Unread[];
}

/** What is known at one moment. */
export interface AuditState {
  /** The last one that could be made. */
  readonly last: MadeAudit | undefined;
  /** Set when there was another one since, which could not be made. */
  readonly failure: Failure | undefined;
  /** When the latest was begun, made or not; ms since 1970. */
  readonly triedAt: number | undefined;
  /** When the next begins by itself; undefined while one is under way. */
  readonly nextAt: number | undefined;
}

export type Outcome = 'clean' | 'findings' | 'not_made';

export interface Surroundings {
  audit(stopped: AbortSignal): Promise<AuditReport>;
  /** Ms since 1970. */
  now(): number;
  /** Ms since whenever, on a clock that nobody sets. */
  ticks(): number;
  /** Resolves after that time, and earlier when `ended` is aborted. */
  pause(ms: number, ended: AbortSignal): Promise<void>;
  readonly pace: Pace;
  /** What should be in the log. */
  tell(level: 'info' | 'warn' | 'error', message: string, details?: object): void;
}

/** Audits again and again, one at a time. The next begins after the last has ended. */
export class Auditing {
  readonly counts: Record<Outcome, number> = { clean: 0, findings: 0, not_made: 0 };
  private known: AuditState = { last: undefined, failure: undefined, triedAt: undefined, nextAt: undefined };
  private coming = new Completion();
  private readonly stopping = new AbortController();
  private resting: { readonly end: AbortController; readonly isShortest: boolean } | undefined;
  private isAsked = false;
  private running: Promise<void> | undefined;
  private said = '';

  constructor(private readonly surroundings: Surroundings) {}

  get state(): AuditState {
    return this.known;
  }

  start(): void {
    this.running ??= this.run();
  }

  /**
   * Resolves when an audit has ended: the one that is under way, else one that begins now, or as soon as the last is as
   * long ago as it took. Also when everything is stopped.
   */
  async one(): Promise<void> {
    this.isAsked = true;
    if (!this.resting?.isShortest) this.resting?.end.abort();
    await this.coming.done;
  }

  /** Ends the audit that is under way, at once. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.resting?.end.abort();
    await this.running;
    this.coming.end();
  }

  private async run(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      const began = this.surroundings.ticks();
      this.known = { ...this.known, triedAt: this.surroundings.now(), nextAt: undefined };
      const isMade = await this.make();
      if (!this.stopping.signal.aborted) await this.rest({ isMade, tookMs: this.surroundings.ticks() - began });
    }
  }

  /** True when it was made. */
  private async make(): Promise<boolean> {
    const { audit, ticks } = this.surroundings;
    const cut = new AbortController();
    const stop = () => cut.abort();
    this.stopping.signal.addEventListener('abort', stop);
    const began = ticks();
    try {
      const report = await audit(cut.signal);
      this.known = { ...this.known, last: { report, tookMs: ticks() - began }, failure: undefined };
      this.counts[report.clean ? 'clean' : 'findings'] += 1;
      this.say(report);
      return true;
    } catch (error) {
      if (!this.stopping.signal.aborted) this.fail(error);
      return false;
    } finally {
      this.stopping.signal.removeEventListener('abort', stop);
    }
  }

  private fail(error: unknown): void {
    this.counts.not_made += 1;
    const isKnown = error instanceof CannotAudit;
    const failure: Failure = isKnown
      ? { problem: error.message, unread: error.unread }
      : { problem: 'Something went wrong on our side; it has been logged.', unread: [] };
    this.known = { ...this.known, failure };
    this.once(failure.problem, () =>
      this.surroundings.tell(
        isKnown ? 'warn' : 'error',
        'the audit could not be made',
        isKnown ? { why: failure.problem } : { err: loggedError(error) },
      ),
    );
  }

  private say({ clean, checks }: AuditReport): void {
    const found = Object.fromEntries(checks.filter(({ count }) => count > 0).map(({ name, count }) => [name, count]));
    this.once(JSON.stringify(found), () =>
      clean
        ? this.surroundings.tell('info', 'the audit finds that everything adds up')
        : this.surroundings.tell('warn', 'the audit found what does not add up', { found }),
    );
  }

  /** The log says what has changed, not the same once a minute. */
  private once(what: string, tell: () => void): void {
    if (this.said !== what) tell();
    this.said = what;
  }

  private async rest(ended: Ended): Promise<void> {
    const { now, ticks, pace } = this.surroundings;
    const restMs = restAfter(ended, pace);
    const endedAt = ticks();
    this.known = { ...this.known, nextAt: now() + restMs };
    // Whoever asked while it was under way has what they asked for.
    this.isAsked = false;
    const { coming } = this;
    this.coming = new Completion();
    coming.end();
    await this.restFor(restMs, false);
    if (this.isAsked) await this.restFor(shortestRestAfter(ended) - (ticks() - endedAt), true);
  }

  private async restFor(ms: number, isShortest: boolean): Promise<void> {
    if (ms <= 0 || this.stopping.signal.aborted) return;
    const end = new AbortController();
    this.resting = { end, isShortest };
    await this.surroundings.pause(ms, end.signal);
    this.resting = undefined;
  }
}

class Completion {
  end!: () => void;
  readonly done = new Promise<void>((resolve) => (this.end = resolve));
}
