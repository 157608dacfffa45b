import type { OnApplicationBootstrap } from '@nestjs/common';
import { Controller, Inject } from '@nestjs/common';
import type { RmqContext } from '@nestjs/microservices';
import { ClientProxy, Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { InvoiceIssued, OrderPacked, OrderPlaced, OrderShipped, OrderSubmitted } from '@retaguarda/contracts';
import { PaymentReceived, StockReserved } from '@retaguarda/contracts';
import { lastValueFrom } from 'rxjs';
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

export const NEXT = 'NEXT';

type Work = (manager: EntityManager) => Promise<Following | Following[] | void>;

/** One message: one transaction, then what follows is emitted, then the message is acknowledged. */
abstract class Department {
  constructor(
    @Inject(DataSource) private readonly source: DataSource,
    @Inject(NEXT) private readonly next: ClientProxy,
  ) {}

  protected async perform(work: Work) {
    const following = (await this.source.transaction(work)) ?? [];
    for (const { key, data } of [following].flat())
      await lastValueFrom(this.next.emit(key, data), { defaultValue: null });
  }

  protected async handle(context: unknown, work: Work) {
    await this.perform(work);
    const delivery = context as RmqContext;
    const channel = delivery.getChannelRef() as { ack(message: object): void };
    channel.ack(delivery.getMessage());
  }
}

@Controller()
export class SalesController extends Department {
  @EventPattern(OrderSubmitted.type)
  place(@Payload() order: OrderSubmitted, @Ctx() context: unknown) {
    return this.handle(context, (manager) => placeOrder(manager, order));
  }

  @EventPattern(StockReserved.type)
  reserved(@Payload() event: StockReserved, @Ctx() context: unknown) {
    return this.record(context, event, 'reservedAt');
  }

  @EventPattern(OrderPacked.type)
  packed(@Payload() event: OrderPacked, @Ctx() context: unknown) {
    return this.record(context, event, 'packedAt');
  }

  @EventPattern(InvoiceIssued.type)
  invoiced(@Payload() event: InvoiceIssued, @Ctx() context: unknown) {
    return this.record(context, event, 'invoicedAt');
  }

  @EventPattern(OrderShipped.type)
  shipped(@Payload() event: OrderShipped, @Ctx() context: unknown) {
    return this.record(context, event, 'shippedAt');
  }

  @EventPattern(PaymentReceived.type)
  paid(@Payload() event: PaymentReceived, @Ctx() context: unknown) {
    return this.record(context, event, 'paidAt');
  }

  private record(context: unknown, { orderId }: { orderId: string }, fact: Fact) {
    return this.handle(context, (manager) => recordProgress(manager, orderId, fact));
  }
}

@Controller()
export class StockController extends Department implements OnApplicationBootstrap {
  onApplicationBootstrap() {
    onceASecond(() => this.perform(announceAvailability));
  }

  @EventPattern(OrderPlaced.type)
  reserve(@Payload() event: OrderPlaced, @Ctx() context: unknown) {
    return this.handle(context, (manager) => reserveStock(manager, event));
  }

  @EventPattern(OrderPacked.type)
  take(@Payload() event: OrderPacked, @Ctx() context: unknown) {
    return this.handle(context, (manager) => takeFromShelf(manager, event.orderId));
  }
}

@Controller()
export class FulfillmentController extends Department {
  @EventPattern(StockReserved.type)
  open(@Payload() event: StockReserved, @Ctx() context: unknown) {
    return this.handle(context, (manager) => openPickList(manager, event));
  }

  @EventPattern(InvoiceIssued.type)
  release(@Payload() event: InvoiceIssued, @Ctx() context: unknown) {
    return this.handle(context, (manager) => releaseForDispatch(manager, event));
  }
}

@Controller()
export class InvoicingController extends Department {
  @EventPattern(OrderPacked.type)
  issue(@Payload() event: OrderPacked, @Ctx() context: unknown) {
    return this.handle(context, (manager) => issueInvoice(manager, event));
  }
}

@Controller()
export class BillingController extends Department {
  @EventPattern(InvoiceIssued.type)
  open(@Payload() event: InvoiceIssued, @Ctx() context: unknown) {
    return this.handle(context, (manager) => openReceivable(manager, event));
  }
}

export const controllers: Record<DepartmentName, typeof Department> = {
  sales: SalesController,
  stock: StockController,
  fulfillment: FulfillmentController,
  invoicing: InvoicingController,
  billing: BillingController,
};
