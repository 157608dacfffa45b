import { Injectable, NotFoundException } from '@nestjs/common';
import type { OrderSheet } from '@retaguarda/contracts';
import type { Page } from '@retaguarda/department';
import { pageOf } from '@retaguarda/department';
import { DataSource } from 'typeorm';
import type { Fact, FactTimes, KnownOrder, OrderNumber } from './orders.js';
import { FACT_COLUMNS, facts, KNOWN_ORDER } from './orders.js';
import { lineTotal } from './pricing.js';
import type { OrderStatus } from './status.js';
import { hasStatus, statusOf } from './status.js';

/** An order in a list: nothing about the customer. */
export interface OrderSummary extends OrderNumber {
  readonly orderId: string;
  readonly status: OrderStatus;
  /** When sales took it in. */
  readonly placedAt: Date | null;
  /** Minor units. */
  readonly total: number;
  readonly currency: string;
}

export interface TimelineEntry {
  readonly fact: Fact;
  readonly at: Date;
  readonly reasons?: readonly string[];
}

/** Everything that sales knows about an order. */
export type OrderPage = Omit<OrderSheet, 'lines'> & {
  readonly orderId: string;
  readonly status: OrderStatus;
  readonly lines: readonly (OrderSheet['lines'][number] & { readonly total: number })[];
  readonly timeline: readonly TimelineEntry[];
};

export interface OrderFilter {
  readonly channel?: string;
  readonly externalId?: string;
  readonly status?: OrderStatus;
}

interface StoredOrder extends FactTimes {
  readonly id: string;
  readonly sheet: OrderSheet;
  readonly reasons: Partial<Record<Fact, string[]>>;
}

@Injectable()
export class OrdersQueries {
  constructor(private readonly source: DataSource) {}

  async page(orderId: string): Promise<OrderPage> {
    const [order] = await this.query<StoredOrder>(
      `select id, sheet, reasons, ${FACT_COLUMNS} from orders where id = $1`,
      [orderId],
    );
    if (!order) throw new NotFoundException(`No order has the id ${orderId}.`);
    const lines = order.sheet.lines.map((line) => ({ ...line, total: lineTotal(line) }));
    return { orderId: order.id, status: statusOf(order), ...order.sheet, lines, timeline: timelineOf(order) };
  }

  async known(orderId: string): Promise<KnownOrder> {
    const [order] = await this.query<KnownOrder>(`select ${KNOWN_ORDER} from orders where id = $1`, [orderId]);
    if (!order) throw new NotFoundException(`No order has the id ${orderId}.`);
    return order;
  }

  async numbered({ channel, externalId }: OrderNumber): Promise<KnownOrder> {
    const [order] = await this.query<KnownOrder>(
      `select ${KNOWN_ORDER} from orders where channel = $1 and external_id = $2`,
      [channel, externalId],
    );
    if (!order) throw new NotFoundException(`${channel} has no order ${externalId}.`);
    return order;
  }

  /** Newest first. */
  async list(filter: OrderFilter, limit: number, cursor?: string): Promise<Page<OrderSummary>> {
    const orders = await this.query<KnownOrder>(
      `select ${KNOWN_ORDER} from orders
        where ($1::text is null or channel = $1) and ($2::text is null or external_id = $2)
          and ($3::uuid is null or id < $3) and ${filter.status ? hasStatus(filter.status) : 'true'}
        order by id desc limit $4`,
      [filter.channel ?? null, filter.externalId ?? null, cursor ?? null, limit + 1],
    );
    return pageOf(orders.map(summaryOf), limit, ({ orderId }) => orderId);
  }

  private query<Row>(sql: string, parameters: unknown[]): Promise<Row[]> {
    return this.source.query<Row[]>(sql, parameters);
  }
}

function summaryOf(order: KnownOrder): OrderSummary {
  const { id, channel, externalId, placed, total, currency } = order;
  return { orderId: id, channel, externalId, status: statusOf(order), placedAt: placed, total, currency };
}

function timelineOf(order: StoredOrder): TimelineEntry[] {
  const entries = facts.flatMap((fact): TimelineEntry[] => {
    const [at, reasons] = [order[fact], order.reasons[fact]];
    return at ? [{ fact, at, ...(reasons ? { reasons } : {}) }] : [];
  });
  return entries.sort((one, other) => one.at.getTime() - other.at.getTime());
}
