import { Injectable } from '@nestjs/common';
import { AvailabilityChanged } from '@retaguarda/contracts';
import type { Tx } from '@retaguarda/database';
import type { RunsEvery } from '@retaguarda/messaging';

const ANNOUNCED_AT_ONCE = 1_000;
const REST_SECONDS = 3;

/**
 * Tells storefronts what is free. A first change is told within a second and what follows it once in three seconds: an
 * item in every order is not announced with every order. That nothing is left, or something again, is told at once.
 */
@Injectable()
export class AnnounceAvailability implements RunsEvery<AvailabilityChanged> {
  readonly isOfTheMoment = true;

  async run(tx: Tx): Promise<AvailabilityChanged[]> {
    const changed = await tx.query<{ sku: string; available: number }>(
      `with changed as (
         select i.sku, s.available from items i
           join (select sku, sum(on_hand - reserved)::int as available from levels group by sku) s using (sku)
          where i.announced is distinct from s.available
            and (i.announced_at is null
                 or i.announced_at not between $1::timestamptz - interval '${REST_SECONDS} s' and $1
                 or least(i.announced, s.available) = 0)
          order by i.sku limit ${ANNOUNCED_AT_ONCE} for update of i skip locked)
       update items i set announced = changed.available, announced_at = $1 from changed where i.sku = changed.sku
       returning i.sku, changed.available`,
      [tx.now],
    );
    return changed.map(({ sku, available }) => AvailabilityChanged.of({ sku, available }));
  }
}
