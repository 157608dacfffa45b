import type { OrderFacts } from '../order-facts.js';
import type { SalesFacts } from '../sales.facts.js';
import { rulesOf } from './check.js';

/** What the departments know about one order may differ in time, never in content. */
const consistency = rulesOf<OrderFacts>('P5', {
  'work-has-order': {
    sentence: 'Every reservation, pick list and invoice belongs to an order that sales knows.',
    advice: 'Was the database of sales set back? Restore it further on, or cancel what was done for the order.',
    isBrokenBy: ({ sales, stock, fulfillment, invoicing }) => !sales && Boolean(stock ?? fulfillment ?? invoicing),
  },
  'receivable-has-order': {
    sentence: 'Every receivable belongs to an order that sales knows, and to its invoice.',
    advice: 'Find out which invoice the customer has; void the receivable or restore the database that lacks it.',
    isBrokenBy: ({ sales, invoicing, billing }) =>
      Boolean(billing) && (!sales || invoicing?.invoiceId !== billing!.invoiceId),
  },
  'picked-when-reserved': {
    sentence: 'Nothing is picked unless stock reserved it, nor leaves when stock has it back.',
    advice: 'Stop the pick list, or restore the database of stock: goods may leave that another order counts on.',
    isBrokenBy: ({ stock, fulfillment }) =>
      fulfillment !== undefined &&
      (((fulfillment.status !== 'stopped' || fulfillment.packedAt !== null) &&
        (!stock || stock.status === 'rejected')) ||
        (fulfillment.status !== 'stopped' && ['released', 'returned'].includes(stock?.status ?? ''))),
  },
  'invoiced-when-packed': {
    sentence: 'Nothing is invoiced unless it is packed.',
    advice: 'Look into the parcel; cancel the invoice if there is none.',
    isBrokenBy: ({ fulfillment, invoicing }) => invoicing !== undefined && !fulfillment?.packedAt,
  },
  'shipped-with-invoice': {
    sentence: 'Nothing leaves without its invoice.',
    advice: 'Issue the invoice at once, or call the parcel back: in Brazil the nota fiscal travels with the goods.',
    isBrokenBy: ({ fulfillment, invoicing }) => Boolean(fulfillment?.leftAt) && invoicing?.status !== 'issued',
  },
  'invoice-as-issued': {
    sentence: 'The invoice that fulfillment has for the goods is the one that was issued, under the same number.',
    advice: 'Invoicing issued it anew, or somebody changed it: find out which one the customer has.',
    isBrokenBy: ({ fulfillment, invoicing }) =>
      fulfillment !== undefined &&
      invoicing !== undefined &&
      fulfillment.document !== null &&
      fulfillment.document !== invoicing.document,
  },
  'shipped-whole': {
    sentence: 'An order counts as shipped when all its parcels have left, and not before.',
    advice: 'Look for the parcel on the bench and dispatch it.',
    isBrokenBy: ({ fulfillment }) => fulfillment?.status === 'shipped' && fulfillment.parcelsHere > 0,
  },
  'goods-as-ordered': {
    sentence: 'What was ordered is what is reserved, packed and invoiced.',
    advice: 'Compare the order with its reservation, parcels and invoice; correct the one that differs.',
    isBrokenBy: ({ sales, stock, fulfillment, invoicing }) => {
      const elsewhere = [
        stock && ['reserved', 'taken', 'returned'].includes(stock.status) ? stock.goods : undefined,
        fulfillment?.packedAt ? fulfillment.goods : undefined,
        invoicing?.goods,
      ];
      return sales !== undefined && elsewhere.some((goods) => goods !== undefined && goods !== sales.goods);
    },
  },
  'sales-tells-the-truth': {
    sentence: 'What sales says of an order has happened.',
    advice: 'Was the database of a department set back? Its messages are in the broker’s past: restore it further on.',
    isBrokenBy: ({ sales, stock, fulfillment, invoicing, billing }) =>
      sales !== undefined &&
      ((sales.reservedAt !== null && (!stock || stock.status === 'rejected')) ||
        (isRejectedByStock(sales) && !stock) ||
        (sales.packedAt !== null && !fulfillment?.packedAt) ||
        (sales.invoicedAt !== null && !invoicing) ||
        (sales.shippedAt !== null && fulfillment?.status !== 'shipped') ||
        (sales.paidAt !== null && (!billing || billing.status === 'open'))),
  },
});

/** What sales rejects by itself it rejects when it places it. */
function isRejectedByStock({ placedAt, rejectedAt }: SalesFacts): boolean {
  return rejectedAt !== null && rejectedAt > placedAt;
}

const endings = rulesOf<OrderFacts>('P4', {
  'rejected-holds-nothing': {
    sentence: 'A rejected order holds no stock and has no pick list, invoice or receivable.',
    advice: 'Undo what was done for it: release the reservation, cancel the invoice.',
    isBrokenBy: ({ sales, stock, fulfillment, invoicing, billing }) =>
      sales?.rejectedAt != null &&
      (['reserved', 'taken'].includes(stock?.status ?? '') ||
        (fulfillment !== undefined && fulfillment.status !== 'stopped') ||
        Boolean(invoicing ?? billing)),
  },
  'cancelled-stays-here': {
    sentence: 'Nothing of a cancelled order has left.',
    advice: 'Call the parcel back, or agree on a return with the customer.',
    isBrokenBy: ({ sales, fulfillment }) => sales?.cancelledAt != null && fulfillment?.leftAt != null,
  },
  'completed-is-shipped-and-paid': {
    sentence: 'An order is completed exactly when it is shipped and paid.',
    advice: 'Look at the order’s timeline: one of the two did not happen, or was taken back.',
    isBrokenBy: ({ sales, fulfillment, billing }) => {
      if (!sales) return false;
      if (sales.completedAt !== null) return fulfillment?.status !== 'shipped' || billing?.status !== 'paid';
      return sales.shippedAt !== null && sales.paidAt !== null && (sales.rejectedAt ?? sales.cancelledAt) === null;
    },
  },
});

const deadlines = rulesOf<OrderFacts>('P2', {
  'invoiced-is-shipped-in-time': {
    sentence: 'What is invoiced leaves before the deadline (--deadline).',
    advice: 'Dispatch the parcel, or cancel the order while its invoice may still be cancelled.',
    isBrokenBy: ({ sales, fulfillment, invoicing }, { now, deadlineMs }) =>
      invoicing?.status === 'issued' &&
      fulfillment?.status !== 'shipped' &&
      sales?.cancelledAt == null &&
      now - invoicing.issuedAt > deadlineMs,
  },
});

export const lineRules = [...consistency, ...endings, ...deadlines];
