import { addDays, addMonths, dayIn, dueOn, schedule } from './due-dates.js';

const eveningInBrazil = new Date('2026-03-03T01:30:00Z');

describe('a receivable is due', () => {
  it('a week after its invoice', () => {
    expect(dueOn('on-invoice', new Date('2026-03-02T13:00:00Z'), 'America/Sao_Paulo')).toBe('2026-03-09');
  });
  it('at once when it is prepaid', () => {
    expect(dueOn('prepaid', new Date('2026-03-02T13:00:00Z'), 'America/Sao_Paulo')).toBe('2026-03-02');
  });
  it('by the calendar of the place, not by that of Greenwich', () => {
    expect(dayIn('America/Sao_Paulo', eveningInBrazil)).toBe('2026-03-02');
    expect(dayIn('UTC', eveningInBrazil)).toBe('2026-03-03');
  });
});

describe('instalments are due', () => {
  it('monthly, and are together the amount', () => {
    expect(schedule(10_000, 3, '2026-03-09')).toEqual([
      { number: 1, amount: 3334, dueOn: '2026-03-09' },
      { number: 2, amount: 3333, dueOn: '2026-04-09' },
      { number: 3, amount: 3333, dueOn: '2026-05-09' },
    ]);
  });
  it('never for nothing', () => {
    expect(schedule(0, 3, '2026-03-09')).toEqual([]);
    expect(schedule(2, 3, '2026-03-09').map(({ amount }) => amount)).toEqual([1, 1]);
  });
  it.each([
    ['2026-01-31', 1, '2026-02-28'],
    ['2028-01-31', 1, '2028-02-29'],
    ['2026-01-31', 2, '2026-03-31'],
    ['2026-11-30', 3, '2027-02-28'],
    ['2026-12-15', 1, '2027-01-15'],
  ])('%s and %i months is %s', (day, months, expected) => expect(addMonths(day, months)).toBe(expected));

  it('over the end of a month and a year', () => expect(addDays('2026-12-28', 7)).toBe('2027-01-04'));
});
