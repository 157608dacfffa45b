import { ConflictException, Injectable, UnprocessableEntityException } from '@nestjs/common';
import { Code, Optional, Parts, Whole } from '@retaguarda/contracts';
import type { Tx } from '@retaguarda/database';
import type { Handles } from '@retaguarda/messaging';
import { MAIN_LOCATION } from './level.entity.js';
import { changeLevels, recordMovements } from './shelf.js';

export class CountedLine {
  @Code(60)
  sku!: string;

  /** What is really there. */
  @Whole(0, 1_000_000_000)
  quantity!: number;
}

/** The result of counting a shelf: levels become what was counted; the same reference counts once. */
export class Count {
  /** The count's own number; kept in the ledger. */
  @Code(120)
  reference!: string;

  @Optional()
  @Code(60)
  location?: string;

  @Parts(() => CountedLine, { min: 1 })
  lines!: CountedLine[];
}

interface Counted {
  sku: string;
  on_hand: number;
  reserved: number;
}

@Injectable()
export class CountShelf implements Handles<Count> {
  async handle({ reference, location = MAIN_LOCATION, lines }: Count, tx: Tx): Promise<void> {
    refuseTwice(lines);
    // First of all: the same count sent twice at once waits here for the other, and finds it done.
    if (!(await isNew(tx, reference, location, lines))) return;
    const counted = new Map(lines.map(({ sku, quantity }) => [sku, quantity]));
    const levels = await tx.query<Counted>(
      'select sku, on_hand, reserved from levels where sku = any($1::text[]) and location = $2 order by sku for update',
      [[...counted.keys()], location],
    );
    refuseUnknown(counted, levels, location);
    refusePromised(counted, levels, location);
    const differences = levels
      .map(({ sku, on_hand: onHand }) => ({ sku, location, quantity: counted.get(sku)! - onHand, reference }))
      .filter(({ quantity }) => quantity !== 0);
    await changeLevels(
      tx,
      differences.map(({ sku, quantity }) => ({ sku, location, onHand: quantity, reserved: 0 })),
    );
    await recordMovements(tx, 'count', differences);
  }
}

/** Two answers for one item leave it open which of them is the truth. */
function refuseTwice(lines: readonly CountedLine[]): void {
  const skus = lines.map(({ sku }) => sku);
  const twice = new Set(skus.filter((sku, index) => skus.indexOf(sku) !== index));
  if (twice.size > 0)
    throw new UnprocessableEntityException(`Counted more than once: ${[...twice].join(', ')}; one line for each item.`);
}

/** A count that is refused afterwards takes its reference back with it. */
async function isNew(tx: Tx, reference: string, location: string, lines: readonly CountedLine[]): Promise<boolean> {
  const counted = JSON.stringify(lines.map(({ sku, quantity }) => ({ sku, quantity })));
  const [first] = await tx.query(
    `insert into counts (reference, location, lines, counted_at) values ($1, $2, $3, $4)
     on conflict do nothing returning 1`,
    [reference, location, counted, tx.now],
  );
  if (first) return true;
  const [isSame] = await tx.query('select 1 from counts where reference = $1 and location = $2 and lines = $3::jsonb', [
    reference,
    location,
    counted,
  ]);
  if (!isSame) throw new ConflictException(`${reference} was already counted with other results; use a new reference.`);
  return false;
}

function refuseUnknown(counted: ReadonlyMap<string, number>, levels: readonly Counted[], location: string): void {
  const known = new Set(levels.map(({ sku }) => sku));
  const unknown = [...counted.keys()].filter((sku) => !known.has(sku));
  if (unknown.length > 0)
    throw new ConflictException(`Nothing was ever received of ${unknown.join(', ')} at ${location}; receive it first.`);
}

/** What is promised to orders cannot be counted away; those orders have to be decided on first. */
function refusePromised(counted: ReadonlyMap<string, number>, levels: readonly Counted[], location: string): void {
  const short = levels.filter(({ sku, reserved }) => counted.get(sku)! < reserved);
  if (short.length === 0) return;
  const what = short
    .map(({ sku, reserved }) => `${sku} (${counted.get(sku)} counted, ${reserved} reserved)`)
    .join(', ');
  throw new ConflictException(`Fewer than orders hold at ${location}: ${what}. Cancel or finish orders first.`);
}
