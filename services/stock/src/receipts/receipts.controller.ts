import { Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { ValidBody } from '@retaguarda/department';
import { Desk } from '@retaguarda/messaging';
import { GoodsReceived, ReceiveGoods } from './receive-goods.js';

@ApiTags('receipts')
@Controller('receipts')
export class ReceiptsController {
  constructor(private readonly desk: Desk) {}

  @Post()
  @HttpCode(201)
  @ApiOperation({ summary: 'Puts goods on the shelf; the same reference counts once' })
  async receive(@ValidBody(GoodsReceived) goods: GoodsReceived) {
    await this.desk.perform(ReceiveGoods, goods);
    return { reference: goods.reference, lines: goods.lines.length };
  }
}
