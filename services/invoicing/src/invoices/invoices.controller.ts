import { BadRequestException, Controller, Get, NotFoundException, Param, ParseUUIDPipe } from '@nestjs/common';
import { ApiNotFoundResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { PageQuery, ValidQuery } from '@retaguarda/department';
import { IsOptional, IsUUID } from 'class-validator';
import { InvoicesQueries } from './invoices.queries.js';

class InvoicesQuery extends PageQuery {
  @IsOptional()
  @IsUUID('all', { message: 'must be a UUID' })
  orderId?: string;

  @IsOptional()
  @IsUUID('all', { message: 'must be the next of the page before' })
  declare cursor?: string;
}

const InvoiceId = () =>
  Param(
    'id',
    new ParseUUIDPipe({
      exceptionFactory: () =>
        new BadRequestException({
          message: 'The path is not valid; see errors.',
          errors: [{ field: 'id', problem: 'must be a UUID' }],
        }),
    }),
  );

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
  invoice(@InvoiceId() id: string) {
    return this.queries.invoice(id);
  }

  @Get(':id/xml')
  @ApiOperation({ summary: 'The fiscal XML of the invoice' })
  @ApiNotFoundResponse({ description: 'No such invoice, or it is a generic document, which has no XML' })
  xml(@InvoiceId() id: string): Promise<never> {
    return this.refuseFile(id, 'XML');
  }

  @Get(':id/pdf')
  @ApiOperation({ summary: 'The printable invoice' })
  @ApiNotFoundResponse({ description: 'No such invoice, or it is a generic document, which has no PDF' })
  pdf(@InvoiceId() id: string): Promise<never> {
    return this.refuseFile(id, 'PDF');
  }

  private async refuseFile(id: string, format: string): Promise<never> {
    const { series, number } = await this.queries.invoice(id);
    throw new NotFoundException(
      `Invoice ${series}/${number} is a generic document and has no ${format}; /invoices/${id} has all that is on it.`,
    );
  }
}
