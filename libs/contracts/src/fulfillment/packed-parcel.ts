import { Id, Parts } from '../rules.js';
import { PackedLine } from './packed-line.js';

/** A parcel and what is in it. */
export class PackedParcel {
  @Id()
  parcelId!: string;

  @Parts(() => PackedLine, { min: 1 })
  lines!: PackedLine[];
}
