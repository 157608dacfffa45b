import type { PaymentMethod } from '@retaguarda/contracts';
import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

/**
 * `requested`: intended, maybe sent. `pending`: the provider has it and waits for the customer. `unknown`: it was sent
 * and no answer came back; the provider is asked for it and it is never sent blindly again.
 */
export type ChargeState = 'requested' | 'pending' | 'paid' | 'refused' | 'unknown';

/** What may follow what. */
export const chargeSteps: Readonly<Record<ChargeState, readonly ChargeState[]>> = {
  requested: ['pending', 'paid', 'refused', 'unknown'],
  unknown: ['pending', 'paid', 'refused'],
  pending: ['paid', 'refused'],
  paid: [],
  // The customer paid after all, and the provider tells by a callback.
  refused: ['paid'],
};

/** A receivable that the payment provider is to collect: one charge for one receivable, whose id is its idempotency key. */
@Entity('charges')
@Index('charges_to_ask', ['nextAskAt'], { where: "state in ('pending', 'unknown')" })
@Check('charges_amount', 'amount > 0')
@Check('charges_state', "state in ('requested', 'pending', 'paid', 'refused', 'unknown')")
export class Charge {
  @PrimaryColumn('uuid', { name: 'receivable_id' })
  receivableId!: string;

  @Column('bigint')
  amount!: string;

  @Column('text')
  currency!: string;

  @Column('text')
  method!: PaymentMethod;

  @Column('int')
  installments!: number;

  @Column('text')
  state!: ChargeState;

  @Column('text', { name: 'provider_reference', nullable: true })
  providerReference!: string | null;

  @Column('timestamptz', { name: 'requested_at' })
  requestedAt!: Date;

  /** When the provider is asked again, while the charge is pending or unknown. */
  @Column('timestamptz', { name: 'next_ask_at' })
  nextAskAt!: Date;
}
