import type { OrderPlaced } from '@retaguarda/contracts';
import { sheetOf } from '@retaguarda/contracts';
import { Reservation } from '@retaguarda/stock/reservations/reservation.entity';
import { ReservationLine } from '@retaguarda/stock/reservations/reservation-line.entity';
import { Level } from '@retaguarda/stock/shelf/level.entity';
import { Movement } from '@retaguarda/stock/shelf/movement.entity';
import type { EntityManager } from 'typeorm';
import { In } from 'typeorm';
import { announcements } from '../line/decisions.js';
import type { Following } from './following.js';

/** Levels are locked by SKU, so that no two messages wait for each other. */
function lockLevels(manager: EntityManager, lines: readonly { sku: string }[]): Promise<Level[]> {
  return manager.find(Level, {
    where: { sku: In(lines.map(({ sku }) => sku)) },
    order: { sku: 'ASC', location: 'ASC' },
    lock: { mode: 'pessimistic_write' },
  });
}

export async function reserveStock(manager: EntityManager, placed: OrderPlaced): Promise<Following> {
  const { orderId } = placed;
  const levels = new Map((await lockLevels(manager, placed.lines)).map((level) => [level.sku, level]));
  const held = placed.lines.map(({ sku, quantity }) => ({ sku, location: levels.get(sku)!.location, quantity }));
  for (const { sku, location, quantity } of held) {
    const { onHand, reserved } = levels.get(sku)!;
    if (onHand - reserved < quantity) throw new Error(`${sku} is short, which no order of the benchmark asks for.`);
    await manager.increment(Level, { sku, location }, 'reserved', quantity);
  }
  const now = new Date();
  await manager.insert(Reservation, { orderId, status: 'reserved', decidedAt: now, changedAt: now });
  await manager.insert(
    ReservationLine,
    held.map((line) => ({ orderId, ...line })),
  );
  return { key: 'stock.stock-reserved.v1', data: { orderId, lines: held, order: sheetOf(placed) } };
}

export async function takeFromShelf(manager: EntityManager, orderId: string): Promise<void> {
  const lines = await manager.findBy(ReservationLine, { orderId });
  await lockLevels(manager, lines);
  for (const { sku, location, quantity } of lines) {
    const change = { onHand: () => `on_hand - ${quantity}`, reserved: () => `reserved - ${quantity}` };
    await manager.update(Level, { sku, location }, change);
  }
  const now = new Date();
  await manager.insert(
    Movement,
    lines.map(({ sku, location, quantity }) => {
      return { sku, location, kind: 'sale' as const, quantity: -quantity, reference: orderId, movedAt: now };
    }),
  );
  await manager.update(Reservation, orderId, { status: 'taken', changedAt: now });
}

export function announceAvailability(manager: EntityManager): Promise<Following[]> {
  return announcements(async (sql, values) => {
    const [rows] = await manager.query<[unknown[], number]>(sql, values);
    return rows;
  });
}
