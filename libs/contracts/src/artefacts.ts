import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { asyncApiOf } from './asyncapi.js';
import { catalogue } from './catalogue.js';
import { breaksOf, explainBreaks } from './compatibility.js';
import type { Schemas } from './compatibility.js';
import { contracts } from './registry.js';
import type { Contract } from './registry.js';
import { schemaOf } from './schema.js';
import type { JsonSchema } from './schema.js';

export interface Outcome {
  readonly isFine: boolean;
  /** What a person should read, line by line. */
  readonly report: readonly string[];
}

const schemaFolder = 'generated/schemas';
const goldenFolder = 'test/golden';

/** The JSON Schemas of all contracts by event type. */
export function schemas(): Schemas {
  return Object.fromEntries(contracts.map((contract) => [contract.type, documentOf(contract)]));
}

/** Says which generated file below `root` is not what the contracts would generate today, and writes nothing. */
export function check(root: string, fresh: Schemas = schemas()): Outcome {
  const wanted = generated(root, fresh);
  const drifted = [...wanted].filter(([file, text]) => textOf(join(root, file)) !== text).map(([file]) => file);
  const stale = committedSchemas(root).filter((type) => !(type in fresh));
  const missing = contracts.filter(({ type }) => !existsSync(goldenOf(root, type)));
  const report = [
    ...drifted.map((file) => `${file} is not what the contracts say today`),
    ...stale.map((type) => `${schemaFolder}/${type}.json has no contract any more`),
    ...missing.map(({ type }) => `${goldenFolder}/${type}.json is missing`),
  ];
  return { isFine: report.length === 0, report };
}

/**
 * Writes all generated files below `root`, unless the contracts break what the schemas there promise. A golden fixture
 * is written once, when its version is new, and never again: it stands for the messages that are already out.
 */
export function write(root: string, fresh: Schemas = schemas()): Outcome {
  const breaks = breaksOf(readSchemas(root), fresh);
  if (breaks.length > 0) return { isFine: false, report: [explainBreaks(breaks)] };
  const files = [...generated(root, fresh)].filter(([file, text]) => textOf(join(root, file)) !== text);
  for (const [file, text] of files) put(join(root, file), text);
  const golden = contracts.filter(({ type }) => !existsSync(goldenOf(root, type)));
  for (const { type, example } of golden) put(goldenOf(root, type), json(example));
  const report = [
    ...files.map(([file]) => `wrote ${file}`),
    ...golden.map(({ type }) => `wrote ${goldenFolder}/${type}.json`),
  ];
  return { isFine: true, report };
}

/** Whatever has been committed below `root` as the schema of an event, by type. */
export function readSchemas(root: string): Schemas {
  const files = committedSchemas(root).map((type) => {
    return [type, JSON.parse(readFileSync(join(root, schemaFolder, `${type}.json`), 'utf8')) as JsonSchema];
  });
  return Object.fromEntries(files) as Schemas;
}

function documentOf(contract: Contract): JsonSchema {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    $id: `urn:retaguarda:event:${contract.type}`,
    description: contract.about.summary,
    ...schemaOf(contract),
    examples: [contract.example],
  };
}

function generated(root: string, fresh: Schemas): Map<string, string> {
  const { version } = JSON.parse(textOf(join(root, 'package.json')) ?? '{"version":"0.0.0"}') as { version: string };
  return new Map([
    ['generated/asyncapi.json', json(asyncApiOf(version))],
    ['generated/EVENTS.md', catalogue()],
    ...Object.entries(fresh).map(([type, schema]) => [`${schemaFolder}/${type}.json`, json(schema)] as const),
  ]);
}

function committedSchemas(root: string): string[] {
  const folder = join(root, schemaFolder);
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((file) => (file.endsWith('.json') ? [file.slice(0, -'.json'.length)] : []));
}

function goldenOf(root: string, type: string): string {
  return join(root, goldenFolder, `${type}.json`);
}

function textOf(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

function put(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
