import { ConflictException, Injectable } from '@nestjs/common';
import { Code, OneOf, Optional, QuantityOfOrder, Text } from '@retaguarda/contracts';
import type { Tx } from '@retaguarda/database';
import type { Handles } from '@retaguarda/messaging';
import type { PickedLine, ReportedShortage } from './picking.js';
import { missingIn } from './picking.js';
import { linesOf, lockList, refuseUnlessPicking, shortagesOf } from './pick-lists.js';
import type { ShortageReason } from './shortage.entity.js';
import { shortageReasons } from './shortage.entity.js';

/** Pieces that cannot be picked. Reported again with the same reason, the new quantity counts. */
export class ShortageBody {
  @Code(60)
  sku!: string;

  @QuantityOfOrder()
  quantity!: number;

  @OneOf(shortageReasons)
  reason!: ShortageReason;

  @Optional()
  @Text(500)
  note?: string;
}

export interface ShortageAtList extends ShortageBody {
  readonly pickListId: string;
}

/** Keeps that pieces are short. The list cannot be packed until they were scanned after all. */
@Injectable()
export class ReportShortage implements Handles<ShortageAtList> {
  async handle(shortage: ShortageAtList, tx: Tx): Promise<void> {
    const list = await lockList(tx, shortage.pickListId);
    refuseUnlessPicking(list, 'reported short');
    const { sku, reason } = shortage;
    const lines = (await linesOf(tx, list.id)).filter((line) => line.sku === sku);
    const others = (await shortagesOf(tx, list.id)).filter((other) => other.sku === sku && other.reason !== reason);
    refuseUnlessMissing(shortage, lines, others);
    await tx.query(
      `insert into shortages (pick_list_id, sku, reason, quantity, note, reported_at) values ($1, $2, $3, $4, $5, $6)
       on conflict (pick_list_id, sku, reason) do update
          set quantity = excluded.quantity, note = excluded.note, reported_at = excluded.reported_at`,
      [list.id, sku, reason, shortage.quantity, shortage.note ?? null, tx.now],
    );
  }
}

function refuseUnlessMissing(
  { sku, quantity }: ShortageBody,
  lines: readonly PickedLine[],
  others: readonly ReportedShortage[],
): void {
  const [first] = lines;
  if (!first) throw refusal('sku', `${sku} is not on this pick list.`);
  if (first.kind === 'service') throw refusal('sku', `${sku} is a service; it has no shelf to be missing from.`);
  const missing = missingIn(lines);
  if (missing === 0) throw refusal('sku', `All of ${sku} is picked already.`);
  const most = missing - others.reduce((sum, other) => sum + other.quantity, 0);
  if (quantity > most)
    throw refusal(
      'quantity',
      `${missing} of ${sku} are still to be picked, so at most ${Math.max(0, most)} can be short.`,
    );
}

function refusal(field: string, message: string): ConflictException {
  return new ConflictException({ message, errors: [{ field, problem: message }] });
}
