export * from './database.js';
export * from './failures.js';
export * from './tx.js';
export * from './reason.js';
export * from './id-from.js';
