import { ConflictException, Injectable } from '@nestjs/common';
import { Code, Currency, Id, Instant, maxAmount, maxSum, Optional, Whole } from '@retaguarda/contracts';
import type { PaymentReceived } from '@retaguarda/contracts';
import type { Tx } from '@retaguarda/database';
import type { Handles } from '@retaguarda/messaging';
import { Matches, ValidateIf } from 'class-validator';
import { chargeSteps } from '../charges/charges.js';
import { receivePayments } from '../receivables/receivables.js';

/** A provider's word that it took money; the same reference counts once. */
export class PaymentTaken {
  @Matches(/^[a-z0-9][a-z0-9-]{0,59}$/, { message: 'must be 1 to 60 small letters, digits and hyphens' })
  provider!: string;

  /** The provider's own number of the payment. */
  @Code(200)
  reference!: string;

  /** What the payment is for; instead of it, `idempotencyKey`. */
  @ValidateIf(({ receivableId, idempotencyKey }: PaymentTaken) => !isThere(idempotencyKey) || isThere(receivableId))
  @Id()
  receivableId?: string;

  /** The key under which the charge was asked for: the receivable's id. */
  @Optional()
  @Code(120)
  idempotencyKey?: string;

  /** Minor units. */
  @Whole(1, maxSum + maxAmount)
  amount!: number;

  @Currency()
  currency!: string;

  @Instant()
  paidAt!: string;
}

function isThere(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/** Records a payment that a provider tells of. What cannot be matched is kept as unmatched, never refused. */
@Injectable()
export class TakePayment implements Handles<PaymentTaken, PaymentReceived> {
  async handle(taken: PaymentTaken, tx: Tx): Promise<PaymentReceived[]> {
    const { provider, reference, amount, currency, paidAt } = taken;
    const statedFor = (taken.receivableId ?? taken.idempotencyKey!).toLowerCase();
    const received = await receivePayments(tx, [{ provider, reference, statedFor, amount, currency, paidAt }]);
    await refuseOtherFacts(tx, { provider, reference, statedFor, amount, currency });
    for (const { receivableId, outstanding } of received)
      if (outstanding === 0) await chargePaid(tx, reference, receivableId);
    return received;
  }
}

type Facts = Pick<PaymentTaken, 'provider' | 'reference' | 'amount' | 'currency'> & { readonly statedFor: string };

async function refuseOtherFacts(tx: Tx, { provider, reference, ...facts }: Facts): Promise<void> {
  const [isSame] = await tx.query(
    `select 1 from payments
      where provider = $1 and reference = $2 and stated_for = $3 and amount = $4 and currency = $5`,
    [provider, reference, facts.statedFor, facts.amount, facts.currency],
  );
  if (!isSame) throw new ConflictException('This reference is recorded already, with another amount or receivable.');
}

/** A callback told that the money of a charge is there. */
async function chargePaid(tx: Tx, providerReference: string, receivableId: string): Promise<void> {
  await tx.query(
    `update charges set state = 'paid'
      where receivable_id = $1 and provider_reference = $2 and $3::jsonb -> state ? 'paid'`,
    [receivableId, providerReference, JSON.stringify(chargeSteps)],
  );
}
