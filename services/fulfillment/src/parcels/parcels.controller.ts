import { Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { OptionalBody, UuidParam } from '@retaguarda/department';
import { Desk } from '@retaguarda/messaging';
import { DispatchBody, DispatchParcel } from './dispatch-parcel.js';
import { ParcelsQueries } from './parcels.queries.js';

@ApiTags('parcels')
@Controller('parcels')
export class ParcelsController {
  constructor(
    private readonly queries: ParcelsQueries,
    private readonly desk: Desk,
  ) {}

  @Post(':id/dispatch')
  @HttpCode(200)
  @ApiOperation({ summary: 'The parcel leaves, or is handed over at the counter; refused before its invoice is there' })
  async dispatch(@UuidParam('id') id: string, @OptionalBody(DispatchBody) body: DispatchBody) {
    await this.desk.perform(DispatchParcel, { ...body, parcelId: id });
    return this.queries.parcel(id);
  }
}
