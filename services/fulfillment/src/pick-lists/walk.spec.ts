import { OrderSheet } from '@retaguarda/contracts';
import type { LineKind, ReservedLine } from '@retaguarda/contracts';
import { walkOf } from './walk.js';

const line = (line: number, sku: string, quantity: number, kind: LineKind = 'goods') => {
  return { line, sku, name: `name of ${sku}`, quantity, unitPrice: 100, discount: 0, kind };
};
const held = (sku: string, quantity: number, location: string): ReservedLine => ({ sku, quantity, location });
const walk = (lines: ReturnType<typeof line>[], reserved: ReservedLine[]) =>
  walkOf({ order: { ...OrderSheet.example, lines }, lines: reserved }).map(
    ({ line, sku, quantity, location }) => `${line}: ${quantity} ${sku} at ${location}`,
  );

describe('the walk of a pick list', () => {
  it('goes by location and SKU, services last', () => {
    const lines = [line(1, 'WRAP', 1, 'service'), line(2, 'CUP', 2), line(3, 'BAG', 1), line(4, 'ANT', 1)];
    const reserved = [held('CUP', 2, 'A1'), held('BAG', 1, 'A1'), held('ANT', 1, 'B2')];
    expect(walk(lines, reserved)).toEqual(['3: 1 BAG at A1', '2: 2 CUP at A1', '4: 1 ANT at B2', '1: 1 WRAP at null']);
  });

  it('takes a line from several locations, and gives each piece to one of two lines of the same item', () => {
    const lines = [line(1, 'CUP', 3), line(2, 'CUP', 2)];
    expect(walk(lines, [held('CUP', 4, 'A1'), held('CUP', 1, 'B2')])).toEqual([
      '1: 3 CUP at A1',
      '2: 1 CUP at A1',
      '2: 1 CUP at B2',
    ]);
  });

  it('is refused when less is held than ordered, since stock would drift', () => {
    expect(() => walk([line(1, 'CUP', 3)], [held('CUP', 2, 'A1')])).toThrow('lacks 1 of CUP');
    expect(() => walk([line(1, 'CUP', 3), line(2, 'CUP', 1)], [held('CUP', 3, 'A1')])).toThrow('lacks 1 of CUP');
  });

  it('needs no stock for services', () => {
    expect(walk([line(1, 'WRAP', 2, 'service')], [])).toEqual(['1: 2 WRAP at null']);
  });
});
