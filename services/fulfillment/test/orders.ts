import { CancellationRequested, InvoiceIssued, OrderSheet, StockReserved } from '@retaguarda/contracts';
import type { LineKind } from '@retaguarda/contracts';
import type { HttpAnswer, OfflineDepartment } from '@retaguarda/testing';

export const BAG = { sku: 'BAG', quantity: 1, kind: 'goods' as LineKind };
export const CUPS = { sku: 'CUP', quantity: 3, kind: 'goods' as LineKind };
export const WRAP = { sku: 'WRAP', quantity: 1, kind: 'service' as LineKind };

interface Wanted {
  readonly lines?: readonly { readonly sku: string; readonly quantity: number; readonly kind: LineKind }[];
  readonly method?: 'ship' | 'pickup';
}

/** The events that tell fulfillment about the order with this number. */
export function anOrder(number: number, { lines = [BAG, CUPS], method = 'ship' }: Wanted = {}) {
  const orderId = `019c9f4e-7a10-7c3e-9b52-${String(number).padStart(12, '0')}`;
  const sheet: OrderSheet = {
    ...OrderSheet.example,
    externalId: `LD-${number}`,
    delivery: method === 'ship' ? OrderSheet.example.delivery : { method },
    lines: lines.map((line, index) => ({
      ...line,
      line: index + 1,
      name: `name of ${line.sku}`,
      unitPrice: 100,
      discount: 0,
    })),
    shippingFee: 0,
    total: lines.reduce((sum, { quantity }) => sum + quantity * 100, 0),
  };
  const held = lines.filter(({ kind }) => kind === 'goods');
  return {
    orderId,
    reserved: StockReserved.of({
      orderId,
      lines: held.map(({ sku, quantity }) => ({ sku, quantity, location: 'main' })),
      order: sheet,
    }),
    invoiced: InvoiceIssued.of({ ...InvoiceIssued.example, orderId, order: sheet, total: sheet.total }),
    cancelled: CancellationRequested.of({ ...CancellationRequested.example, orderId }),
  };
}

export type AnOrder = ReturnType<typeof anOrder>;

/** What the door says of the order's pick list. */
export async function listOf(at: OfflineDepartment, { orderId }: { orderId: string }): Promise<HttpAnswer['body']> {
  const { body } = await at.http('GET', `/pick-lists?orderId=${orderId}`);
  return (await at.http('GET', `/pick-lists/${body.items[0].id}`)).body;
}

export async function open(at: OfflineDepartment, order: AnOrder) {
  await at.deliver('open-pick-list', order.reserved);
  return listOf(at, order);
}

/** Scans everything that an open list still wants. */
export async function pick(at: OfflineDepartment, order: AnOrder) {
  const { id, lines } = await listOf(at, order);
  for (const { sku: code, quantity, picked } of lines)
    if (picked < quantity) await at.http('POST', `/pick-lists/${id}/scans`, { code, quantity: quantity - picked });
  return listOf(at, order);
}

export async function pack(at: OfflineDepartment, order: AnOrder, body?: object) {
  await open(at, order);
  const { id } = await pick(at, order);
  return (await at.http('POST', `/pick-lists/${id}/pack`, body)).body;
}

export async function makeReady(at: OfflineDepartment, order: AnOrder, body?: object) {
  const list = await pack(at, order, body);
  await at.deliver('release-for-dispatch', order.invoiced);
  return list;
}

export async function ship(at: OfflineDepartment, order: AnOrder, body?: object) {
  const { parcels } = await makeReady(at, order, body);
  for (const { id } of parcels) await at.http('POST', `/parcels/${id}/dispatch`);
  return listOf(at, order);
}
