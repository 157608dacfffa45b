import { Means, OneOf, Optional, Text, Whole } from '../rules.js';

export type PaymentTerms = 'prepaid' | 'in-advance' | 'on-invoice';
export type PaymentMethod = 'pix' | 'boleto' | 'card' | 'other';

export const paymentTerms: readonly PaymentTerms[] = ['prepaid', 'in-advance', 'on-invoice'];
export const paymentMethods: readonly PaymentMethod[] = ['pix', 'boleto', 'card', 'other'];

/** What a provider can collect. What is paid in another way, no provider can. */
export type ChargedMethod = Exclude<PaymentMethod, 'other'>;
export const chargedMethods: readonly ChargedMethod[] = ['pix', 'boleto', 'card'];

/** How and when the customer pays. */
export class Payment {
  @OneOf(paymentTerms)
  terms!: PaymentTerms;

  @OneOf(paymentMethods)
  method!: PaymentMethod;

  @Optional()
  @Whole(1, 48)
  installments?: number;

  @Means("the payment provider's or the storefront's own number of the payment")
  @Optional()
  @Text(200)
  reference?: string;
}
