/**
 * Of a response the same is read for each rule that looks at it, and of a contract for each case of each operation, so it is
 * worked out once.
 *
 * @param make reads an object that does not change
 */
export function remembered<One extends object, Value>(make: (one: One) => Value): (one: One) => Value {
  const known = new WeakMap<One, { readonly value: Value }>();
  return (one) => {
    let found = known.get(one);
    if (!found) known.set(one, (found = { value: make(one) }));
    return found.value;
  };
}
