import type { PipeTransform } from '@nestjs/common';
import { BadRequestException, Body, Query, UnprocessableEntityException } from '@nestjs/common';
import { validate } from '@retaguarda/contracts';

type Shape = new () => object;

/** Checks a body or query against a class of class-validator rules and names each field that is wrong. */
class Valid implements PipeTransform {
  constructor(
    private readonly shape: Shape,
    private readonly refuse: (errors: readonly { field: string; problem: string }[]) => Error,
  ) {}

  transform(value: unknown): object {
    const result = validate(this.shape, value);
    if ('reasons' in result) throw this.refuse(result.reasons);
    return result.event;
  }
}

/** A request body of the given class; else 422 with each field. */
export function ValidBody(shape: Shape): ParameterDecorator {
  const refuse = (errors: readonly object[]) =>
    new UnprocessableEntityException({ message: 'The body is not valid; see errors.', errors });
  return Body(new Valid(shape, refuse));
}

/** Query parameters of the given class, numbers read as numbers; else 400 with each parameter. */
export function ValidQuery(shape: Shape): ParameterDecorator {
  const refuse = (errors: readonly object[]) =>
    new BadRequestException({ message: 'The query is not valid; see errors.', errors });
  return Query(new Numbers(shape), new Valid(shape, refuse));
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
