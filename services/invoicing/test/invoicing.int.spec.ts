import { jest } from '@jest/globals';
import { InvoiceCancelled, InvoiceIssued, OrderCancelled, OrderPacked, OrderSheet } from '@retaguarda/contracts';
import { databaseFailure, Tx } from '@retaguarda/database';
import { messageOf, OfflineDepartment } from '@retaguarda/testing';
import { invoicing } from '../src/invoicing.module.js';
import { orderIdOf, packed, realOrders } from './invoiced-orders.js';

const cancelled = (name: string | number, wasPacked = true) =>
  OrderCancelled.of({ ...OrderCancelled.example, orderId: orderIdOf(name), externalId: String(name), wasPacked });

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);

describe('invoicing', () => {
  let at: OfflineDepartment;
  beforeAll(async () => {
    at = await OfflineDepartment.open(invoicing);
  });
  afterAll(() => at.close());
  beforeEach(() => at.reset());
  afterEach(() => jest.restoreAllMocks());

  /** What the events said, what the documents say and what the series says, in one breath. */
  async function numbers() {
    const rows = (await at.source.query('select number, status from invoices order by number')) as {
      number: number;
      status: string;
    }[];
    const { body } = await at.http('GET', '/series');
    return { given: rows.map(({ number }) => number), series: body.items[0] };
  }

  const oneTo = (count: number) => ({
    given: upTo(count).map((index) => index + 1),
    series: { code: '1', nextNumber: count + 1, count, gaps: [] },
  });

  describe('issuing', () => {
    it('gives the next numbers in the order of arrival and tells the whole sheet', async () => {
      await at.deliver('issue-invoice', packed('first'), packed('second'));
      await at.deliver('issue-invoice', packed('third'));
      const issued = await at.sentOf(InvoiceIssued);
      expect(issued.map(({ orderId, series, number }) => [orderId, series, number])).toEqual([
        [orderIdOf('first'), '1', 1],
        [orderIdOf('second'), '1', 2],
        [orderIdOf('third'), '1', 3],
      ]);
      expect(issued[0]).toMatchObject({
        total: 23_770,
        currency: 'BRL',
        issuedAt: at.clock.now().toISOString(),
        order: { ...OrderSheet.example, externalId: 'first' },
      });
      expect(issued[0]).not.toHaveProperty('accessKey');
    });

    it('invoices orders of a real shop with the totals that sales accepted', async () => {
      const orders = realOrders();
      await at.deliver('issue-invoice', ...orders.map((order) => packed(order.externalId, order)));
      const issued = await at.sentOf(InvoiceIssued);
      expect(issued.map(({ total }) => total)).toEqual(orders.map(({ total }) => total));
      expect(issued.map(({ total }) => total)).toEqual([139_12, 22_20, 855_86, 3193_92, 192_60, 357_95]);
      expect(await numbers()).toEqual(oneTo(6));
    });

    it('invoices an order of services only, an order of a thousand lines, and a gift of no price', async () => {
      const [line] = OrderSheet.example.lines;
      const service = { ...line!, kind: 'service' as const };
      const long = upTo(1000).map((index) => ({ ...line!, line: index + 1, sku: `S${index}` }));
      await at.deliver(
        'issue-invoice',
        packed('services', { lines: [service], delivery: { method: 'pickup' } }),
        packed('long', { lines: long }),
        packed('gift', { lines: [{ ...line!, discount: 15_300 }], shippingFee: 0 }),
      );
      expect((await at.sentOf(InvoiceIssued)).map(({ total }) => total)).toEqual([16_490, 15_001_490, 0]);
    });

    it('has one invoice for an order that is announced twice with other facts: the first counts', async () => {
      await at.deliver('issue-invoice', packed('twice'), packed('twice', { shippingFee: 9_999 }));
      await at.deliver('issue-invoice', packed('twice', { shippingFee: 1 }));
      expect((await at.sentOf(InvoiceIssued)).map(({ total }) => total)).toEqual([23_770]);
      expect(await numbers()).toEqual(oneTo(1));
    });

    it('opens a series that nobody has opened', async () => {
      await at.source.query('delete from series');
      await at.deliver('issue-invoice', packed('first'));
      expect(await numbers()).toEqual(oneTo(1));
    });

    it('takes as many statements for 200 orders as for two', async () => {
      const statements = async (orders: OrderPacked[]) => {
        const query = jest.spyOn(Tx.prototype, 'query');
        await at.deliver('issue-invoice', ...orders);
        const count = query.mock.calls.length;
        query.mockRestore();
        return count;
      };
      const forTwo = await statements(upTo(2).map((index) => packed(`two ${index}`)));
      const forMany = await statements(upTo(200).map((index) => packed(`many ${index}`)));
      expect(forMany).toBe(forTwo);
      expect(await numbers()).toEqual(oneTo(202));
    });
  });

  describe('a series', () => {
    it('has no gap and no repeat when twenty batches race and some of them are rolled back after taking numbers', async () => {
      await at.source.query(
        `alter table invoices add constraint refused_by_the_test check (external_id not like 'refused%')`,
      );
      try {
        await Promise.all(
          upTo(20).map((batch) =>
            at.deliver(
              'issue-invoice',
              ...upTo(9).map((index) => packed(`batch ${batch} order ${index}`)),
              packed(batch % 2 === 0 ? `refused ${batch}` : `batch ${batch} last`),
            ),
          ),
        );
        expect(await numbers()).toEqual(oneTo(190));
        expect(await at.deferred()).toHaveLength(10);
      } finally {
        await at.source.query('alter table invoices drop constraint refused_by_the_test');
      }
      await at.retryDeferred();
      expect(await numbers()).toEqual(oneTo(200));
      const said = (await at.sentOf(InvoiceIssued)).map(({ number }) => number);
      expect(said.sort((one, other) => one - other)).toEqual(oneTo(200).given);
    });

    it('gives one number to an order that comes in many messages at the same time, and no batch breaks another', async () => {
      const query = jest.spyOn(Tx.prototype, 'query');
      const orders = upTo(20).map((index) => packed(`order ${index}`));
      await Promise.all(
        upTo(10).map((copy) => {
          const from = copy * 2;
          const turned = [...orders.slice(from), ...orders.slice(0, from)];
          return at.deliver('issue-invoice', ...turned.map((order) => messageOf(order, { id: `copy ${copy}` })));
        }),
      );
      expect(await numbers()).toEqual(oneTo(20));
      expect(await at.sentOf(InvoiceIssued)).toHaveLength(20);
      expect(await at.deferred()).toEqual([]);
      const statements = await Promise.allSettled(query.mock.results.map(({ value }) => value));
      // Nine batches wait for the row of the first: that may be long on a busy machine, and is tried again.
      const isBroken = (one: PromiseSettledResult<unknown>) =>
        one.status === 'rejected' && databaseFailure(one.reason) !== 'locked';
      expect(statements.filter(isBroken)).toEqual([]);
    });

    it('does not touch its row for orders that are already invoiced', async () => {
      const orders = upTo(3).map((index) => packed(index));
      await at.deliver('issue-invoice', ...orders);
      const query = jest.spyOn(Tx.prototype, 'query');
      await at.deliver('issue-invoice', ...orders.map((order) => messageOf(order, { id: 'again' })));
      expect(query.mock.calls.filter(([sql]) => sql.includes('series'))).toEqual([]);
    });

    it('shows a document that somebody has deleted as a gap, at the start, in the middle and at the end', async () => {
      await at.deliver('issue-invoice', ...upTo(7).map((index) => packed(index)));
      await at.source.query('delete from invoices where number in (1, 4, 5, 7)');
      expect((await numbers()).series).toEqual({
        code: '1',
        nextNumber: 8,
        count: 3,
        gaps: [
          { from: 1, to: 1 },
          { from: 4, to: 5 },
          { from: 7, to: 7 },
        ],
      });
    });
  });

  describe('cancelling', () => {
    it('keeps number and document, says so once, and the next invoice has the next number', async () => {
      await at.deliver('issue-invoice', packed('regretted'));
      at.clock.advance(60_000);
      await at.deliver('cancel-invoice', cancelled('regretted'));
      await at.deliver('issue-invoice', packed('next'));
      expect(await numbers()).toEqual(oneTo(2));
      const [issued] = await at.sentOf(InvoiceIssued);
      expect(await at.sentOf(InvoiceCancelled)).toEqual([
        {
          orderId: orderIdOf('regretted'),
          invoiceId: issued!.invoiceId,
          series: '1',
          number: 1,
          total: 23_770,
          currency: 'BRL',
          reason: 'Comprei por engano',
        },
      ]);
      expect((await at.http('GET', `/invoices/${issued!.invoiceId}`)).body).toMatchObject({
        status: 'cancelled',
        cancelledAt: at.clock.now().toISOString(),
        cancellationReason: 'Comprei por engano',
        total: 23_770,
      });
    });

    it('does nothing for an order that was never packed: no invoice will come', async () => {
      await at.deliver('cancel-invoice', cancelled('never packed', false));
      expect(await at.deferred()).toEqual([]);
      expect(await at.sent()).toEqual([]);
    });

    it('waits for an invoice that is on its way; it is issued and then cancelled', async () => {
      await at.deliver('issue-invoice', packed('other'));
      await at.deliver('cancel-invoice', cancelled('other'), cancelled('late'), cancelled('stopped', false));
      expect(await at.deferred()).toEqual([
        expect.objectContaining({ reason: 'the invoice of the order is not issued yet' }),
      ]);
      expect(await at.sentOf(InvoiceCancelled)).toMatchObject([{ orderId: orderIdOf('other') }]);
      await at.deliver('issue-invoice', packed('late'));
      await at.retryDeferred();
      expect(await at.deferred()).toEqual([]);
      expect((await at.sent()).filter(({ data }) => data['orderId'] === orderIdOf('late'))).toMatchObject([
        { type: InvoiceIssued.type },
        { type: InvoiceCancelled.type },
      ]);
      expect(await numbers()).toEqual(oneTo(2));
    });

    it('happens once when many cancel the same orders at the same time, in different orders', async () => {
      await at.deliver('issue-invoice', ...upTo(20).map((index) => packed(index)));
      await Promise.all(
        upTo(8).map((copy) => {
          const names = copy % 2 === 0 ? upTo(20) : upTo(20).reverse();
          const messages = names.map((name) => messageOf(cancelled(name), { id: `copy ${copy}` }));
          return at.deliver('cancel-invoice', ...messages);
        }),
      );
      expect(await at.sentOf(InvoiceCancelled)).toHaveLength(20);
      expect(await at.deferred()).toEqual([]);
    });

    it('ends with every packed order cancelled when issue and cancellation race', async () => {
      await Promise.all(
        upTo(10).flatMap((batch) => {
          const names = upTo(5).map((index) => `batch ${batch} order ${index}`);
          return [
            at.deliver('cancel-invoice', ...names.map((name) => cancelled(name))),
            at.deliver('issue-invoice', ...names.map((name) => packed(name))),
          ];
        }),
      );
      await at.retryDeferred();
      expect(await at.sentOf(InvoiceCancelled)).toHaveLength(50);
      expect(await at.source.query('select distinct status from invoices')).toEqual([{ status: 'cancelled' }]);
      expect(await numbers()).toEqual(oneTo(50));
    });
  });

  describe('the table refuses, whoever writes,', () => {
    it.each([
      ['another total than that of its lines and fee', 'total = total + 1', 'invoices_total'],
      ['another shipping fee', 'shipping_fee = 0', 'invoices_total'],
      ['a line that does not add up', `lines = jsonb_set(lines, '{0,discount}', '0')`, 'invoices_total'],
      ['a line without a price', `lines = lines #- '{0,unitPrice}'`, 'invoices_total'],
      ['an invoice without lines', `lines = '[]', total = shipping_fee`, 'invoices_total'],
      ['a status that there is not', `status = 'draft'`, 'invoices_status'],
      ['a cancellation without time and reason', `status = 'cancelled'`, 'invoices_cancellation'],
      ['a number outside the range of documents', 'number = 0', 'invoices_number_range'],
      ['a number that another invoice has', 'number = 2 where number = 1', 'invoices_number'],
    ])('%s', async (_, change, constraint) => {
      await at.deliver('issue-invoice', packed('first'), packed('second'));
      await expect(at.source.query(`update invoices set ${change}`)).rejects.toThrow(constraint);
    });
  });

  describe('the HTTP door', () => {
    it('shows the whole document', async () => {
      await at.deliver('issue-invoice', packed('LD-1042'));
      const [{ invoiceId } = { invoiceId: '' }] = await at.sentOf(InvoiceIssued);
      const { status, body } = await at.http('GET', `/invoices/${invoiceId}`);
      expect(status).toBe(200);
      expect(body).toEqual({
        id: invoiceId,
        orderId: orderIdOf('LD-1042'),
        channel: 'loja-demo',
        externalId: 'LD-1042',
        series: '1',
        number: 1,
        status: 'issued',
        currency: 'BRL',
        customer: OrderSheet.example.customer,
        lines: [
          { ...OrderSheet.example.lines[0], total: 15_000 },
          { ...OrderSheet.example.lines[1], total: 6_780 },
          { ...OrderSheet.example.lines[2], total: 500 },
        ],
        shippingFee: 1_490,
        total: 23_770,
        issuedAt: at.clock.now().toISOString(),
        cancelledAt: null,
        cancellationReason: null,
      });
    });

    it('lists without personal data, newest first, page by page, and finds the invoice of an order', async () => {
      await at.deliver('issue-invoice', ...upTo(5).map((index) => packed(index)));
      await at.deliver('cancel-invoice', cancelled(4));
      const first = await at.http('GET', '/invoices?limit=3');
      const second = await at.http('GET', `/invoices?limit=3&cursor=${first.body.next}`);
      const listed = [...first.body.items, ...second.body.items];
      expect(listed.map(({ number }) => number)).toEqual([5, 4, 3, 2, 1]);
      expect(second.body).not.toHaveProperty('next');
      expect(listed[0]).toMatchObject({ status: 'cancelled', total: 23_770, cancelledAt: expect.any(String) });
      const { name, document, email, phone } = OrderSheet.example.customer;
      for (const personal of [name, document, email, phone, 'Comprei por engano'])
        expect(JSON.stringify(listed)).not.toContain(personal);
      const ofOrder = await at.http('GET', `/invoices?orderId=${orderIdOf(2)}`);
      expect(ofOrder.body).toEqual({ items: [expect.objectContaining({ number: 3, orderId: orderIdOf(2) })] });
      expect((await at.http('GET', `/invoices?orderId=${orderIdOf('nobody')}`)).body).toEqual({ items: [] });
    });

    it('says that a generic document has no file, and where its facts are', async () => {
      await at.deliver('issue-invoice', packed('first'));
      const [{ invoiceId } = { invoiceId: '' }] = await at.sentOf(InvoiceIssued);
      for (const format of ['xml', 'pdf']) {
        const { status, headers, body } = await at.http('GET', `/invoices/${invoiceId}/${format}`);
        expect(status).toBe(404);
        expect(headers.get('content-type')).toContain('application/problem+json');
        expect(body.detail).toBe(
          `Invoice 1/1 is a generic document and has no ${format.toUpperCase()}; /invoices/${invoiceId} has all that is on it.`,
        );
      }
    });

    it.each([
      ['/invoices?orderId=42', 400, ['orderId']],
      ['/invoices?orderId=', 400, ['orderId']],
      [`/invoices?orderId=${orderIdOf(1)}&orderId=${orderIdOf(2)}`, 400, ['orderId']],
      ['/invoices?limit=0&cursor=42', 400, ['cursor', 'limit']],
      ['/invoices?limit=201', 400, ['limit']],
      ['/invoices?limit=many', 400, ['limit']],
      ['/invoices?limit=1.5', 400, ['limit']],
      [`/invoices?cursor=${encodeURIComponent("' or 1=1 --")}`, 400, ['cursor']],
      ['/invoices?cursor=%00', 400, ['cursor']],
      ['/invoices/42', 400, ['id']],
      ['/invoices/%00', 400, ['id']],
      ['/invoices/42/xml', 400, ['id']],
      ['/invoices/42/pdf', 400, ['id']],
      [`/invoices/${orderIdOf('nobody')}`, 404, undefined],
      [`/invoices/${orderIdOf('nobody')}/xml`, 404, undefined],
      [`/invoices/${orderIdOf('nobody')}/pdf`, 404, undefined],
    ])('answers %s with %i and the wrong fields', async (path, status, fields) => {
      const answer = await at.http('GET', path);
      expect(answer.status).toBe(status);
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
      expect(answer.body.errors?.map(({ field }: { field: string }) => field)).toEqual(fields);
    });
  });
});
