import js from '@eslint/js';
import nx from '@nx/eslint-plugin';
import { createProjectGraphAsync } from '@nx/devkit';
import prettier from 'eslint-config-prettier';
import globals from 'globals';
import tseslint from 'typescript-eslint';
import { chance, clock, sleeps, testsThatDoNotRun } from './libs/workspace/eslint/behaviour.js';
import * as boundaries from './libs/workspace/eslint/boundaries.js';
import { emptyNames, house } from './libs/workspace/eslint/vocabulary.js';

// Without a project graph in Nx's cache the boundary rule would skip every file and say so only in a warning.
process.env.NX_DAEMON = 'false';
await createProjectGraphAsync({ exitOnError: false });

const departments = ['services/{sales,stock,fulfillment,invoicing,billing}/src/**'];
const gateways = ['services/{sales,stock,fulfillment,invoicing,billing}/src/**/*.gateway.ts'];
const tests = ['**/*.spec.ts', '**/test/**'];
const forbid = (...selectors) => ({ 'no-restricted-syntax': ['error', ...selectors.flat()] });

export default tseslint.config(
  {
    ignores: [
      '**/dist/',
      '**/dist-faults/',
      '.nx/',
      '.retaguarda/',
      'coverage/',
      'libs/contracts/generated/',
      'deploy/local/sample/',
    ],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  tseslint.configs.recommended,
  {
    plugins: { '@nx': nx, house },
    languageOptions: {
      globals: globals.node,
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-control-regex': 'off',
      'no-console': 'error',
      'max-depth': ['error', 3],
      'max-params': ['error', 4],
      'max-lines': ['error', 300],
      'max-lines-per-function': ['error', 60],
      'house/telling-paths': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      // A promise that nobody awaits is an ack before its commit, or a failure that nobody hears.
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      ...forbid(emptyNames),
      ...boundaries.sourceBoundaries,
      ...boundaries.importsAnywhere,
    },
  },
  { files: ['libs/department/src/**'], rules: boundaries.departmentBoundaries },
  {
    files: ['simulation', 'bench'].map((part) => `services/acceptance/src/${part}/**`),
    rules: boundaries.wholeCompanyBoundaries,
  },
  { files: ['services/**/src/**'], ignores: ['services/acceptance/**'], rules: boundaries.importsInServices },
  { files: departments, rules: { ...forbid(emptyNames, chance, clock), ...boundaries.importsInDepartments } },
  {
    files: departments,
    ignores: gateways,
    rules: { 'no-restricted-globals': ['error', { name: 'fetch', message: boundaries.noNetwork.message }] },
  },
  { files: gateways, rules: boundaries.importsInGateways },
  {
    files: [
      'libs/messaging/src/rabbit/**',
      'libs/infrastructure/src/**',
      'libs/testing/src/outsider.ts',
      'deploy/local/src/orders/storefront.ts',
      'services/acceptance/src/faults/amqp/**',
      'services/acceptance/src/bench/**',
    ],
    rules: boundaries.importsAtTheBroker,
  },
  {
    files: ['deploy/local/src/**', 'libs/workspace/**', 'libs/contracts/src/generate.ts', 'services/acceptance/src/**'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['libs/{department,infrastructure}/src/**'],
    rules: { 'no-console': ['error', { allow: ['warn', 'error'] }] },
  },
  { files: ['**/migrations/**', '**/schema.ts'], rules: { 'max-lines': 'off', 'max-lines-per-function': 'off' } },
  {
    files: tests,
    rules: {
      'max-params': 'off',
      'max-lines': 'off',
      'max-lines-per-function': 'off',
      'no-restricted-globals': 'off',
      ...forbid(emptyNames, chance, sleeps, testsThatDoNotRun),
      ...boundaries.testBoundaries,
      ...boundaries.importsInTests,
    },
  },
  { files: ['**/*.{js,mjs}'], extends: [tseslint.configs.disableTypeChecked] },
  prettier,
);
