import { Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Code, Optional } from '@retaguarda/contracts';
import { PageQuery, ValidBody, ValidQuery } from '@retaguarda/department';
import { Desk } from '@retaguarda/messaging';
import { Matches } from 'class-validator';
import { Count, CountShelf } from './count-shelf.js';
import { ItemsQueries } from './items.queries.js';

class MovementsQuery extends PageQuery {
  @Code(60)
  sku!: string;

  @Optional()
  @Matches(/^[0-9]{1,18}$/, { message: 'must be the next of the page before' })
  declare cursor?: string;
}

@ApiTags('shelf')
@Controller()
export class ItemsController {
  constructor(
    private readonly queries: ItemsQueries,
    private readonly desk: Desk,
  ) {}

  @Get('items')
  @ApiOperation({ summary: 'What is on hand, reserved and available, by SKU' })
  items(@ValidQuery(PageQuery) { limit, cursor }: PageQuery) {
    return this.queries.items(limit, cursor);
  }

  @Get('items/:sku')
  @ApiOperation({ summary: 'The level of one item over all locations' })
  item(@Param('sku') sku: string) {
    return this.queries.item(sku);
  }

  @Get('movements')
  @ApiOperation({ summary: 'The ledger of one item, oldest first' })
  movements(@ValidQuery(MovementsQuery) { sku, limit, cursor }: MovementsQuery) {
    return this.queries.movements(sku, limit, cursor);
  }

  @Post('counts')
  @HttpCode(204)
  @ApiOperation({
    summary: 'Sets levels to what was counted; the difference goes into the ledger; the same reference counts once',
  })
  async count(@ValidBody(Count) count: Count): Promise<void> {
    await this.desk.perform(CountShelf, count);
  }
}
