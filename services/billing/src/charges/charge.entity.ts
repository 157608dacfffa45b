import type { PaymentMethod } from '@retaguarda/contracts';
import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { ChargeState } from './charges.js';

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

  /** On the database's clock, like the next time: the clocks of processes may be off. */
  @Column('timestamptz', { name: 'waiting_since', default: () => 'now()' })
  waitingSince!: Date;

  /** When the provider is asked again, while the charge is pending or unknown. */
  @Column('timestamptz', { name: 'next_ask_at' })
  nextAskAt!: Date;
}
