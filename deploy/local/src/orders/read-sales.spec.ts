import { Readable } from 'node:stream';
import { NotASalesFile, readSales } from './read-sales.js';

const header = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country';
const lantern = '536365,71053,WHITE METAL LANTERN,6,2010-12-01 08:26:00,3.39,17850.0,United Kingdom';

describe('Reading the sales file', () => {
  it('gives each row its number as a spreadsheet shows it, pence, and the time in UTC', async () => {
    expect(await readSales(`${header}\n${lantern}\n`)).toEqual([
      {
        row: 2,
        invoice: '536365',
        sku: '71053',
        description: 'WHITE METAL LANTERN',
        quantity: 6,
        soldAt: '2010-12-01T08:26:00.000Z',
        unitPrice: 339,
        customer: '17850',
        country: 'United Kingdom',
      },
    ]);
  });

  it('tidies descriptions and writes SKUs in one way, because the shop did not', async () => {
    const [sale] = await readSales(`${header}\n1,15056bl,"  EDWARDIAN  PARASOL, BLACK ",1,2010-12-01 08:26,5.95,,EIRE`);
    expect(sale).toMatchObject({ sku: '15056BL', description: 'EDWARDIAN PARASOL, BLACK' });
    expect(sale).not.toHaveProperty('customer');
  });

  it('reads a stream as well as a text, whatever its pieces', async () => {
    const bytes = Buffer.from(`\uFEFF${header}\n${lantern}\n${lantern}\n`);
    const pieces = Readable.from([bytes.subarray(0, 1), bytes.subarray(1, 90), bytes.subarray(90)]);
    expect((await readSales(pieces)).map(({ row }) => row)).toEqual([2, 3]);
  });

  it('reads the dates of the CSV copies of the full data set', async () => {
    const [sale] = await readSales(`${header}\n1,71053,LANTERN,1,12/9/2011 9:05,3.39,1,France`);
    expect(sale?.soldAt).toBe('2011-12-09T09:05:00.000Z');
  });

  it.each([
    ['another table', 'id,name\n1,x', /the column InvoiceNo, .* is missing/],
    ['an empty file', '', /has no rows/],
    ['a header without rows', `${header}\n`, /has no rows/],
    ['a torn row', `${header}\n${lantern}\n536365,71053`, /on line 3/],
    ['a quantity that is no number', `${header}\n1,2,X,six,2010-12-01 08:26:00,1.0,1,EIRE`, /Row 2: Quantity "six"/],
    ['a price that is no number', `${header}\n1,2,X,6,2010-12-01 08:26:00,free,1,EIRE`, /Row 2: UnitPrice "free"/],
    ['a date that is none', `${header}\n1,2,X,6,yesterday,1.0,1,EIRE`, /Row 2: InvoiceDate "yesterday"/],
    ['a day that no calendar has', `${header}\n1,2,X,6,2011-02-31 08:26:00,1.0,1,EIRE`, /"2011-02-31 08:26:00"/],
    ['a row without an invoice', `${header}\n,2,X,6,2010-12-01 08:26:00,1.0,1,EIRE`, /Row 2: InvoiceNo is empty/],
  ])('says what is wrong with %s', async (_, csv, problem) => {
    const reading = readSales(csv);
    await expect(reading).rejects.toThrow(NotASalesFile);
    await expect(reading).rejects.toThrow(problem);
  });
});
