import { outboxRules } from './rules/outbox.js';
import type { Check } from './rules/check.js';
import { hopChecks } from './rules/hops.js';
import { lineRules } from './rules/line.js';
import { accountRules, currencyRules, moneyRules, unmatchedRules } from './rules/money.js';
import { seriesRules, shelfRules } from './rules/shelf.js';
import { explainedCheck } from './rules/waiting.js';

/** What one check found: how many break it, and the ids of the first; {@link SHOWN} of them, unless all were asked for. */
export interface CheckResult {
  readonly name: string;
  readonly promise: string;
  readonly sentence: string;
  readonly advice: string;
  readonly count: number;
  readonly offending: readonly string[];
}

/** `GET /api/audit` and `npm run audit -- --json`. Ids only: no personal data. */
export interface AuditReport {
  readonly clean: boolean;
  readonly takenAt: string;
  readonly orders: number;
  readonly checks: readonly CheckResult[];
  /** Unfinished orders, each counted once, by where they wait. */
  readonly open: readonly { readonly kind: string; readonly count: number }[];
  /** Messages that were put aside, by step. Information: they are seen, and wait for their time or for a person. */
  readonly aside: readonly { readonly place: 'parked' | 'deferred'; readonly step: string; readonly count: number }[];
  /** What the audit could not look at. */
  readonly notes: readonly string[];
}

export const SHOWN = 100;

/** Every check, in the order in which they are reported. */
export const checks: readonly Check[] = [
  explainedCheck,
  ...hopChecks,
  ...lineRules,
  ...shelfRules,
  ...seriesRules,
  ...moneyRules,
  ...accountRules,
  ...currencyRules,
  ...unmatchedRules,
  ...outboxRules,
];

/** Counts offenders by check; keeps the first ids of each. */
export class Offenders {
  private readonly counts = new Map<string, number>();
  private readonly ids = new Map<string, string[]>();

  constructor(private readonly shown = SHOWN) {}

  add(check: string, id: string): void {
    this.counts.set(check, (this.counts.get(check) ?? 0) + 1);
    const ids = this.ids.get(check) ?? [];
    if (ids.length < this.shown) ids.push(id);
    this.ids.set(check, ids);
  }

  get results(): CheckResult[] {
    return checks.map(({ name, promise, sentence, advice }) => ({
      ...{ name, promise, sentence, advice },
      count: this.counts.get(name) ?? 0,
      offending: this.ids.get(name) ?? [],
    }));
  }
}

/** Counts by kind, the most frequent first. */
export class Kinds {
  private readonly counts = new Map<string, number>();

  add(kind: string): void {
    this.counts.set(kind, (this.counts.get(kind) ?? 0) + 1);
  }

  get all(): { kind: string; count: number }[] {
    return [...this.counts].map(([kind, count]) => ({ kind, count })).sort((a, b) => b.count - a.count);
  }
}
