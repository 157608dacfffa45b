/** Unit tests lie beside their source; `*.int.spec.ts` speak to real servers, which the global set-up finds or starts. */
export default {
  testMatch: ['<rootDir>/(libs|services|deploy)/**/*.spec.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
  modulePathIgnorePatterns: ['/dist/'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': '@swc/jest' },
  moduleNameMapper: {
    '^@retaguarda/([a-z-]+)$': '<rootDir>/libs/$1/src/index.ts',
    '^@retaguarda/(sales|stock|fulfillment|invoicing|billing|control-room)/(.+)$': '<rootDir>/services/$1/src/$2.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  setupFiles: ['reflect-metadata'],
  globalSetup: '<rootDir>/libs/testing/src/servers/set-up.mjs',
  globalTeardown: '<rootDir>/libs/testing/src/servers/tear-down.mjs',
  reporters: ['default', '<rootDir>/.ci/totals.js'],
  globals: { FAILPOINTS: true },
  testTimeout: 60_000,
  maxWorkers: 2,
};
