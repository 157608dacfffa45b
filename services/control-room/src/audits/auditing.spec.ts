import { CannotAudit } from '../audit/cannot-audit.js';
import type { AuditReport } from '../audit/report.js';
import { Offenders } from '../audit/report.js';
import { answerOf } from './audit-answer.js';
import { Auditing } from './auditing.js';

const noon = Date.parse('2026-03-02T12:00:00Z');

function reportOf(...offending: string[]): AuditReport {
  const offenders = new Offenders();
  for (const id of offending) offenders.add('invoice-adds-up', id);
  const takenAt = new Date(noon).toISOString();
  const clean = offending.length === 0;
  return { clean, takenAt, orders: 3, checks: offenders.results, open: [], aside: [], notes: [] };
}

/** Audits that end when the test says so, in a time that passes when the test says so. */
class Bench {
  time = 0;
  begun = 0;
  said: unknown[][] = [];
  finish: (outcome: AuditReport | Error) => void = () => undefined;
  pauses: { ms: number; end: () => void }[] = [];
  private wake: () => void = () => undefined;

  readonly auditing = new Auditing({
    audit: (stopped) =>
      new Promise((resolve, reject) => {
        this.begun += 1;
        this.finish = (outcome) => (outcome instanceof Error ? reject(outcome) : resolve(outcome));
        stopped.addEventListener('abort', () => reject(new CannotAudit('The audit was stopped.')));
        this.wake();
      }),
    now: () => noon + this.time,
    ticks: () => this.time,
    pause: (ms, ended) =>
      new Promise((resolve) => {
        this.pauses.push({ ms, end: resolve });
        ended.addEventListener('abort', () => resolve());
        this.wake();
      }),
    pace: { everyMs: 60_000, busyShare: 0.1 },
    tell: (...what) => void this.said.push(what),
  });

  /** Until the next thing of the kind has begun. */
  async until(passes: () => boolean): Promise<void> {
    while (!passes()) await new Promise<void>((resolve) => (this.wake = resolve));
  }

  async finishAfter(ms: number, outcome: AuditReport | Error): Promise<void> {
    const before = this.pauses.length;
    this.time += ms;
    this.finish(outcome);
    await this.until(() => this.pauses.length > before);
  }

  get answer() {
    return answerOf(this.auditing.state);
  }
}

describe('the audits of the control room', () => {
  let bench: Bench;
  beforeEach(() => {
    bench = new Bench();
    bench.auditing.start();
  });
  afterEach(() => bench.auditing.stop());

  it('come one after another, each when the one before has ended and its rest is over', async () => {
    expect(bench.answer).toMatchObject({ clean: null, unread: [], triedAt: '2026-03-02T12:00:00.000Z', nextAt: null });
    expect(bench.answer).not.toHaveProperty('checks');
    await bench.finishAfter(400, reportOf());
    expect(bench.answer).toMatchObject({ clean: true, tookMs: 400, orders: 3, nextAt: '2026-03-02T12:01:00.000Z' });
    expect([bench.begun, bench.pauses[0]!.ms]).toEqual([1, 59_600]);
    bench.pauses[0]!.end();
    await bench.until(() => bench.begun === 2);
    await bench.finishAfter(20_000, reportOf('a', 'b'));
    expect(bench.answer).toMatchObject({ clean: false, tookMs: 20_000 });
    expect(bench.pauses[1]!.ms).toBe(180_000);
    expect(bench.auditing.counts).toEqual({ clean: 1, findings: 1, not_made: 0 });
  });

  it('that are asked for while one is under way are that one', async () => {
    const asked = [bench.auditing.one(), bench.auditing.one()];
    await bench.finishAfter(400, reportOf());
    await Promise.all(asked);
    expect([bench.begun, bench.pauses[0]!.ms]).toEqual([1, 59_600]);
  });

  it('that are asked for begin as soon as the last one is as long ago as it took', async () => {
    await bench.finishAfter(5_000, reportOf('a'));
    bench.time += 1_000;
    const asked = bench.auditing.one();
    await bench.until(() => bench.pauses.length === 2);
    expect([bench.begun, bench.pauses[1]!.ms]).toEqual([1, 4_000]);
    const again = bench.auditing.one();
    bench.time += 4_000;
    bench.pauses[1]!.end();
    await bench.until(() => bench.begun === 2);
    await bench.finishAfter(1_000, reportOf());
    await Promise.all([asked, again]);
    expect(bench.answer).toMatchObject({ clean: true });
    bench.time += 2_000;
    const third = bench.auditing.one();
    await bench.until(() => bench.begun === 3);
    bench.finish(reportOf());
    await third;
  });

  it('that cannot be made leave the last report standing and say that it is not known any more', async () => {
    await bench.finishAfter(400, reportOf('a'));
    bench.pauses[0]!.end();
    await bench.until(() => bench.begun === 2);
    const unread = { department: 'stock', reason: 'connect ECONNREFUSED' } as const;
    await bench.finishAfter(100, CannotAudit.reading(unread));
    expect(bench.answer).toMatchObject({ clean: null, orders: 3, unread: [unread], tookMs: 400 });
    expect(bench.answer.problem).toBe('The database of stock cannot be read: connect ECONNREFUSED');
    expect(bench.pauses[1]!.ms).toBe(10_000);
    bench.pauses[1]!.end();
    await bench.until(() => bench.begun === 3);
    await bench.finishAfter(400, reportOf());
    expect(bench.answer).toMatchObject({ clean: true, unread: [] });
    expect(bench.answer).not.toHaveProperty('problem');
  });

  it('that fail in a way that nobody thought of are logged and shown without details', async () => {
    await bench.finishAfter(100, new TypeError('customer Joana is undefined'));
    expect(JSON.stringify(bench.answer)).not.toContain('Joana');
    expect(bench.answer).toMatchObject({ clean: null, problem: expect.stringContaining('on our side') });
    expect(bench.said).toMatchObject([['error', 'the audit could not be made', { err: { type: 'TypeError' } }]]);
  });

  it('say in the log what has changed, and not the same again and again', async () => {
    for (const report of [reportOf(), reportOf(), reportOf('a'), reportOf('a'), reportOf()]) {
      await bench.finishAfter(10, report);
      const { begun } = bench;
      bench.pauses.at(-1)!.end();
      await bench.until(() => bench.begun > begun);
    }
    expect(bench.said.map(([level]) => level)).toEqual(['info', 'warn', 'info']);
    expect(bench.said[1]).toEqual(['warn', expect.any(String), { found: { 'invoice-adds-up': 1 } }]);
  });

  it('end at once when the service is stopped, and whoever waits for one is answered', async () => {
    const asked = bench.auditing.one();
    await bench.auditing.stop();
    await asked;
    expect(bench.auditing.counts).toEqual({ clean: 0, findings: 0, not_made: 0 });
    expect(bench.begun).toBe(1);
  });

  it('end in the middle of a rest', async () => {
    await bench.finishAfter(10, reportOf());
    await bench.auditing.stop();
    expect(bench.begun).toBe(1);
  });
});
