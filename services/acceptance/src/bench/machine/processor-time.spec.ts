import {
  busySeconds,
  processStats,
  readBusy,
  readResident,
  readStat,
  residentMegabytes,
  secondsOf,
} from './processor-time.js';

const line = (pid: number, parent: number, times: string, command = 'node') =>
  `${pid} (${command}) S ${parent} 1 1 0 -1 4194304 10 0 0 0 ${times} 20 0 1 0 12345 1 1`;

describe('the CPU time of a group of processes', () => {
  it('is read behind a command that holds brackets and spaces', () => {
    expect(readStat(line(7, 3, '150 50 20 5', 'a) S 9 (b'))).toEqual({
      pid: 7,
      parent: 3,
      own: 2,
      ofEndedChildren: 0.25,
    });
  });

  it('counts everything below its roots, what has ended included, and nothing beside them', () => {
    const stats = [
      line(10, 1, '100 0 100 0'),
      line(30, 20, '50 50 0 0'),
      line(20, 10, '100 0 0 0'),
      line(11, 1, '900 0 0 0'),
    ];
    expect(secondsOf([10], stats.map(readStat))).toBe(4);
  });

  it('counts a process once that is named as a root and lies below another', () => {
    expect(secondsOf([10, 20], [line(10, 1, '100 0 0 0'), line(20, 10, '100 0 0 0')].map(readStat))).toBe(2);
  });

  it('is there for this very process, as is its memory', () => {
    expect(secondsOf([process.pid], processStats())).toBeGreaterThan(0);
    expect(residentMegabytes(process.pid)).toBeGreaterThan(10);
  });

  it('of the whole machine leaves out what was idle or waiting', () => {
    const stat = 'cpu  100 20 30 90000 7000 3 4 5 60 0\ncpu0 50 10 15 45000 3500 1 2 2 30 0\n';
    expect(readBusy(stat)).toBe(1.62);
    expect(readBusy('')).toBeNaN();
    expect(busySeconds()).toBeGreaterThan(0);
  });

  it('knows no memory of a process that has ended', () => {
    expect(readResident('Name:\tnode\nState:\tZ (zombie)\n')).toBeUndefined();
    expect(residentMegabytes(2 ** 30)).toBeUndefined();
  });
});
