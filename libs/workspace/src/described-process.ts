/** One row of a department's table, as `main.js --describe` prints it. */
export interface DescribedRow {
  readonly command: string;
  readonly on?: readonly string[];
  readonly at?: string;
  readonly everySeconds?: number;
  readonly emits: readonly string[];
  readonly queue?: string;
}

export interface DescribedProcess {
  readonly department: string;
  readonly rows: readonly DescribedRow[];
}

/** The README's table: when what happens, what is done and what follows. */
export function processSection({ rows }: DescribedProcess): string {
  const lines = rows.map(
    (row) =>
      `| ${when(row)} | ${code(row.command)} | ${row.emits.map(code).join(' ') || '–'} | ${row.queue ? code(row.queue) : '–'} |`,
  );
  return ['| when | does | emits | queue |', '| --- | --- | --- | --- |', ...lines].join('\n');
}

function when({ on, at, everySeconds }: DescribedRow): string {
  if (on) return on.map(code).join(' ');
  return at ? code(at) : `every ${everySeconds} s`;
}

function code(text: string): string {
  return `\`${text}\``;
}

/**
 * A mermaid flowchart: departments, and between them the events that hand an order on. What no department takes goes to
 * whoever listens; `forStorefronts` says which of that storefronts may hear.
 */
export function pictureOf(processes: readonly DescribedProcess[], forStorefronts: readonly string[]): string {
  const takers = processes.flatMap(({ department, rows }) =>
    rows.flatMap(({ on = [] }) => on.map((type) => ({ department, type }))),
  );
  const handovers = processes.flatMap(({ department, rows }) =>
    [...new Set(rows.flatMap(({ emits }) => emits))].flatMap((type) =>
      [...new Set(takers.filter((taker) => taker.type === type).map((taker) => taker.department))].map((to) => ({
        from: department,
        to,
        type,
      })),
    ),
  );
  const incoming = takers
    .filter(({ type }) => type.startsWith('storefront.'))
    .map(({ department, type }) => ({ from: 'storefront', to: department, type }));
  const outgoing = processes.flatMap(({ department, rows }) =>
    [...new Set(rows.flatMap(({ emits }) => emits))]
      .filter((type) => !takers.some((taker) => taker.type === type))
      .map((type) => ({ from: department, to: forStorefronts.includes(type) ? 'anyone' : 'inside', type })),
  );
  const arrows = new Map<string, string[]>();
  for (const { from, to, type } of [...incoming, ...handovers, ...outgoing]) {
    if (from === to) continue;
    const key = `${from} ${to}`;
    arrows.set(key, [...(arrows.get(key) ?? []), type.split('.')[1]!]);
  }
  const lines = [...arrows].map(([key, nouns]) => {
    const [from, to] = key.split(' ');
    return `  ${from} -- "${nouns.join('<br/>')}" --> ${to}`;
  });
  return [
    '```mermaid',
    'flowchart LR',
    '  anyone(["storefront, anyone"])',
    ...(outgoing.some(({ to }) => to === 'inside') ? ['  inside(["anyone inside"])'] : []),
    '  storefront(["storefront"])',
    ...lines,
    '```',
  ].join('\n');
}

/** All queues and bindings in the form of `rabbitmqctl import_definitions`. */
export function queuesOf(processes: readonly DescribedProcess[]) {
  const vhost = 'retaguarda';
  const steps = processes.flatMap(({ rows }) => rows.filter((row) => row.queue !== undefined));
  const bindings = [
    ...steps.flatMap(({ queue, on = [] }) =>
      on.map((type) => ({ source: exchangeOf(type), queue: queue!, key: type })),
    ),
    ...processes.map(({ department }) => ({ source: 'retaguarda.dead', queue: `${department}.dead`, key: department })),
    { source: 'storefront.unrecognised', queue: 'sales.unrecognised', key: '' },
  ];
  return {
    queues: [...new Set(bindings.map(({ queue }) => queue))].map((name) => ({
      name,
      vhost,
      durable: true,
      auto_delete: false,
      arguments: { 'x-queue-type': 'quorum' },
    })),
    bindings: bindings.map(({ source, queue, key }) => ({
      source,
      vhost,
      destination: queue,
      destination_type: 'queue',
      routing_key: key,
      arguments: {},
    })),
  };
}

function exchangeOf(type: string): string {
  return type.startsWith('storefront.') ? 'storefront' : 'retaguarda';
}

/** Replaces what is between `<!-- name -->` and `<!-- /name -->`. Throws when the marks are missing. */
export function withSection(page: string, name: string, text: string): string {
  const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [start, end] = [page.indexOf(open), page.indexOf(close)];
  if (start < 0 || end < start) throw new Error(`The page has no section ${open} … ${close}.`);
  return `${page.slice(0, start + open.length)}\n\n${text}\n\n${page.slice(end)}`;
}
