import { readFile } from 'node:fs/promises';
import { Registry } from 'prom-client';
import { Offenders } from '../audit/report.js';
import { exposeAudits } from './audit.metrics.js';
import type { AuditState } from './auditing.js';

const offenders = new Offenders();
offenders.add('invoice-adds-up', 'an order');
const takenAt = '2026-03-02T12:00:00.000Z';
const report = { ...{ clean: false, takenAt, orders: 12 }, checks: offenders.results, open: [], aside: [], notes: [] };
const nothing: AuditState = { last: undefined, failure: undefined, triedAt: undefined, nextAt: undefined };
const made: AuditState = { ...nothing, last: { report, tookMs: 1_500 } };

describe('the metrics of the audit', () => {
  let state = nothing;
  const registry = new Registry();
  const counts = { clean: 3, findings: 1, not_made: 2 };
  exposeAudits(registry, {
    counts,
    get state() {
      return state;
    },
  });

  it('say nothing about books that nobody has looked at', async () => {
    state = nothing;
    const text = await registry.metrics();
    expect(text).not.toMatch(/^retaguarda_audit_(last|duration|orders|findings)/m);
    expect(text).toContain('retaguarda_audits_total{outcome="not_made"} 2');
  });

  it('say when the last audit was made, how long it took and what it found', async () => {
    state = made;
    const text = await registry.metrics();
    expect(text).toContain(`retaguarda_audit_last_timestamp_seconds ${Date.parse(takenAt) / 1_000}`);
    expect(text).toContain('retaguarda_audit_duration_seconds 1.5');
    expect(text).toContain('retaguarda_audit_orders 12');
    expect(text).toContain('retaguarda_audit_findings{check="invoice-adds-up",promise="P7"} 1');
    expect(text).toContain('retaguarda_audit_findings{check="series-without-gap",promise="P7"} 0');
    expect(await registry.metrics()).toContain('retaguarda_audits_total{outcome="clean"} 3');
  });

  it('say which databases the latest could not read', async () => {
    state = { ...made, failure: { problem: 'x', unread: [{ department: 'stock', reason: 'x' }] } };
    const text = await registry.metrics();
    expect(text).toContain('retaguarda_audit_unread{department="stock"} 1');
    expect(text).toContain('retaguarda_audit_unread{department="sales"} 0');
    state = made;
    expect(await registry.metrics()).toContain('retaguarda_audit_unread{department="stock"} 0');
  });

  it('are what the alert rules ask for', async () => {
    const rules = await readFile(new URL('../../../../deploy/prometheus/audit.rules.yml', import.meta.url), 'utf8');
    state = made;
    const names = (await registry.getMetricsAsJSON()).map(({ name }) => name);
    const asked = [...rules.matchAll(/\bretaguarda_\w+/g)].map(([name]) => name);
    expect(asked.length).toBeGreaterThan(3);
    expect(asked.filter((name) => !names.includes(name))).toEqual([]);
  });
});
