import { Counter, Gauge, type Registry } from 'prom-client';
import { departments } from '../audit/running-system.js';
import type { Auditing, MadeAudit, Outcome } from './auditing.js';

const MS = 1_000;

/** What alert rules need (deploy/prometheus). What no audit has said yet is absent. */
export function exposeAudits(registry: Registry, auditing: Pick<Auditing, 'state' | 'counts'>): void {
  const registers = [registry];
  const gauge = (name: string, help: string, pick: (last: MadeAudit) => number) =>
    new Gauge({
      ...{ name, help, registers },
      collect() {
        const { last } = auditing.state;
        if (last) this.set(pick(last));
        else this.remove();
      },
    });
  gauge('retaguarda_audit_last_timestamp_seconds', 'When the last audit that could be made was begun', ({ report }) =>
    Math.round(Date.parse(report.takenAt) / MS),
  );
  gauge('retaguarda_audit_duration_seconds', 'How long that took', ({ tookMs }) => tookMs / MS);
  gauge('retaguarda_audit_orders', 'Orders that it looked at', ({ report }) => report.orders);
  new Gauge({
    ...{ name: 'retaguarda_audit_findings', help: 'What breaks each check, in that audit', registers },
    labelNames: ['check', 'promise'],
    collect() {
      for (const { name, promise, count } of auditing.state.last?.report.checks ?? [])
        this.set({ check: name, promise }, count);
    },
  });
  new Gauge({
    ...{ name: 'retaguarda_audit_unread', help: '1: the latest audit could not read this database', registers },
    labelNames: ['department'],
    collect() {
      const unread = auditing.state.failure?.unread.map(({ department }) => department) ?? [];
      for (const department of departments) this.set({ department }, unread.includes(department) ? 1 : 0);
    },
  });
  new Counter({
    ...{ name: 'retaguarda_audits_total', help: 'Audits since the start, by outcome', registers },
    labelNames: ['outcome'],
    collect() {
      this.reset();
      for (const [outcome, count] of Object.entries(auditing.counts)) this.inc({ outcome: outcome as Outcome }, count);
    },
  });
}
