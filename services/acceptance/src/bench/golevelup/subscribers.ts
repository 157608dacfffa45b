import { AmqpConnection, RabbitPayload, RabbitRequest, RabbitSubscribe } from '@golevelup/nestjs-rabbitmq';
import type { OnApplicationBootstrap } from '@nestjs/common';
import { Injectable, UsePipes, ValidationPipe } from '@nestjs/common';
import { InvoiceIssued, OrderPacked, OrderPlaced, OrderShipped, OrderSubmitted } from '@retaguarda/contracts';
import { PaymentReceived, StockReserved } from '@retaguarda/contracts';
import type { ConsumeMessage } from 'amqplib';
import type { EntityManager } from 'typeorm';
import { DataSource } from 'typeorm';
import type { DepartmentName } from '../company/departments.js';
import { onceASecond } from '../line/decisions.js';
import { openReceivable } from '../one-by-one/billing.js';
import type { Following } from '../one-by-one/following.js';
import { openPickList, releaseForDispatch } from '../one-by-one/fulfillment.js';
import { issueInvoice } from '../one-by-one/invoicing.js';
import { placeOrder, recordProgress } from '../one-by-one/sales.js';
import type { Fact } from '../one-by-one/sales.js';
import { announceAvailability, reserveStock, takeFromShelf } from '../one-by-one/stock.js';

/** A queue of its own for each subscriber, on the departments' topic exchange. */
const queue = (name: string, ...routingKey: string[]) =>
  RabbitSubscribe({
    ...{ exchange: 'retaguarda', routingKey, queue: name },
    queueOptions: { durable: true, arguments: { 'x-queue-type': 'quorum' } },
  });

/** One message: one transaction, then what follows is published; the library acknowledges what was handled. */
@Injectable()
export class Line {
  constructor(
    private readonly source: DataSource,
    private readonly amqp: AmqpConnection,
  ) {}

  async handle(work: (manager: EntityManager) => Promise<Following | Following[] | void>): Promise<void> {
    const following = (await this.source.transaction(work)) ?? [];
    for (const { key, data } of [following].flat()) await this.amqp.publish('retaguarda', key, { data });
  }
}

const facts: Readonly<Record<string, Fact>> = {
  [StockReserved.type]: 'reservedAt',
  [OrderPacked.type]: 'packedAt',
  [InvoiceIssued.type]: 'invoicedAt',
  [OrderShipped.type]: 'shippedAt',
  [PaymentReceived.type]: 'paidAt',
};

const validation = () => UsePipes(new ValidationPipe({ transform: true }));

@Injectable()
@validation()
export class Sales {
  constructor(private readonly line: Line) {}

  @queue('sales.place-order', OrderSubmitted.type)
  place(@RabbitPayload() order: OrderSubmitted) {
    return this.line.handle((manager) => placeOrder(manager, order));
  }

  @queue('sales.record-progress', ...Object.keys(facts))
  record(@RabbitPayload('orderId') orderId: string, @RabbitRequest() { fields }: ConsumeMessage) {
    return this.line.handle((manager) => recordProgress(manager, orderId, facts[fields.routingKey]!));
  }
}

@Injectable()
@validation()
export class Stock implements OnApplicationBootstrap {
  constructor(private readonly line: Line) {}

  onApplicationBootstrap() {
    onceASecond(() => this.line.handle(announceAvailability));
  }

  @queue('stock.reserve-stock', OrderPlaced.type)
  reserve(@RabbitPayload() event: OrderPlaced) {
    return this.line.handle((manager) => reserveStock(manager, event));
  }

  @queue('stock.take-from-shelf', OrderPacked.type)
  take(@RabbitPayload() event: OrderPacked) {
    return this.line.handle((manager) => takeFromShelf(manager, event.orderId));
  }
}

@Injectable()
@validation()
export class Fulfillment {
  constructor(private readonly line: Line) {}

  @queue('fulfillment.open-pick-list', StockReserved.type)
  open(@RabbitPayload() event: StockReserved) {
    return this.line.handle((manager) => openPickList(manager, event));
  }

  @queue('fulfillment.release-for-dispatch', InvoiceIssued.type)
  release(@RabbitPayload() event: InvoiceIssued) {
    return this.line.handle((manager) => releaseForDispatch(manager, event));
  }
}

@Injectable()
@validation()
export class Invoicing {
  constructor(private readonly line: Line) {}

  @queue('invoicing.issue-invoice', OrderPacked.type)
  issue(@RabbitPayload() event: OrderPacked) {
    return this.line.handle((manager) => issueInvoice(manager, event));
  }
}

@Injectable()
@validation()
export class Billing {
  constructor(private readonly line: Line) {}

  @queue('billing.open-receivable', InvoiceIssued.type)
  open(@RabbitPayload() event: InvoiceIssued) {
    return this.line.handle((manager) => openReceivable(manager, event));
  }
}

export const subscribers: Record<DepartmentName, new (line: Line) => object> = {
  sales: Sales,
  stock: Stock,
  fulfillment: Fulfillment,
  invoicing: Invoicing,
  billing: Billing,
};
