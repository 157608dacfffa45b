import { Injectable } from '@nestjs/common';
import { AvailabilityChanged } from '@retaguarda/contracts';
import type { Tx } from '@retaguarda/database';
import type { RunsEvery } from '@retaguarda/messaging';

const ANNOUNCED_AT_ONCE = 1_000;

/**
 * Tells storefronts what is free, once for all changes since the last time: an item in every order is announced once a
 * second and not once an order.
 */
@Injectable()
export class AnnounceAvailability implements RunsEvery<AvailabilityChanged> {
  async run(tx: Tx): Promise<AvailabilityChanged[]> {
    const changed = await tx.query<{ sku: string; available: number }>(
      `with changed as (
         select i.sku, s.available from items i
           join (select sku, sum(on_hand - reserved)::int as available from levels group by sku) s using (sku)
          where i.announced is distinct from s.available
          order by i.sku limit ${ANNOUNCED_AT_ONCE} for update of i skip locked)
       update items i set announced = changed.available from changed where i.sku = changed.sku
       returning i.sku, changed.available`,
    );
    return changed.map(({ sku, available }) => AvailabilityChanged.of({ sku, available }));
  }
}
