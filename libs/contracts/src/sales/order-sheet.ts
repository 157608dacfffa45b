import { Amount, Channel, Code, Currency, Instant, Means, Optional, Part, Parts, Text, Total } from '../rules.js';
import { Customer } from './customer.js';
import { Delivery } from './delivery.js';
import { OrderLine } from './order-line.js';
import { Payment } from './payment.js';
import { ExactSum, TotalOfLines } from './sums.js';

/** The order as sales accepted it; it travels along with the events, so that no department has to ask another. */
export class OrderSheet {
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

  @ExactSum()
  @Parts(() => OrderLine, { min: 1 })
  lines!: OrderLine[];

  @Means('minor units')
  @Amount()
  shippingFee!: number;

  @Part(() => Payment)
  payment!: Payment;

  @Means('Σ(quantity × unitPrice − discount) + shippingFee, minor units')
  @TotalOfLines()
  @Total()
  total!: number;

  @Optional()
  @Text(2000)
  notes?: string;

  static readonly example: OrderSheet = {
    channel: 'loja-demo',
    externalId: 'LD-1042',
    placedAt: '2026-03-02T10:15:30-03:00',
    currency: 'BRL',
    customer: {
      name: 'Joana Exemplo',
      document: '52998224725',
      email: 'joana@example.com',
      phone: '+55 11 5550-0142',
    },
    delivery: {
      method: 'ship',
      address: {
        street: 'Rua das Amostras',
        number: '120',
        complement: 'Apto 31',
        district: 'Centro',
        city: 'São Paulo',
        state: 'SP',
        postalCode: '01000-000',
        country: 'BR',
      },
    },
    lines: [
      {
        line: 1,
        sku: '85123A',
        name: 'Suporte de vela em coração',
        quantity: 6,
        unitPrice: 2550,
        discount: 300,
        kind: 'goods',
      },
      {
        line: 2,
        sku: '71053',
        name: 'Lanterna de metal branca',
        quantity: 2,
        unitPrice: 3390,
        discount: 0,
        kind: 'goods',
      },
      {
        line: 3,
        sku: 'GIFT-WRAP',
        name: 'Embrulho para presente',
        quantity: 1,
        unitPrice: 500,
        discount: 0,
        kind: 'service',
      },
    ],
    shippingFee: 1490,
    payment: { terms: 'on-invoice', method: 'pix', reference: 'PX-7731' },
    total: 23770,
    notes: 'Entregar na portaria',
  };
}

/** The sheet alone, of an event that carries it flat. */
export function sheetOf(order: OrderSheet): OrderSheet {
  const { channel, externalId, placedAt, currency, customer, delivery, lines, shippingFee, payment, total, notes } =
    order;
  const sheet = { channel, externalId, placedAt, currency, customer, delivery, lines, shippingFee, payment, total };
  return Object.assign(new OrderSheet(), sheet, notes === undefined ? {} : { notes });
}
