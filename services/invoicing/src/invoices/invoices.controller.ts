import { Controller, Get, NotFoundException } from '@nestjs/common';
import { ApiNotFoundResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { PageQuery, UuidParam, ValidQuery } from '@retaguarda/department';
import { Id, Optional } from '@retaguarda/contracts';
import { InvoicesQueries } from './invoices.queries.js';

class InvoicesQuery extends PageQuery {
  @Optional()
  @Id()
  orderId?: string;

  @Optional()
  @Id()
  declare cursor?: string;
}

@ApiTags('invoices')
@Controller('invoices')
export class InvoicesController {
  constructor(private readonly queries: InvoicesQueries) {}

  @Get()
  @ApiOperation({ summary: 'Invoices without personal data, newest first' })
  invoices(@ValidQuery(InvoicesQuery) query: InvoicesQuery) {
    return this.queries.invoices(query);
  }

  @Get(':id')
  @ApiOperation({ summary: 'The whole document; a cancelled one says when and why' })
  invoice(@UuidParam('id') id: string) {
    return this.queries.invoice(id);
  }

  @Get(':id/xml')
  @ApiOperation({ summary: 'The fiscal XML of the invoice' })
  @ApiNotFoundResponse({ description: 'No such invoice, or it is a generic document, which has no XML' })
  xml(@UuidParam('id') id: string): Promise<never> {
    return this.refuseFile(id, 'XML');
  }

  @Get(':id/pdf')
  @ApiOperation({ summary: 'The printable invoice' })
  @ApiNotFoundResponse({ description: 'No such invoice, or it is a generic document, which has no PDF' })
  pdf(@UuidParam('id') id: string): Promise<never> {
    return this.refuseFile(id, 'PDF');
  }

  private async refuseFile(id: string, format: string): Promise<never> {
    const { series, number } = await this.queries.invoice(id);
    throw new NotFoundException(
      `Invoice ${series}/${number} is a generic document and has no ${format}; /invoices/${id} has all that is on it.`,
    );
  }
}
