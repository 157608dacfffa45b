import { Injectable } from '@nestjs/common';
import type { Tx } from '@retaguarda/database';
import type { RunsEvery } from '@retaguarda/messaging';

const KEPT_HOURS = 48;

/** Forgets old keys. The order itself is known for ever, so a late repeat still makes no second one. */
@Injectable()
export class PruneIdempotencyKeys implements RunsEvery {
  async run(tx: Tx): Promise<never[]> {
    const until = new Date(tx.now.getTime() - KEPT_HOURS * 3_600_000);
    await tx.query('delete from idempotency_keys where used_at < $1', [until]);
    return [];
  }
}
