import type { JsonSchema } from './schema.js';

/** A change that makes data of yesterday unreadable today, or takes away what a reader counts on. */
export interface Break {
  readonly type: string;
  /** The path of the field, such as `lines[].quantity`; empty for the event as a whole. */
  readonly field: string;
  readonly problem: string;
}

export type Schemas = Readonly<Record<string, JsonSchema>>;

/**
 * What a set of schemas breaks of an older one, both by event type. Within a version only optional additions are
 * allowed; everything else is a new version beside the old one. A looser bound or a longer enum is no break here:
 * it is the readers' business to be ready before a writer uses it.
 */
export function breaksOf(before: Schemas, after: Schemas): Break[] {
  return Object.entries(before).flatMap(([type, old]) => {
    const fresh = after[type];
    if (!fresh) return [{ type, field: '', problem: 'the event was removed' }];
    const isWrittenOutside = type.startsWith('storefront.');
    const comparison = new Comparison(old, fresh, isWrittenOutside);
    return comparison.problems().map((found) => ({ type, ...found }));
  });
}

/** What a person is told who tried to change a version that is out. */
export function explainBreaks(breaks: readonly Break[]): string {
  const lines = breaks.map(({ type, field, problem }) => `  ${type}${field ? ` ${field}` : ''}: ${problem}`);
  return [
    'These changes break events that are already on their way or kept:',
    ...lines,
    'Leave the version as it is and make a .v2 beside it (README.md, "The rules of change").',
  ].join('\n');
}

type Problem = Omit<Break, 'type'>;

const lowerBounds = ['minimum', 'minLength', 'minItems'] as const;
const upperBounds = ['maximum', 'maxLength', 'maxItems'] as const;

class Comparison {
  private readonly found: Problem[] = [];

  constructor(
    private readonly before: JsonSchema,
    private readonly after: JsonSchema,
    private readonly isWrittenOutside: boolean,
  ) {}

  problems(): readonly Problem[] {
    this.compare('', this.before, this.after);
    return this.found;
  }

  private compare(field: string, oldSchema: JsonSchema, newSchema: JsonSchema): void {
    const old = resolved(oldSchema, this.before);
    const fresh = resolved(newSchema, this.after);
    if (old.type !== fresh.type) return this.note(field, `the type changed from ${old.type} to ${fresh.type}`);
    this.compareBounds(field, old, fresh);
    this.compareValues(field, old, fresh);
    this.compareFields(field, old, fresh);
    if (old.items) this.compare(`${field}[]`, old.items, fresh.items ?? {});
  }

  private compareBounds(field: string, old: JsonSchema, fresh: JsonSchema): void {
    for (const bound of lowerBounds) {
      if ((fresh[bound] ?? -Infinity) > (old[bound] ?? -Infinity)) this.noteBound(field, bound, old, fresh);
    }
    for (const bound of upperBounds) {
      if ((fresh[bound] ?? Infinity) < (old[bound] ?? Infinity)) this.noteBound(field, bound, old, fresh);
    }
  }

  private compareValues(field: string, old: JsonSchema, fresh: JsonSchema): void {
    const gone = (old.enum ?? []).filter((value) => fresh.enum && !fresh.enum.includes(value));
    if (gone.length > 0) this.note(field, `the enum lost ${gone.join(', ')}`);
    if (!old.enum && fresh.enum) this.note(field, 'is now limited to an enum');
    for (const key of ['pattern', 'format', 'const'] as const) {
      if (fresh[key] !== undefined && fresh[key] !== old[key]) this.note(field, `the ${key} changed`);
    }
    for (const rule of fresh['x-rules'] ?? []) {
      if (!old['x-rules']?.includes(rule)) this.note(field, `has a new rule: ${rule}`);
    }
    if ('default' in old && old.default !== fresh.default) this.note(field, 'the default changed');
  }

  private compareFields(field: string, old: JsonSchema, fresh: JsonSchema): void {
    for (const [name, schema] of Object.entries(old.properties ?? {})) {
      const path = within(field, name);
      const next = fresh.properties?.[name];
      if (next) this.compare(path, schema, next);
      else this.note(path, 'the field was removed');
      const isPromised = old.required?.includes(name) && !this.isWrittenOutside;
      if (isPromised && next && !fresh.required?.includes(name)) this.note(path, 'is no longer always there');
    }
    const known = needsOf(old);
    for (const { name, when } of needsOf(fresh)) {
      if (known.some((need) => need.name === name && (need.when === '' || need.when === when))) continue;
      this.note(within(field, name), `is newly required${when}`);
    }
  }

  private noteBound(
    field: string,
    bound: (typeof lowerBounds | typeof upperBounds)[number],
    old: JsonSchema,
    fresh: JsonSchema,
  ): void {
    this.note(field, `${bound} tightened from ${old[bound] ?? 'none'} to ${fresh[bound]}`);
  }

  private note(field: string, problem: string): void {
    this.found.push({ field, problem });
  }
}

interface Need {
  readonly name: string;
  /** The condition in words; empty for always. */
  readonly when: string;
}

function needsOf(schema: JsonSchema): Need[] {
  const always = (schema.required ?? []).map((name) => ({ name, when: '' }));
  const sometimes = (schema.allOf ?? []).flatMap(({ if: condition, then }) => {
    const tests = Object.entries(condition?.properties ?? {}).map(([name, { const: value }]) => `${name} is ${value}`);
    return (then?.required ?? []).map((name) => ({ name, when: ` when ${tests.join(' and ')}` }));
  });
  return [...always, ...sometimes];
}

function within(field: string, name: string): string {
  return field ? `${field}.${name}` : name;
}

function resolved(schema: JsonSchema, whole: JsonSchema): JsonSchema {
  if (!schema.$ref) return schema;
  return whole.definitions?.[schema.$ref.slice('#/definitions/'.length)] ?? {};
}
