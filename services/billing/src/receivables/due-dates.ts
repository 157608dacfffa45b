import type { PaymentTerms } from '@retaguarda/contracts';
import { instalments } from '@retaguarda/money';

/** How long a customer has to pay an invoice. */
const DAYS_TO_PAY = 7;

/** The day on which a receivable is due, `2026-03-09`: prepaid ones on the day of the invoice. */
export function dueOn(terms: PaymentTerms, issuedAt: Date, timeZone: string): string {
  return addDays(dayIn(timeZone, issuedAt), terms === 'prepaid' ? 0 : DAYS_TO_PAY);
}

/** Divides an amount into instalments, due monthly from the given day on. Nothing is due for an amount of 0. */
export function schedule(amount: number, count: number, firstDueOn: string) {
  if (amount === 0) return [];
  return instalments(amount, count).map((part, index) => ({
    number: index + 1,
    amount: part,
    dueOn: addMonths(firstDueOn, index),
  }));
}

/** Kept: making one costs as much as opening a receivable, and memory that is given back late. */
const calendars = new Map<string, Intl.DateTimeFormat>();

/** The calendar day at a place; in Brazil the evening of the 1st is not yet the 2nd. */
export function dayIn(timeZone: string, instant: Date): string {
  let calendar = calendars.get(timeZone);
  if (!calendar) calendars.set(timeZone, (calendar = calendarOf(timeZone)));
  return calendar.format(instant);
}

function calendarOf(timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' });
}

export function addDays(day: string, days: number): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}

/** The same day of a later month, or its last day where there is no such day: the 31st, then the 28th of February. */
export function addMonths(day: string, months: number): string {
  const date = new Date(`${day}T00:00:00Z`);
  const wanted = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + months);
  const lastOfMonth = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  date.setUTCDate(Math.min(wanted, lastOfMonth));
  return date.toISOString().slice(0, 10);
}
