import { ConflictException, Injectable, UnprocessableEntityException } from '@nestjs/common';
import { OrderPacked, PackedLine, Optional, Parts } from '@retaguarda/contracts';
import type { Tx } from '@retaguarda/database';
import type { Handles } from '@retaguarda/messaging';
import { areSameContents, differences } from '../parcels/contents.js';
import { goodsIn, whatIsMissing } from './picking.js';
import type { LockedList } from './pick-lists.js';
import { linesOf, lockList, move, pack, sheetsOf, shortagesOf, stopped } from './pick-lists.js';

export class ParcelContents {
  @Parts(() => PackedLine, { min: 1 })
  lines!: PackedLine[];
}

/** How the goods were packed; left out: all in one parcel. */
export class PackingBody {
  @Optional()
  @Parts(() => ParcelContents, { max: 200 })
  parcels?: ParcelContents[];
}

export interface PackingOfList {
  readonly pickListId: string;
  readonly parcels?: readonly ParcelContents[];
}

/** Everything is picked and performed, and lies in its parcels. Services make no parcel. */
@Injectable()
export class PackOrder implements Handles<PackingOfList, OrderPacked> {
  async handle({ pickListId, parcels }: PackingOfList, tx: Tx): Promise<OrderPacked[]> {
    const contents = parcels?.map(({ lines }) => lines);
    const list = await lockList(tx, pickListId);
    if (list.status === 'stopped') throw stopped(list.stopReason, 'packed');
    if (list.status !== 'open' && list.status !== 'picking') return alreadyPacked(tx, list, contents);
    const lines = await linesOf(tx, list.id);
    const missing = whatIsMissing(lines, await shortagesOf(tx, list.id));
    if (missing !== undefined) throw new ConflictException(`The order cannot be packed: ${missing}.`);
    const goods = goodsIn(lines);
    if (contents) refuseUnlessExact(goods, contents);
    await move(tx, [list], 'packed');
    const packed = await pack(tx, [{ orderId: list.orderId, contents: contents ?? [goods] }]);
    const sheets = await sheetsOf(tx, [list.id]);
    const { orderId } = list;
    return [OrderPacked.of({ orderId, parcels: packed.get(orderId) ?? [], order: sheets.get(list.id)! })];
  }
}

function refuseUnlessExact(goods: readonly PackedLine[], contents: readonly PackedLine[][]): void {
  const wrong = differences(goods, contents);
  if (wrong.length === 0) return;
  throw new UnprocessableEntityException({
    message: `The parcels do not add up to what was picked: ${wrong.join(', ')}.`,
    errors: [{ field: 'parcels', problem: wrong.join(', ') }],
  });
}

async function alreadyPacked(tx: Tx, { orderId }: LockedList, contents?: readonly PackedLine[][]): Promise<[]> {
  if (!contents) return [];
  const parcels = await tx.query<{ lines: PackedLine[] }>('select lines from parcels where order_id = $1', [orderId]);
  const packed = parcels.map(({ lines }) => lines);
  if (!areSameContents(packed, contents)) throw new ConflictException('The order is already packed in other parcels.');
  return [];
}
