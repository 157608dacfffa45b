import { kills } from './each/f01-kills.js';
import { brokerKilled } from './each/f02-broker-killed.js';
import { brokerRestarts } from './each/f03-broker-restarts.js';
import { network } from './each/f04-network.js';
import { alarms } from './each/f05-alarms.js';
import { database } from './each/f06-database.js';
import { pausedInstance } from './each/f07-paused-instance.js';
import { lateCommits } from './each/f08-late-commits.js';
import { repeats } from './each/f09-repeats.js';
import { poison } from './each/f10-poison.js';
import { refusedPublishes } from './each/f11-refused-publishes.js';
import { clocks } from './each/f12-clocks.js';
import { rollingRestart } from './each/f13-rolling-restart.js';
import { providerTricks } from './each/f14-provider-tricks.js';
import { redriveRaces } from './each/f15-redrive-races.js';
import { soak } from './each/f16-soak.js';
import { recovery } from './each/f17-recovery.js';
import { crossedCredentials } from './each/f18-crossed-credentials.js';
import type { Fault } from './fault.js';

/** All of them, as promises.md numbers them. */
export const faults: readonly Fault[] = [
  kills,
  brokerKilled,
  brokerRestarts,
  network,
  alarms,
  database,
  pausedInstance,
  lateCommits,
  repeats,
  poison,
  refusedPublishes,
  clocks,
  rollingRestart,
  providerTricks,
  redriveRaces,
  soak,
  recovery,
  crossedCredentials,
];
