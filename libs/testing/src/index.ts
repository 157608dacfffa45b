export * from './offline-department.js';
export * from './process-tests.js';
export * from './servers/index.js';
