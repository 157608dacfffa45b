import type { OrderSubmitted } from '@retaguarda/contracts';
import type { DepartmentName } from './departments.js';
import type { Ground } from './ground.js';
import type { Program } from './line-process.js';

/** A submitted order as the contender's first department takes it. */
export interface Submission {
  readonly exchange: string;
  readonly routingKey: string;
  readonly body: string;
  readonly contentType: string;
}

/** One way to bring an order from the storefront to cash, in five processes with five databases. */
export interface Contender {
  readonly key: 'a' | 'b' | 'c' | 'd';
  readonly name: string;
  /** What is expected of it against the others: how many orders it is given for the same question. */
  readonly shareOfOrders: number;
  /** What must be there before its processes start: tables, queues. */
  prepare(ground: Ground): Promise<void>;
  program(department: DepartmentName): Program;
  submission(order: OrderSubmitted): Submission;
}
