/**
 * Of a response the same is read for each rule that looks at it, and of a contract for each case of each operation, so it is
 * worked out once.
 *
 * @param make reads an object that does not change
 */
export function remembered<One extends object, Value>(make: (one: One) => Value): (one: One) => Value {
  return rememberedBy((one) => one, make);
}

/**
 * The same of what is put together anew each time.
 *
 * @param identity the object by which it is known again
 */
export function rememberedBy<One, Value>(
  identity: (one: One) => object,
  make: (one: One) => Value,
): (one: One) => Value {
  const known = new WeakMap<object, { readonly value: Value }>();
  return (one) => {
    const object = identity(one);
    let found = known.get(object);
    if (!found) known.set(object, (found = { value: make(one) }));
    return found.value;
  };
}
