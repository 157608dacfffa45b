import type { Unread } from '../audit/cannot-audit.js';
import type { AuditReport } from '../audit/report.js';
import type { AuditState } from './auditing.js';

/** `GET /api/audit`: the report of the last audit that could be made, and whether it still stands. Ids only. */
export interface AuditAnswer extends Partial<Omit<AuditReport, 'clean'>> {
  /** Of the latest audit. Null: it could not be made, or there was none yet; nobody knows. */
  readonly clean: boolean | null;
  readonly tookMs?: number;
  /** When the latest was begun, whether it could be made or not. */
  readonly triedAt: string | null;
  /** Why it could not be made; absent when it was. */
  readonly problem?: string;
  /** Databases that it could not read. */
  readonly unread: readonly Unread[];
  /** When the next begins; null while one is under way. */
  readonly nextAt: string | null;
}

export function answerOf({ last, failure, triedAt, nextAt }: AuditState): AuditAnswer {
  return {
    ...(last && { ...last.report, tookMs: Math.round(last.tookMs) }),
    clean: last && !failure ? last.report.clean : null,
    triedAt: instant(triedAt),
    ...(failure && { problem: failure.problem }),
    unread: failure?.unread ?? [],
    nextAt: instant(nextAt),
  };
}

function instant(ms: number | undefined): string | null {
  return ms === undefined ? null : new Date(ms).toISOString();
}
