import { applyDecorators } from '@nestjs/common';
import { ApiBody, type ApiBodyOptions, ApiQuery } from '@nestjs/swagger';
import type { JsonSchema } from '@retaguarda/contracts';
import { Channel, Code, Id, OneOf, Optional, schemaOf, Text } from '@retaguarda/contracts';
import { PageQuery } from '@retaguarda/department';
import type { OrderStatus } from './facts.js';
import { statuses } from './facts.js';

export class CancellationBody {
  @Text(500)
  reason!: string;

  static readonly example = { reason: 'Comprei por engano' };
}

export class OrdersQuery extends PageQuery {
  @Optional()
  @Channel()
  channel?: string;

  @Optional()
  @Code(120)
  externalId?: string;

  @Optional()
  @OneOf(statuses)
  status?: OrderStatus;

  @Optional()
  @Id()
  declare cursor?: string;
}

/** Documents `OrdersQuery`. */
export function FilterParameters(): MethodDecorator {
  const texts = ['channel', 'externalId', 'cursor'].map((name) => ApiQuery({ name, required: false, type: String }));
  const limit = ApiQuery({ name: 'limit', required: false, type: Number, description: '1 to 200; 50 unless told' });
  return applyDecorators(...texts, limit, ApiQuery({ name: 'status', required: false, enum: [...statuses] }));
}

/** Documents the body by the same rules that check it. */
export function ContractBody(shape: (new () => object) & { readonly example: object }): MethodDecorator {
  const { definitions = {}, ...schema } = schemaOf(shape);
  const inlined = (node: JsonSchema): JsonSchema =>
    JSON.parse(JSON.stringify(node), (_, value: JsonSchema | null) => {
      const part = value?.$ref && definitions[value.$ref.replace('#/definitions/', '')];
      return part ? inlined(part) : value;
    }) as JsonSchema;
  return ApiBody({ schema: { ...inlined(schema), example: shape.example } } as ApiBodyOptions);
}
