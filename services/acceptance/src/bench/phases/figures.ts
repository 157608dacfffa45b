import type { MemorySample } from '../company/line.js';
import type { Accounts } from '../machine/accounts.js';

/** Milliseconds from order to cash. */
export interface Latency {
  readonly p50: number;
  readonly p99: number;
}

/** A backlog that was put in first and then worked off. */
export interface BacklogFigures {
  /** As it was put in. */
  readonly size: number;
  /** Those of them that were still to be paid when the clock began. */
  readonly orders: number;
  /** From the moment sales may begin to the last payment and the last completed order. */
  readonly seconds: number;
  readonly ordersPerSecond: number;
  /** CPU milliseconds an order, by process. */
  readonly cpu: Accounts;
  readonly cpuTotal: number;
  /** How many cores this machine spent on other things meanwhile: they could not be had. */
  readonly otherCores: number;
  /** From the moment sales may begin to the order's payment. */
  readonly cash: Latency;
  /** Orders paid after so many seconds. */
  readonly progress: readonly (readonly [seconds: number, paid: number])[];
  readonly commitsPerOrder?: number;
}

/** Orders that trickle in evenly. */
export interface PacedFigures {
  readonly perSecond: number;
  readonly orders: number;
  /** From the order's publication to its payment. */
  readonly cash: Latency;
  readonly cpu: Accounts;
  readonly cpuTotal: number;
}

/** All that was measured of one contender. */
export interface ContenderFigures {
  readonly key: string;
  readonly name: string;
  /** One for each round. */
  readonly saturation: BacklogFigures[];
  halfLoad?: PacedFigures;
  trickle?: PacedFigures;
  backlogs: BacklogFigures[];
  hot?: BacklogFigures;
  /** Saturation once more, right after `hot`: processes grow faster as they go, so what is usual lies on both sides. */
  afterHot?: BacklogFigures;
  /** From the start of its processes, while they are at work. */
  memory: readonly MemorySample[];
  /** What was left out, and why. */
  readonly leftOut: string[];
}
