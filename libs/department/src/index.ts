export * from './department.js';
export * from './department.module.js';
export * from './http/page.js';
export * from './http/valid.js';
export { ProblemFilter, type Problem } from './http/problem.filter.js';
export type { DescribedProcess, DescribedRow } from './ops/describe-process.js';
export { backlogOf, type Backlog } from './ops/backlog.js';
export * from './settings.js';
export { openLog } from './logs.js';
