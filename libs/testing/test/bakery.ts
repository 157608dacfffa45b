import { Controller, Injectable, Module } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import {
  AvailabilityChanged,
  OrderCancelled,
  OrderPlaced,
  OrderRejected,
  OrderSubmitted,
  StockReserved,
  sheetOf,
} from '@retaguarda/contracts';
import type { Tx } from '@retaguarda/database';
import { handlersOf, type DepartmentDefinition } from '@retaguarda/department';
import type { Handles, HandlesAll, NotYet } from '@retaguarda/messaging';
import { MessageContext, notYet, on, process, Unprocessable } from '@retaguarda/messaging';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tells the bakery how to misbehave; the order's `notes` are its orders. */
export const oven = { broken: false, warmUp: () => Promise.resolve() };

/** A department made up for the conformance suite: it writes what it did into one table. */
@Injectable()
export class BakeBread implements Handles<OrderPlaced, StockReserved> {
  async handle(event: OrderPlaced, tx: Tx): Promise<StockReserved> {
    if (event.notes === 'throws' || oven.broken) throw new Error('the oven is cold');
    if (event.notes === 'never works') throw new Unprocessable('there is no such bread');
    if (event.notes === 'hangs') await forNothing(tx);
    await oven.warmUp();
    await tx.query(`insert into baked (order_id, what) values ($1, 'bread')`, [event.orderId]);
    return StockReserved.of({ orderId: event.orderId, lines: [], order: sheetOf(event) });
  }
}

/** A session may idle for a minute; this one for a moment, so that a test need not wait for it. */
async function forNothing(tx: Tx): Promise<void> {
  await tx.query('set local idle_in_transaction_session_timeout = 50');
  await new Promise(() => undefined);
}

@Injectable()
export class ServeBread implements HandlesAll<OrderCancelled> {
  async handleAll(events: readonly OrderCancelled[], tx: Tx): Promise<NotYet[]> {
    const baked = await tx.query<{ order_id: string }>(
      `insert into baked (order_id, what) select order_id, 'served' from baked
        where what = 'bread' and order_id = any($1::uuid[]) on conflict do nothing returning order_id`,
      [events.map(({ orderId }) => orderId)],
    );
    const served = new Set(baked.map((row) => row.order_id));
    return events.filter(({ orderId }) => !served.has(orderId)).map((event) => notYet('not baked', event));
  }
}

@Injectable()
export class TakeOrder implements Handles<OrderSubmitted> {
  async handle(event: OrderSubmitted, tx: Tx): Promise<void> {
    await tx.query(`insert into taken (external_id) values ($1)`, [event.externalId]);
  }
}

/** Returns what its row does not list; the compiler would say so, so it is told otherwise. */
@Injectable()
export class SayWrong implements Handles<OrderRejected, never> {
  handle(event: OrderRejected): Promise<never> {
    return Promise.resolve(OrderCancelled.of({ ...event, wasPacked: false }) as never);
  }
}

/** Plain Nest, as its documentation teaches it. */
@Controller()
class BoardController {
  @EventPattern<string>(AvailabilityChanged.type, { step: 'update-board' })
  async update(@Payload() { sku, available }: AvailabilityChanged, @Ctx() context: MessageContext): Promise<void> {
    await context.tx.query(`insert into board (sku, available) values ($1, $2)`, [sku, available]);
  }
}

const bakeryProcess = process(
  'bakery',
  on(OrderPlaced).do(BakeBread).emits(StockReserved),
  on(OrderCancelled).do(ServeBread).emits(),
  on(OrderSubmitted).do(TakeOrder).emits(),
  on(OrderRejected).do(SayWrong).emits(),
);

class BakeryTables1 implements MigrationInterface {
  name = 'BakeryTables1764000009000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create table baked (order_id uuid, what text, primary key (order_id, what))');
    await runner.query('create table taken (external_id text)');
    await runner.query('create table board (sku text, available int)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table baked, taken, board');
  }
}

@Module({ providers: handlersOf(bakeryProcess), controllers: [BoardController] })
class BakeryModule {}

export const bakery: DepartmentDefinition = {
  process: bakeryProcess,
  module: BakeryModule,
  entities: [],
  migrations: [BakeryTables1],
  port: 0,
};
