import type { PipeTransform } from '@nestjs/common';
import { BadRequestException, Body, Param, ParseUUIDPipe, Query, UnprocessableEntityException } from '@nestjs/common';
import { validate } from '@retaguarda/contracts';
import { documentBody, documentQuery } from './documented.js';

type Shape = new () => object;

/** Checks a body or query against a class of class-validator rules and names each field that is wrong. */
class Valid implements PipeTransform {
  constructor(
    private readonly shape: Shape,
    private readonly refuse: (errors: readonly { field: string; problem: string }[]) => Error,
    private readonly whenEmpty?: object,
  ) {}

  transform(value: unknown): object {
    const result = validate(this.shape, value ?? this.whenEmpty);
    if ('reasons' in result) throw this.refuse(result.reasons);
    return result.event;
  }
}

/** A request body of the given class; else 422 with each field. */
export function ValidBody(shape: Shape): ParameterDecorator {
  return documented(Body(new Valid(shape, refuseBody)), (target, method) => documentBody(shape, target, method, true));
}

/** What is checked is documented as well, from the same rules. */
function documented(
  decorator: ParameterDecorator,
  document: (target: object, method: string | symbol) => void,
): ParameterDecorator {
  return (target, method, index) => {
    decorator(target, method, index);
    if (method !== undefined) document(target, method);
  };
}

function refuseBody(errors: readonly object[]): Error {
  return new UnprocessableEntityException({ message: 'The body is not valid; see errors.', errors });
}

/** A request body of the given class that may be left out altogether; else 422 with each field. */
export function OptionalBody(shape: Shape): ParameterDecorator {
  const pipe = new Valid(shape, refuseBody, {});
  return documented(Body(pipe), (target, method) => documentBody(shape, target, method, false));
}

/** A UUID in the path, in small letters as it is kept; else 400 that names it. */
export function UuidParam(name: string): ParameterDecorator {
  const exceptionFactory = () =>
    new BadRequestException({
      message: 'The address is not valid; see errors.',
      errors: [{ field: name, problem: 'must be a UUID' }],
    });
  return Param(name, new ParseUUIDPipe({ exceptionFactory }), { transform: (id: string) => id.toLowerCase() });
}

/** Query parameters of the given class, numbers read as numbers; else 400 with each parameter. */
export function ValidQuery(shape: Shape): ParameterDecorator {
  const refuse = (errors: readonly object[]) =>
    new BadRequestException({ message: 'The query is not valid; see errors.', errors });
  const query = Query(new Numbers(shape), new Valid(shape, refuse));
  return documented(query, (target, method) => documentQuery(shape, target, method));
}

/** A query is all text; what the class declares as a number is read as one. */
class Numbers implements PipeTransform {
  constructor(private readonly shape: Shape) {}

  transform(query: Record<string, unknown>): Record<string, unknown> {
    const isNumber = (name: string) => Reflect.getMetadata('design:type', this.shape.prototype, name) === Number;
    const entries = Object.entries(query).map(([name, value]) => [name, isNumber(name) ? Number(value) : value]);
    return Object.fromEntries(entries);
  }
}
