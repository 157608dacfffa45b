import { Injectable, NotFoundException } from '@nestjs/common';
import type { PackedLine } from '@retaguarda/contracts';
import { DataSource } from 'typeorm';

export interface ParcelPage {
  readonly id: string;
  readonly orderId: string;
  readonly lines: readonly PackedLine[];
  readonly carrier: string | null;
  readonly trackingCode: string | null;
  readonly dispatchedAt: Date | null;
}

@Injectable()
export class ParcelsQueries {
  constructor(private readonly source: DataSource) {}

  async parcel(id: string): Promise<ParcelPage> {
    const [parcel] = (await this.source.query(
      `select id, order_id as "orderId", lines, carrier, tracking_code as "trackingCode",
              dispatched_at as "dispatchedAt" from parcels where id = $1`,
      [id],
    )) as ParcelPage[];
    if (!parcel) throw new NotFoundException('There is no such parcel.');
    return parcel;
  }
}
