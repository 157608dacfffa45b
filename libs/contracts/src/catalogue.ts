import { contracts, ownerOf } from './registry.js';
import type { Contract } from './registry.js';
import type { PartClass } from './rules.js';
import { objectSchema, partsOf, readable } from './schema.js';
import type { JsonSchema } from './schema.js';

/** The catalogue page: every event by owner, its fields and its example, and the parts that events share. */
export function catalogue(): string {
  const owners = [...new Set(contracts.map(ownerOf))];
  const parts = [...new Set(contracts.flatMap(partsOf))].sort((a, b) => a.name.localeCompare(b.name, 'en'));
  return [
    '# Events',
    '',
    'Generated from `libs/contracts/src`; do not edit. Money is in minor units of the currency beside it.',
    '',
    ...owners.map((owner) => `- [${owner}](#${owner}): ${linksOf(owner)}`),
    '- [parts](#parts)',
    '',
    ...owners.flatMap(chapter),
    '## Parts',
    '',
    ...parts.flatMap(partSection),
  ].join('\n');
}

function linksOf(owner: string): string {
  return ofOwner(owner)
    .map(({ type }) => `[${type}](#${type.replaceAll('.', '')})`)
    .join(', ');
}

function ofOwner(owner: string): Contract[] {
  return contracts.filter((contract) => ownerOf(contract) === owner);
}

function chapter(owner: string): string[] {
  return [`## ${owner}`, '', ...ofOwner(owner).flatMap(eventSection)];
}

function eventSection(contract: Contract): string[] {
  const { type, about, example } = contract;
  const forWhom = [
    about.audience === 'anyone' ? 'For anyone who listens.' : 'Some department acts on it.',
    ...(about.storefronts ? [`Storefronts ${about.storefronts}.`] : []),
  ].join(' ');
  return [
    `### ${type}`,
    '',
    `${about.summary} ${forWhom} Subject: \`${about.subject ?? 'orderId'}\`. Class: \`${contract.name}\`.`,
    '',
    ...fieldsTable(contract),
    '',
    '<details><summary>Example</summary>',
    '',
    '```json',
    JSON.stringify(example, null, 2),
    '```',
    '',
    '</details>',
    '',
  ];
}

function partSection(part: PartClass): string[] {
  return [`### ${part.name}`, '', ...fieldsTable(part), ''];
}

function fieldsTable(target: PartClass): string[] {
  const schema = objectSchema(target, '#');
  const rows = Object.entries(schema.properties ?? {}).map(([name, field]) => {
    const cells = [`\`${name}\``, typeOf(field), needOf(name, schema), notesOf(field)];
    return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  });
  return ['| field | type | there | notes |', '| --- | --- | --- | --- |', ...rows];
}

function typeOf(field: JsonSchema): string {
  if (field.$ref) return `[${field.$ref.slice(1)}](${field.$ref.toLowerCase()})`;
  if (field.items) return `list of ${typeOf(field.items)}`;
  if (field.enum) return field.enum.map((word) => `\`${String(word)}\``).join(' ');
  return field.format ?? field.type ?? '';
}

function needOf(name: string, schema: JsonSchema): string {
  if (schema.required?.includes(name)) return 'always';
  const rule = schema.allOf?.find(({ then }) => then?.required?.includes(name));
  if (!rule) return 'optional';
  const [test] = Object.entries(rule.if?.properties ?? {});
  return test ? `when ${test[0]} is \`${String(test[1].const)}\`` : 'optional';
}

function notesOf(field: JsonSchema): string {
  const { description, minimum, maximum, maxLength, minItems, maxItems, pattern } = field;
  const rules = (field['x-rules'] ?? []).filter((rule) => rule !== readable);
  return [
    description,
    minimum === undefined ? undefined : `${minimum} to ${maximum}`,
    maxLength === undefined ? undefined : `up to ${maxLength} characters`,
    maxItems === undefined ? undefined : `${minItems ?? 0} to ${maxItems} entries`,
    pattern === undefined ? undefined : `\`${pattern}\``,
    ...rules,
    field.default === undefined ? undefined : `default \`${String(field.default)}\``,
  ]
    .filter((note) => note !== undefined)
    .join('; ');
}
