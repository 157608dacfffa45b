export { findInfrastructure, removeInfrastructure } from './infrastructure.js';
export type { Infrastructure, InfrastructureOptions, Servers } from './infrastructure.js';
export { InfrastructureMissing } from './infrastructure-missing.js';
export { StateDirectoryInUse } from './lock.js';
export { dropDatabase, ensureDatabase } from './role-database.js';
export { dropReader, ensureReader } from './reader.js';
export { findDatabase } from './database-alone.js';
export type { Broker, Database, Running } from './servers.js';
export { dropVhost, ensureVhost } from './vhost.js';
export { ensureQueues } from './queues.js';
export {
  ensureStorefront,
  ensureUsers,
  monitorUser,
  NoStorefront,
  publisherOf,
  removeStorefront,
  sampleStorefront,
  storefrontUser,
} from './broker-users.js';
export type { BrokerUsers } from './broker-users.js';
export { startOf } from './processes.js';
