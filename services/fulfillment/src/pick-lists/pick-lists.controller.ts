import { Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Id, OneOf, Optional } from '@retaguarda/contracts';
import { OptionalBody, PageQuery, UuidParam, ValidBody, ValidQuery } from '@retaguarda/department';
import { Desk } from '@retaguarda/messaging';
import { v7 as uuid } from 'uuid';
import { PackingBody, PackOrder } from './pack-order.js';
import type { PickListStatus } from './pick-lists.js';
import { pickListStatuses } from './pick-lists.js';
import { PickListsQueries } from './pick-lists.queries.js';
import { ReportShortage, ShortageBody } from './report-shortage.js';
import { ScanBody, ScanItem } from './scan-item.js';

class PickListsQuery extends PageQuery {
  @Optional()
  @OneOf(pickListStatuses)
  status?: PickListStatus;

  @Optional()
  @Id()
  orderId?: string;

  @Optional()
  @Id()
  declare cursor?: string;
}

@ApiTags('pick lists')
@Controller('pick-lists')
export class PickListsController {
  constructor(
    private readonly queries: PickListsQueries,
    private readonly desk: Desk,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Pick lists, oldest first, by status or order; no personal data' })
  lists(@ValidQuery(PickListsQuery) query: PickListsQuery) {
    return this.queries.lists(query);
  }

  @Get(':id')
  @ApiOperation({ summary: 'One pick list: its walk, shortages and parcels; the recipient once packing needs it' })
  list(@UuidParam('id') id: string) {
    return this.queries.list(id);
  }

  @Post(':id/scans')
  @HttpCode(200)
  @ApiOperation({ summary: 'Picks goods, or confirms a service; a wrong code or too many pieces are refused' })
  async scan(@UuidParam('id') id: string, @ValidBody(ScanBody) { code, quantity, scanId = uuid() }: ScanBody) {
    await this.desk.perform(ScanItem, { pickListId: id, scanId, code, quantity });
    return this.queries.afterScan(id, scanId);
  }

  @Post(':id/shortages')
  @HttpCode(201)
  @ApiOperation({ summary: 'Reports pieces that cannot be picked; the list cannot be packed until they were' })
  async report(@UuidParam('id') id: string, @ValidBody(ShortageBody) body: ShortageBody) {
    await this.desk.perform(ReportShortage, { ...body, pickListId: id });
    return this.queries.list(id);
  }

  @Post(':id/pack')
  @HttpCode(200)
  @ApiOperation({ summary: 'Closes the parcels: one with all goods unless the body names several' })
  async pack(@UuidParam('id') id: string, @OptionalBody(PackingBody) { parcels }: PackingBody) {
    await this.desk.perform(PackOrder, { pickListId: id, parcels });
    return this.queries.list(id);
  }
}
