import { Event } from '../event.js';
import { Code, Means, Whole } from '../rules.js';

export class AvailabilityChanged extends Event('stock.availability-changed.v1', {
  summary: 'So many pieces of an item can be sold now.',
  audience: 'anyone',
  subject: 'sku',
}) {
  @Code(60)
  sku!: string;

  @Means('on hand less reserved')
  @Whole(0, Number.MAX_SAFE_INTEGER)
  available!: number;

  static readonly example = AvailabilityChanged.of({ sku: '85123A', available: 1194 });
}
