import js from '@eslint/js';
import { createProjectGraphAsync } from '@nx/devkit';
import { ESLint } from 'eslint';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import tseslint from 'typescript-eslint';
import { cleanSamples } from '../test/clean-samples.js';
import { plantedViolations, typedViolations, type PlantedViolation } from '../test/planted-violations.js';

const cwd = resolve(import.meta.dirname, '../../..');
const asConfigured = new ESLint({ cwd });
/** Samples lie on paths where no file is, of which the compiler knows nothing. */
const withoutTypes = new ESLint({ cwd, overrideConfig: tseslint.configs.disableTypeChecked });

async function lint(eslint: ESLint, { at, code }: { at: string; code: string }) {
  const results = await eslint.lintText(code, { filePath: resolve(cwd, at) });
  return results.flatMap(({ messages }) => messages);
}

async function bites(eslint: ESLint, violation: PlantedViolation) {
  const messages = await lint(eslint, violation);
  expect(messages).toContainEqual(
    expect.objectContaining({
      ruleId: violation.rule,
      severity: 2,
      message: expect.stringContaining(violation.says ?? ''),
    }),
  );
}

describe('every guard turns red on a planted violation', () => {
  it.each(plantedViolations)('$rule: $that', async (violation) => bites(withoutTypes, violation));
  it.each(typedViolations)('$rule: $that', async (violation) => bites(asConfigured, violation));

  it('a boundary on a fresh clone, where Nx has not cached the project graph yet', () => {
    const cache = mkdtempSync(join(tmpdir(), 'retaguarda-nx-'));
    const { stdout, status } = spawnSync(
      resolve(cwd, 'node_modules/.bin/eslint'),
      ['--stdin', '--stdin-filename', 'services/sales/src/main.ts'],
      {
        cwd,
        input: "import { anything } from '@retaguarda/stock';\nexport const used = anything;\n",
        env: { ...process.env, NX_WORKSPACE_DATA_DIRECTORY: cache },
        encoding: 'utf8',
      },
    );
    rmSync(cache, { recursive: true });
    expect(stdout).toContain('@nx/enforce-module-boundaries');
    expect(status).toBe(1);
  }, 120_000);

  it('a switched-off rule that would not have complained', async () => {
    const code = '// eslint-disable-next-line max-depth\nexport const a = 1;\n';
    expect(await lint(withoutTypes, { at: 'libs/money/src/index.ts', code })).toContainEqual(
      expect.objectContaining({ message: expect.stringContaining('Unused eslint-disable') }),
    );
  });
});

describe('what the house style asks for stays green', () => {
  it.each(cleanSamples)('$that', async (sample) => expect(await lint(withoutTypes, sample)).toEqual([]));
});

describe('no guard is left without its planted violation', () => {
  const planted = [...plantedViolations, ...typedViolations];

  it('every rule that the project adds to the presets is planted', async () => {
    const presets = [js.configs.recommended, ...tseslint.configs.recommended].flatMap(({ rules }) =>
      Object.keys(rules ?? {}),
    );
    const rules = await rulesOf('services/sales/src/main.ts');
    const added = Object.keys(rules).filter((rule) => rules[rule]![0] === 2 && !presets.includes(rule));
    expect(added.length).toBeGreaterThan(10);
    expect(added.filter((rule) => !planted.some((violation) => violation.rule === rule))).toEqual([]);
  });

  it('every restricted import and every restricted syntax is planted', async () => {
    const places = [
      'services/sales/src/main.ts',
      'services/sales/src/orders/pricing.spec.ts',
      'libs/money/src/index.ts',
    ];
    const restrictions = (await Promise.all(places.map(messagesOf))).flat();
    expect(restrictions.length).toBeGreaterThan(10);
    const untouched = restrictions.filter((message) => !planted.some(({ says }) => says && message.includes(says)));
    expect(untouched).toEqual([]);
  });

  it('every project carries a type that the boundaries know', async () => {
    const { depConstraints } = (await rulesOf('services/sales/src/main.ts'))['@nx/enforce-module-boundaries']![1] as {
      depConstraints: { sourceTag: string }[];
    };
    const known = depConstraints.map(({ sourceTag }) => sourceTag);
    expect(known).not.toContain('*');
    for (const { name, tags } of await projects())
      expect({ name, types: tags.filter((tag) => known.includes(tag)).length }).toEqual({ name, types: 1 });
  });
});

async function projects() {
  const { nodes } = await createProjectGraphAsync({ exitOnError: false });
  return Object.values(nodes).map(({ name, data }) => ({ name, tags: data.tags ?? [] }));
}

type Rules = Record<string, [severity: number, ...options: unknown[]]>;

async function rulesOf(at: string): Promise<Rules> {
  return ((await asConfigured.calculateConfigForFile(resolve(cwd, at))) as { rules: Rules }).rules;
}

async function messagesOf(at: string): Promise<string[]> {
  const rules = await rulesOf(at);
  const [, { patterns }] = rules['no-restricted-imports'] as [number, { patterns: { message: string }[] }];
  const [, ...syntax] = rules['no-restricted-syntax'] as [number, ...{ message: string }[]];
  return [...patterns, ...syntax].map(({ message }) => message);
}
