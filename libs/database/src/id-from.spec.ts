import { validate, version } from 'uuid';
import { idFrom } from './id-from.js';

const noon = new Date('2026-03-02T12:00:00Z');

describe('an id that follows from what it stands for', () => {
  it('is the same each time, and another for another name, moment or place', () => {
    const id = idFrom(noon, 0, 'invoice', 'a');
    expect(idFrom(noon, 0, 'invoice', 'a')).toBe(id);
    const others = [
      idFrom(noon, 0, 'invoice', 'b'),
      idFrom(noon, 0, 'parcel', 'a'),
      idFrom(noon, 0, 'invoicea'),
      idFrom(noon, 0, 'invoic', 'ea'),
      idFrom(noon, 1, 'invoice', 'a'),
      idFrom(new Date(noon.getTime() + 1), 0, 'invoice', 'a'),
    ];
    expect(new Set([id, ...others]).size).toBe(7);
  });

  it('is the same in each release, because the journal has ids of the last days', () => {
    expect(idFrom(noon, 7, 'invoice', 'a')).toBe('019cae6b-6600-7007-b303-c71896c38ffd');
  });

  it('is a UUIDv7: ids of later moments, and of later places in a moment, come later', () => {
    const ids = [
      idFrom(noon, 0, 'x'),
      idFrom(noon, 1, 'x'),
      idFrom(noon, 4_095, 'x'),
      idFrom(new Date(noon.getTime() + 1), 0, 'x'),
    ];
    for (const id of ids) expect([validate(id), version(id)]).toEqual([true, 7]);
    expect([...ids].sort()).toEqual(ids);
  });
});
