import { momentOf, replayChoice } from './command-line.js';

const noon = new Date('2026-03-02T12:00:00Z');

describe('the flags of npm run replay', () => {
  it('say which department, and since when', () => {
    const choice = replayChoice(['--service', 'billing', '--since', '2026-03-02T11:55:00Z'], noon);
    expect(choice).toMatchObject({ service: 'billing', since: new Date('2026-03-02T11:55:00Z'), margin: 15 });
    expect(choice).toMatchObject({ dryRun: false, json: false, whileRunning: false });
  });

  it.each([
    ['5m', '2026-03-02T11:55:00Z'],
    ['90 s', '2026-03-02T11:58:30Z'],
    ['2h', '2026-03-02T10:00:00Z'],
  ])('take %s for so long ago', (text, moment) => {
    expect(momentOf(text, noon)).toEqual(new Date(moment));
  });

  it.each([
    ['yesterday', /such as/],
    ['2026-03-02T12:00:01Z', /future/],
  ])('refuse %s', (text, why) => {
    expect(() => momentOf(text, noon)).toThrow(why);
  });
});
