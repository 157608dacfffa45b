declare const kind: unique symbol;

/** What a contract says about itself beside its schema. */
export interface About {
  /** One sentence for the catalogue: what happened, in the department's words. */
  readonly summary: string;
  /**
   * `departments` (default): some department must be bound, so a publish that reaches no queue is kept and retried.
   * `anyone`: a fact for the outside; it is published even if nobody listens.
   */
  readonly audience?: 'departments' | 'anyone';
  /**
   * Storefronts may listen to whatever is for `anyone`, and to nothing else, unless told. Each of them hears it of every
   * channel's orders, so what they may listen to carries no data of a customer.
   */
  readonly storefronts?: 'may listen' | 'may not listen';
  /** The field that becomes the CloudEvents `subject`; `orderId` unless told. */
  readonly subject?: string;
}

/** The facts of an event: its fields without the compile-time brand. */
export type Facts<E> = Omit<E, typeof kind>;

/** A contract: the class of one event version. */
export interface EventClass<E = unknown> {
  new (): E;
  readonly type: string;
  readonly about: About;
}

/** What an event class inherits: its type, what it says about itself, and `of`. */
export interface EventParent<T extends string, Shared> {
  new (): Shared & { readonly [kind]: T };
  readonly type: T;
  readonly about: About;
  /** Makes an event of its facts; types are checked by the compiler, values by `validate` when they cross a door. */
  of<E>(this: new () => E, facts: Facts<E>): E;
}

/**
 * The base class of one event version. The instance is the event's data, flat; the type literal is a brand that exists
 * at compile time only, so that two events of the same shape are not taken for each other. With `shared`, the event has
 * all fields and rules of that class beside its own.
 */
export function Event<const T extends string>(type: T, about: About): EventParent<T, object>;
export function Event<const T extends string, Shared extends object>(
  type: T,
  about: About,
  shared: new () => Shared,
): EventParent<T, Shared>;
export function Event(type: string, about: About, shared: new () => object = class {}): unknown {
  return class extends shared {
    static readonly type = type;
    static readonly about = about;

    static of(this: new () => object, facts: object): object {
      return Object.assign(new this(), facts);
    }
  };
}
