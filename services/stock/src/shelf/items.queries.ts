import { Injectable, NotFoundException } from '@nestjs/common';
import type { Page } from '@retaguarda/department';
import { pageOf } from '@retaguarda/department';
import { DataSource } from 'typeorm';
import type { MovementKind } from './movement.entity.js';

export interface ItemLevel {
  readonly sku: string;
  readonly name: string;
  readonly onHand: number;
  readonly reserved: number;
  readonly available: number;
}

export interface LedgerLine {
  readonly id: string;
  readonly sku: string;
  readonly location: string;
  readonly kind: MovementKind;
  readonly quantity: number;
  readonly reference: string;
  readonly movedAt: Date;
}

const ITEM_LEVELS = `
  select i.sku, i.name, coalesce(sum(l.on_hand), 0)::int as "onHand", coalesce(sum(l.reserved), 0)::int as reserved,
         coalesce(sum(l.on_hand - l.reserved), 0)::int as available
    from items i left join levels l using (sku)`;

@Injectable()
export class ItemsQueries {
  constructor(private readonly source: DataSource) {}

  async item(sku: string): Promise<ItemLevel> {
    const [item] = (await this.source.query(`${ITEM_LEVELS} where i.sku = $1 group by i.sku`, [sku])) as ItemLevel[];
    if (!item) throw new NotFoundException(`Nothing was ever received of ${sku}.`);
    return item;
  }

  async items(limit: number, cursor?: string): Promise<Page<ItemLevel>> {
    const rows = (await this.source.query(
      `${ITEM_LEVELS} where $1::text is null or i.sku > $1 group by i.sku order by i.sku limit $2`,
      [cursor ?? null, limit + 1],
    )) as ItemLevel[];
    return pageOf(rows, limit, ({ sku }) => sku);
  }

  async movements(sku: string, limit: number, cursor?: string): Promise<Page<LedgerLine>> {
    const rows = (await this.source.query(
      `select id, sku, location, kind, quantity, reference, moved_at as "movedAt" from movements
        where sku = $1 and ($2::bigint is null or id > $2) order by id limit $3`,
      [sku, cursor ?? null, limit + 1],
    )) as LedgerLine[];
    return pageOf(rows, limit, ({ id }) => id);
  }
}
