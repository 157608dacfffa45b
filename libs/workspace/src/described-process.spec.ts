import { usersOf } from './broker-users.js';
import { pictureOf, processSection, queuesOf, withSection, type DescribedProcess } from './described-process.js';

const sales: DescribedProcess = {
  department: 'sales',
  rows: [
    {
      command: 'place-order',
      on: ['storefront.order-submitted.v1'],
      emits: ['sales.order-placed.v1', 'sales.order-rejected.v1'],
      queue: 'sales.place-order',
    },
    { command: 'prune', everySeconds: 60, emits: [] },
  ],
};
const stock: DescribedProcess = {
  department: 'stock',
  rows: [
    {
      command: 'reserve-stock',
      on: ['sales.order-placed.v1'],
      emits: ['stock.stock-reserved.v1'],
      queue: 'stock.reserve-stock',
    },
    { command: 'receive-goods', at: 'POST /receipts', emits: [] },
  ],
};

describe('what is derived from the process tables', () => {
  it('says in a README when what is done and what follows', () => {
    expect(processSection(sales)).toContain(
      '| `storefront.order-submitted.v1` | `place-order` | `sales.order-placed.v1` `sales.order-rejected.v1` | `sales.place-order` |',
    );
    expect(processSection(sales)).toContain('| every 60 s | `prune` | – | – |');
    expect(processSection(stock)).toContain('| `POST /receipts` | `receive-goods` |');
  });

  it('draws who hands what to whom, and what nobody here takes goes outside', () => {
    const picture = pictureOf([sales, stock], ['sales.order-rejected.v1']);
    expect(picture).toContain('storefront -- "order-submitted" --> sales');
    expect(picture).toContain('sales -- "order-placed" --> stock');
    expect(picture).toContain('sales -- "order-rejected" --> anyone');
    expect(pictureOf([sales, stock], [])).toContain('sales -- "order-rejected" --> inside');
  });

  it('lists every queue once, with its bindings, its dead letters and what nobody recognises', () => {
    const { queues, bindings } = queuesOf([sales, stock]);
    expect(queues.map(({ name }) => name)).toEqual([
      'sales.place-order',
      'stock.reserve-stock',
      'sales.dead',
      'stock.dead',
      'sales.unrecognised',
    ]);
    expect(bindings).toContainEqual(
      expect.objectContaining({
        source: 'storefront',
        destination: 'sales.place-order',
        routing_key: 'storefront.order-submitted.v1',
      }),
    );
    expect(bindings).toContainEqual(
      expect.objectContaining({ source: 'retaguarda.dead', destination: 'stock.dead', routing_key: 'stock' }),
    );
  });

  it('gives a department its own queues and what its table takes, and its publisher its own routing keys', () => {
    const { users, permissions, topic_permissions: topics } = usersOf([sales, stock], ['sales.order-rejected.v1']);
    const of = <T extends { user: string }>(rights: readonly T[], name: string) =>
      rights.filter(({ user }) => user === name).map(({ user: _, ...right }) => right);
    const vhost = 'retaguarda';
    expect(of(permissions, 'stock')).toEqual([
      { vhost, configure: '^stock\\.', write: '^stock\\.', read: '^(stock\\.|retaguarda$|retaguarda\\.dead$)' },
    ]);
    expect(of(topics, 'stock')).toEqual([
      { vhost, exchange: 'retaguarda', write: '^$', read: '^(sales\\.order-placed\\.v1)$' },
      { vhost, exchange: 'retaguarda.dead', write: '^$', read: '^(stock)$' },
    ]);
    expect(of(permissions, 'stock.publisher')).toEqual([
      { vhost, configure: '^$', write: '^retaguarda(\\.journal)?$', read: '^$' },
    ]);
    expect(of(topics, 'stock.publisher')).toEqual([
      { vhost, exchange: 'retaguarda', write: '^stock\\.', read: '^$' },
      { vhost, exchange: 'retaguarda.journal', write: '^stock$', read: '^$' },
    ]);
    expect(of(topics, 'storefront.sample')).toContainEqual({
      ...{ vhost, exchange: 'retaguarda', write: '^$', read: '^(sales\\.order-rejected\\.v1)$' },
    });
    expect(users.every(({ password_hash }) => password_hash === '')).toBe(true);
  });

  it('replaces the section of a page and nothing else, again and again', () => {
    const page = 'before\n<!-- process -->\nold\n<!-- /process -->\nafter';
    const once = withSection(page, 'process', 'new');
    expect(once).toBe('before\n<!-- process -->\n\nnew\n\n<!-- /process -->\nafter');
    expect(withSection(once, 'process', 'new')).toBe(once);
    expect(() => withSection('no marks', 'process', 'new')).toThrow('no section <!-- process -->');
  });
});
