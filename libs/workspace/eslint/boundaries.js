/** Who may import whom in production code, by Nx tag. What is not named here is forbidden: there is no `*` rule. */
const mayImport = {
  'type:contract': [],
  'type:lib': [],
  'type:transport': ['type:contract', 'type:lib'],
  'type:testing': ['type:contract', 'type:lib', 'type:transport'],
  'type:service': ['type:contract', 'type:lib', 'type:transport'],
  'type:launcher': ['type:contract', 'type:lib'],
  'type:e2e': ['type:contract', 'type:lib', 'type:transport', 'type:testing'],
  'type:tooling': ['type:contract', 'type:lib', 'type:transport'],
};

/** `libs/department` is the one library that stands on top of the transport. */
const departmentMayImport = { ...mayImport, 'type:lib': ['type:contract', 'type:lib', 'type:transport'] };

/** A test may use every library, and the testing library: never a service or the launcher. */
const testsMayImport = Object.fromEntries(
  Object.keys(mayImport).map((tag) => [tag, ['type:contract', 'type:lib', 'type:transport', 'type:testing']]),
);

const boundaries = (allowedByTag, allow = []) => ({
  '@nx/enforce-module-boundaries': [
    'error',
    {
      allow,
      // The testing library uses the libraries whose own specs use it: a circle of projects, not of modules.
      ignoredCircularDependencies: ['contract', 'lib', 'transport'].map((type) => ['testing', `tag:type:${type}`]),
      depConstraints: Object.entries(allowedByTag).map(([sourceTag, onlyDependOnLibsWithTags]) => ({
        sourceTag,
        onlyDependOnLibsWithTags,
      })),
    },
  ],
});

export const sourceBoundaries = boundaries(mayImport);
export const departmentBoundaries = boundaries(departmentMayImport);
/**
 * The simulation runs whole departments in one process, and the benchmark's other ways use their entities and rules:
 * these, and nobody else, take their parts by name.
 */
export const wholeCompanyBoundaries = boundaries(mayImport, [
  '^@retaguarda/(sales|stock|fulfillment|invoicing|billing|control-room)/.+$',
]);
export const testBoundaries = boundaries(testsMayImport);

const noBrokerClient = {
  regex: '^amqplib(/|$)',
  message:
    'Only libs/messaging/src/rabbit speaks AMQP: a second way to the broker passes by inbox, outbox and confirms.',
};
const noServers = {
  regex: '^@retaguarda/(infrastructure|testing)$',
  message: 'Only the launcher and tests start servers or use test doubles.',
};
const noClock = {
  regex: '^(node:)?timers(/|$)',
  message:
    'A department does not wait or schedule by itself: return notYet(why), or add an every(seconds) row to its table.',
};
export const noNetwork = {
  regex: '^(node:)?https?$|^undici$',
  message: 'No network call inside a transaction: the outside is spoken to by a *.gateway.ts, from a row with ask().',
};

const noSleep = {
  regex: '^(node:)?timers/promises$',
  message: 'No sleeps: a test awaits what it waits for.',
};

const restricted = (...patterns) => ({ 'no-restricted-imports': ['error', { patterns }] });

export const importsAnywhere = restricted(noBrokerClient);
export const importsInServices = restricted(noBrokerClient, noServers);
export const importsInDepartments = restricted(noBrokerClient, noServers, noClock, noNetwork);
export const importsInGateways = restricted(noBrokerClient, noServers, noClock);
export const importsInTests = restricted(noSleep);
export const importsAtTheBroker = { 'no-restricted-imports': 'off' };
