export { findInfrastructure, removeInfrastructure } from './infrastructure.js';
export type { Infrastructure, InfrastructureOptions, Servers } from './infrastructure.js';
export { InfrastructureMissing } from './infrastructure-missing.js';
export { StateDirectoryInUse } from './lock.js';
export { dropDatabase, ensureDatabase } from './role-database.js';
export type { Broker, Database } from './servers.js';
export { dropVhost, ensureVhost } from './vhost.js';
export { ensureQueues } from './queues.js';
export { startOf } from './processes.js';
