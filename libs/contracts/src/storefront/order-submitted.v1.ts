import { Event } from '../event.js';
import { Amount, Channel, Code, Currency, Instant, Means, Optional, Part, Parts, Text } from '../rules.js';
import { Customer } from '../sales/customer.js';
import { Delivery } from '../sales/delivery.js';
import { OrderSheet } from '../sales/order-sheet.js';
import { Payment } from '../sales/payment.js';
import { ExactSum } from '../sales/sums.js';
import { LinesWithinSize } from './lines-size.js';
import { SubmittedLine } from './submitted-line.js';

const about = { summary: 'A customer ordered in a sales channel.', subject: 'externalId' } as const;

export class OrderSubmitted extends Event('storefront.order-submitted.v1', about) {
  @Channel()
  channel!: string;

  @Means("the channel's own number of the order; unique within the channel")
  @Code(120)
  externalId!: string;

  @Instant()
  placedAt!: string;

  @Currency()
  currency!: string;

  @Part(() => Customer)
  customer!: Customer;

  @Part(() => Delivery)
  delivery!: Delivery;

  @LinesWithinSize()
  @ExactSum()
  @Parts(() => SubmittedLine, { min: 1 })
  lines!: SubmittedLine[];

  @Means('minor units')
  @Optional()
  @Amount()
  shippingFee: number = 0;

  @Part(() => Payment)
  payment!: Payment;

  @Optional()
  @Text(2000)
  notes?: string;

  static readonly example = OrderSubmitted.of({
    channel: OrderSheet.example.channel,
    externalId: OrderSheet.example.externalId,
    placedAt: OrderSheet.example.placedAt,
    currency: OrderSheet.example.currency,
    customer: OrderSheet.example.customer,
    delivery: OrderSheet.example.delivery,
    lines: OrderSheet.example.lines.map(({ line: _, ...submitted }) => submitted),
    shippingFee: OrderSheet.example.shippingFee,
    payment: OrderSheet.example.payment,
    notes: OrderSheet.example.notes,
  });
}
