import type { DepartmentName } from '../company/departments.js';
import type { MemorySample } from '../company/line.js';
import { median } from './percentiles.js';

/** Megabytes. Medians, because a service breathes with its garbage collector. NaN where nothing was sampled. */
export interface MemoryFigures {
  readonly most: number;
  readonly middle: number;
  readonly last: number;
}

/** What a service had at the most, and in the middle and the last third of the samples. */
export function memoryOf(samples: readonly MemorySample[], name: DepartmentName): MemoryFigures {
  const sizes = samples.flatMap(({ megabytes }) => megabytes[name] ?? []);
  const third = Math.floor(sizes.length / 3);
  return {
    most: sizes.length === 0 ? NaN : sizes.reduce((most, size) => Math.max(most, size)),
    middle: median(sizes.slice(third, sizes.length - third)),
    last: median(sizes.slice(sizes.length - third)),
  };
}
