export * from './offline-department.js';
export * from './process-tests.js';
export * from './servers/index.js';
export * from './outsider.js';
export * from './online-department.js';
