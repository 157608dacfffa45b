import { killedServices } from './each/f01-kills.js';
import { killedBroker } from './each/f02-broker-killed.js';
import type { Fault } from './fault.js';

export const faults: readonly Fault[] = [killedServices, killedBroker];
