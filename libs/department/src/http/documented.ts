import { ApiBody, ApiQuery, type ApiBodyOptions, type ApiQueryOptions } from '@nestjs/swagger';
import type { JsonSchema } from '@retaguarda/contracts';
import { schemaOf } from '@retaguarda/contracts';

type Shape = (new () => object) & { readonly example?: object };

/** Documents the body of a method by the same rules that check it, with the class's example if it has one. */
export function documentBody(shape: Shape, target: object, method: string | symbol, required: boolean): void {
  const schema = { ...inlined(schemaOf(shape)), ...(shape.example ? { example: shape.example } : {}) };
  apply(ApiBody({ schema, required } as ApiBodyOptions), target, method);
}

/** Documents each query parameter of a method by the rules of its class. */
export function documentQuery(shape: Shape, target: object, method: string | symbol): void {
  const { properties = {}, required = [] } = inlined(schemaOf(shape));
  for (const [name, schema] of Object.entries(properties))
    apply(ApiQuery({ name, required: required.includes(name), schema } as ApiQueryOptions), target, method);
}

function apply(decorator: MethodDecorator, target: object, method: string | symbol): void {
  decorator(target, method, Object.getOwnPropertyDescriptor(target, method)!);
}

/** OpenAPI knows other definitions than JSON Schema; parts are written out where they are used. */
function inlined({ definitions = {}, ...schema }: JsonSchema): JsonSchema {
  const inline = (node: JsonSchema): JsonSchema =>
    JSON.parse(JSON.stringify(node), (_, value: JsonSchema | null) => {
      const part = value?.$ref && definitions[value.$ref.replace('#/definitions/', '')];
      return part ? inline(part) : value;
    }) as JsonSchema;
  return inline(schema);
}
