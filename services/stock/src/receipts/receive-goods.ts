import { ConflictException, Injectable } from '@nestjs/common';
import { Code, Optional, Parts, Text, Whole } from '@retaguarda/contracts';
import type { Tx } from '@retaguarda/database';
import type { Handles } from '@retaguarda/messaging';
import { MAIN_LOCATION } from '../shelf/level.entity.js';
import { recordMovements } from '../shelf/shelf.js';

export class ReceivedLine {
  @Code(60)
  sku!: string;

  @Optional()
  @Text(200)
  name?: string;

  @Whole(1, 1_000_000_000)
  quantity!: number;
}

/** Goods to be put on the shelf; the same reference counts once. */
export class GoodsReceived {
  @Code(120)
  reference!: string;

  @Optional()
  @Code(60)
  location?: string;

  @Parts(() => ReceivedLine, { min: 1 })
  lines!: ReceivedLine[];
}

@Injectable()
export class ReceiveGoods implements Handles<GoodsReceived> {
  async handle({ reference, location = MAIN_LOCATION, lines }: GoodsReceived, tx: Tx): Promise<void> {
    const received = JSON.stringify(lines.map(({ sku, quantity }) => ({ sku, quantity })));
    const [isNew] = await tx.query(
      `insert into receipts (reference, location, lines, received_at) values ($1, $2, $3, $4)
       on conflict do nothing returning 1`,
      [reference, location, received, tx.now],
    );
    if (!isNew) return refuseOtherGoods(tx, reference, location, received);
    await putOnShelf(tx, location, lines);
    await recordMovements(
      tx,
      'receipt',
      lines.map(({ sku, quantity }) => ({ sku, location, quantity, reference })),
    );
  }
}

async function refuseOtherGoods(tx: Tx, reference: string, location: string, received: string): Promise<void> {
  const [isSame] = await tx.query(
    'select 1 from receipts where reference = $1 and location = $2 and lines = $3::jsonb',
    [reference, location, received],
  );
  if (!isSame) throw new ConflictException(`${reference} was already received with other goods; use a new reference.`);
}

async function putOnShelf(tx: Tx, location: string, lines: readonly ReceivedLine[]): Promise<void> {
  const [skus, names, quantities] = [
    lines.map((l) => l.sku),
    lines.map((l) => l.name ?? null),
    lines.map((l) => l.quantity),
  ];
  await tx.query(
    `insert into items (sku, name)
     select distinct on (sku) sku, coalesce(name, sku) from unnest($1::text[], $2::text[]) as r(sku, name)
      order by sku, name nulls last
     on conflict (sku) do nothing`,
    [skus, names],
  );
  await tx.query(
    `insert into levels (sku, location, on_hand, reserved)
     select sku, $3, sum(quantity)::int, 0 from unnest($1::text[], $2::int[]) as r(sku, quantity)
      group by sku order by sku
     on conflict (sku, location) do update set on_hand = levels.on_hand + excluded.on_hand`,
    [skus, quantities, location],
  );
}
