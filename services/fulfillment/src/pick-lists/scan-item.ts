import { ConflictException, Injectable } from '@nestjs/common';
import { Code, Id, maxQuantity, Means, Optional, Whole } from '@retaguarda/contracts';
import type { Tx } from '@retaguarda/database';
import type { Handles } from '@retaguarda/messaging';
import type { Judgement } from './picking.js';
import { judge } from './picking.js';
import type { LockedList } from './pick-lists.js';
import { linesOf, lockList, move, refuseUnlessPicking } from './pick-lists.js';
import type { Verdict } from './scan.entity.js';

/** What the scanner read. */
export class ScanBody {
  @Code(60)
  code!: string;

  @Optional()
  @Whole(1, maxQuantity)
  quantity: number = 1;

  @Means("the scanner's own id of this scan; the same one counts once, however often it is sent")
  @Optional()
  @Id()
  scanId?: string;
}

export interface ScanAtList {
  readonly pickListId: string;
  readonly scanId: string;
  readonly code: string;
  readonly quantity: number;
}

/**
 * Holds a scan against the list and keeps its verdict. A refused scan changes nothing but is kept too, since mis-scans
 * are counted; so the refusal is committed here and told at the door.
 */
@Injectable()
export class ScanItem implements Handles<ScanAtList> {
  async handle(scan: ScanAtList, tx: Tx): Promise<void> {
    const list = await lockList(tx, scan.pickListId);
    if (await isKnown(tx, scan)) return;
    refuseUnlessPicking(list, 'picked');
    const judgement = judge(await linesOf(tx, list.id), scan.code, scan.quantity);
    await keep(tx, scan, judgement);
    if (judgement.verdict === 'picked') await pick(tx, list, judgement);
  }
}

async function isKnown(tx: Tx, { scanId, pickListId, code, quantity }: ScanAtList): Promise<boolean> {
  const [known] = await tx.query<{ isSame: boolean }>(
    `select (pick_list_id, code, quantity) = ($2::uuid, $3::text, $4::int) as "isSame" from scans where id = $1`,
    [scanId, pickListId, code, quantity],
  );
  if (known && !known.isSame) throw new ConflictException(`${scanId} was another scan; use a new scanId.`);
  return known !== undefined;
}

async function keep(tx: Tx, scan: ScanAtList, { verdict, wanted }: Judgement): Promise<void> {
  await tx.query(
    `insert into scans (id, pick_list_id, code, quantity, wanted, verdict, scanned_at)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [scan.scanId, scan.pickListId, scan.code, scan.quantity, wanted, verdict, tx.now],
  );
}

async function pick(tx: Tx, list: LockedList, { picks }: Judgement): Promise<void> {
  await tx.query(
    `update pick_list_lines l set picked = l.picked + p.quantity
       from unnest($2::int[], $3::int[]) as p(position, quantity)
      where l.pick_list_id = $1 and l.position = p.position`,
    [list.id, picks.map(({ position }) => position), picks.map(({ quantity }) => quantity)],
  );
  if (list.status === 'open') await move(tx, [list], 'picking');
}

/** What the door tells of a scan that was refused; undefined for one that counts. */
export function refusalOf(code: string, verdict: Verdict, wanted: number): ConflictException | undefined {
  if (verdict === 'picked') return undefined;
  if (verdict === 'wrong-item')
    return new ConflictException({
      message: `${code} is not on this pick list. Nothing was picked.`,
      errors: [{ field: 'code', problem: 'is not on this pick list' }],
    });
  return new ConflictException({
    message: `The list wants ${wanted === 0 ? 'no' : `only ${wanted}`} more of ${code}. Nothing was picked.`,
    errors: [{ field: 'quantity', problem: `must not be more than ${wanted}` }],
  });
}
