import { firstOfEach } from './first-of-each.js';

describe('the same facts in several messages of a batch', () => {
  it('count once for an order: the first to arrive, in the order of arrival', () => {
    const [late, early, again] = [
      { orderId: 'b', reason: 'late' },
      { orderId: 'a', reason: 'early' },
      { orderId: 'b', reason: 'again' },
    ];
    expect(firstOfEach([late, early, again])).toEqual([late, early]);
    expect(firstOfEach([late, again], ({ reason }) => reason)).toEqual([late, again]);
  });
});
