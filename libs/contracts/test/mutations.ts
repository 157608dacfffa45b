import fc from 'fast-check';

type Path = readonly (string | number)[];
type Container = Record<string | number, unknown>;

/** Values that tempt a validator: empty, huge, of another type, nearly right. */
const temptations: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(null, undefined, '', ' ', 'x', 0, -0, -1, 1, 1.5, 1e12, 1e12 + 1, 1e300, true, [], {}, [[]]),
  fc.constantFrom<unknown>([null], [{}], [{}, 1], '2026-02-30T10:00:00Z', '2026-03-02', '2026-03-02T10:15:30Z', 'brl'),
  fc.constantFrom<unknown>('BR', 'XX', 'EUR', 'ship', 'pickup', 'service', 'a\u0000b', '\ud800', '85123A ', 'a@b.co'),
  fc.constantFrom(1, 20, 60, 61, 120, 121, 200, 201, 254, 255, 500, 501, 2001).map((length) => 'a'.repeat(length)),
  fc.integer(),
  fc.string({ unit: 'grapheme' }),
  fc.json().map((text): unknown => JSON.parse(text)),
);

/** Copies of `example` in which up to three values, at any depth, are replaced, removed or joined by an unknown one. */
export function mutationsOf(example: object): fc.Arbitrary<object> {
  const paths = pathsIn(example);
  const change = fc.record({ path: fc.constantFrom(...paths), value: temptations, isAdded: fc.boolean() });
  return fc.array(change, { maxLength: 3 }).map((changes) => {
    const copy = structuredClone({ ...example });
    for (const { path, value, isAdded } of changes) put(copy, isAdded ? [...path, 'unknown'] : path, value);
    return copy;
  });
}

function pathsIn(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const own = path.length > 0 ? [path] : [];
  const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return [...own, ...entries.flatMap(([key, entry]) => pathsIn(entry, [...path, key]))];
}

function put(whole: object, path: Path, value: unknown): void {
  const parent = path.slice(0, -1).reduce<unknown>((node, key) => (isContainer(node) ? node[key] : undefined), whole);
  const key = path.at(-1);
  if (!isContainer(parent) || key === undefined) return;
  if (value === undefined && !Array.isArray(parent)) delete parent[key];
  else parent[key] = value;
}

function isContainer(value: unknown): value is Container {
  return typeof value === 'object' && value !== null;
}
