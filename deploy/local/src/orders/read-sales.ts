import { pipeline } from 'node:stream/promises';
import { parse } from 'csv-parse';
import { pence } from './pence.js';

/** One row of the file. Money in pence; `soldAt` ISO 8601 in UTC (the shop's clock is read as UTC). */
export interface Sale {
  /** As a spreadsheet shows it: the header is row 1. */
  row: number;
  invoice: string;
  sku: string;
  /** Trimmed, runs of blanks made one; empty in some rows. */
  description: string;
  quantity: number;
  soldAt: string;
  unitPrice: number;
  /** Absent for sales over the counter and for the shelf's own corrections. */
  customer?: string;
  country: string;
}

/**
 * The file is not the UCI "Online Retail" table, or one of its rows cannot be read; the message says what and where.
 */
export class NotASalesFile extends Error {}

const columns = [
  'InvoiceNo',
  'StockCode',
  'Description',
  'Quantity',
  'InvoiceDate',
  'UnitPrice',
  'CustomerID',
  'Country',
] as const;
type Cells = Record<(typeof columns)[number], string>;

/**
 * Reads UCI "Online Retail" rows from a CSV text or stream, in the file's order. SKUs are upper-cased: the full data
 * set spells some items both ways (`15056BL`, `15056bl`). Throws {@link NotASalesFile}; a stream's own error passes
 * through.
 */
export async function readSales(csv: string | AsyncIterable<string | Buffer>): Promise<Sale[]> {
  const sales: Sale[] = [];
  const source = typeof csv === 'string' ? [csv] : csv;
  const table = parse({ bom: true, columns: checkedHeader, info: true, skip_empty_lines: true });
  try {
    await pipeline(source, table, async (records: AsyncIterable<{ record: Cells; info: { lines: number } }>) => {
      for await (const { record, info } of records) sales.push(toSale(record, info.lines));
    });
  } catch (error) {
    throw isCsvError(error) ? new NotASalesFile(`Not a readable CSV file: ${error.message}`) : error;
  }
  if (sales.length === 0) throw new NotASalesFile('The file has no rows');
  return sales;
}

function checkedHeader(header: string[]): string[] {
  const missing = columns.filter((column) => !header.includes(column));
  if (missing.length === 0) return header;
  throw new NotASalesFile(
    `This is not a sales file: the column ${missing.join(', ')} is missing. Expected the header of UCI "Online Retail": ` +
      `${columns.join(',')}. Found: ${header.join(',').slice(0, 200)}`,
  );
}

function toSale(cells: Cells, row: number): Sale {
  const quantity = cells.Quantity.trim();
  const unitPrice = pence(cells.UnitPrice);
  const invoice = cells.InvoiceNo.trim();
  const sku = cells.StockCode.trim().toUpperCase();
  if (!invoice) throw new NotASalesFile(`Row ${row}: InvoiceNo is empty`);
  if (!sku) throw new NotASalesFile(`Row ${row}: StockCode is empty`);
  if (!/^-?\d+$/.test(quantity)) throw new NotASalesFile(`Row ${row}: Quantity "${quantity}" is not a whole number`);
  if (unitPrice === undefined) throw new NotASalesFile(`Row ${row}: UnitPrice "${cells.UnitPrice}" is not a number`);
  const customer = cells.CustomerID.trim().replace(/\.0$/, '');
  return {
    row,
    invoice,
    sku,
    description: cells.Description.trim().replace(/\s+/g, ' '),
    quantity: Number(quantity),
    soldAt: toIso(cells.InvoiceDate.trim(), row),
    unitPrice,
    ...(customer ? { customer } : {}),
    country: cells.Country.trim(),
  };
}

const isoLike = /^(\d{4})-(\d{2})-(\d{2})[ T](\d{2}):(\d{2})(?::(\d{2}))?$/;
const american = /^(\d{1,2})\/(\d{1,2})\/(\d{4}) (\d{1,2}):(\d{2})$/;

/** The dates of these files (`2010-12-01 08:26:00`) and of the CSV copies of the full set (`12/1/2010 8:26`). */
function toIso(text: string, row: number): string {
  const [, year, month, day, hour, minute, second = '00'] = isoLike.exec(text) ?? yearFirst(american.exec(text)) ?? [];
  const two = (part = '') => part.padStart(2, '0');
  const iso = `${year}-${two(month)}-${two(day)}T${two(hour)}:${minute}:${second}`;
  const at = new Date(`${iso}Z`);
  // The 31st of February is a date to JavaScript: the 3rd of March.
  const isOnCalendar = !Number.isNaN(at.getTime()) && at.toISOString().startsWith(iso);
  if (!year || !isOnCalendar) throw new NotASalesFile(`Row ${row}: InvoiceDate "${text}" is not a date`);
  return at.toISOString();
}

function yearFirst(match: RegExpExecArray | null): (string | undefined)[] | undefined {
  return match ? [match[0], match[3], match[1], match[2], match[4], match[5]] : undefined;
}

function isCsvError(error: unknown): error is Error {
  return error instanceof Error && String((error as { code?: unknown }).code).startsWith('CSV_');
}
