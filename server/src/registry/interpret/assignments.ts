import type { ValueSyntax } from "../../python/summary.ts";
import type { Interpreter } from "./interpreter.ts";
import { operate } from "./operations.ts";
import { type DictValue, type Frame, keyOf, listOf, UNKNOWN_VALUE, type Value } from "./values.ts";

/** `target = value` */
export function assign(interpreter: Interpreter, target: ValueSyntax, value: Value, frame: Frame): void {
  switch (target.kind) {
    case "name": {
      const dot = target.path.lastIndexOf(".");
      if (dot < 0) frame.locals.set(target.path, value);
      else {
        const owner = interpreter.evaluate({ kind: "name", path: target.path.slice(0, dot) }, frame);
        setAttribute(interpreter, owner, target.path.slice(dot + 1), value);
      }
      return;
    }
    case "attribute":
      setAttribute(interpreter, interpreter.evaluate(target.of, frame), target.name, value);
      return;
    case "subscript":
      setItem(interpreter, interpreter.evaluate(target.of, frame), interpreter.evaluate(target.key, frame), value);
      return;
    case "items":
      unpack(interpreter, target.items, value, frame);
      return;
    case "spread":
      assign(interpreter, target.of, value, frame);
      return;
    default:
  }
}

/** `target += value` and the like. */
export function assignWith(
  interpreter: Interpreter,
  operator: string,
  target: ValueSyntax,
  value: Value,
  frame: Frame,
): void {
  const before = interpreter.evaluate(target, frame);
  if (operator === "|" && before.kind === "dict") {
    update(interpreter, before, value);
    return;
  }
  if (operator === "+" && before.kind === "list") {
    extend(interpreter, before, value);
    return;
  }
  assign(interpreter, target, operate(operator, before, value), frame);
}

/** `del target` */
export function remove(interpreter: Interpreter, target: ValueSyntax, frame: Frame): void {
  if (target.kind === "name" && !target.path.includes(".")) frame.locals.delete(target.path);
  if (target.kind !== "subscript") return;
  const owner = interpreter.evaluate(target.of, frame);
  if (owner.kind === "dict") removeKey(interpreter, owner, interpreter.evaluate(target.key, frame));
}

/** `owner[key] = value` */
export function setItem(interpreter: Interpreter, owner: Value, key: Value, value: Value): void {
  if (owner.kind === "choice") {
    for (const option of owner.options) interpreter.maybe(() => setItem(interpreter, option, key, value));
    return;
  }
  if (owner.kind !== "dict") return;
  interpreter.changing(owner);
  const { sure } = interpreter;
  if (owner.isRegistry) {
    interpreter.emit({ kind: "set", key, object: value, sure });
    return;
  }
  const name = keyOf(key);
  if (name === undefined) owner.open = true;
  else owner.entries.set(name, { key, value, sure: sure || owner.entries.get(name)?.sure === true });
}

/** `owner.update(value)`; of the registry only strings can be keys. */
export function update(interpreter: Interpreter, owner: DictValue, value: Value): void {
  if (value.kind === "choice") {
    for (const option of value.options) interpreter.maybe(() => update(interpreter, owner, option));
    return;
  }
  if (value.kind === "dict" && !value.isRegistry) {
    for (const { key, value: held, sure } of value.entries.values()) {
      if (sure) setItem(interpreter, owner, key, held);
      else interpreter.maybe(() => setItem(interpreter, owner, key, held));
    }
    if (value.open) markOpen(interpreter, owner);
    return;
  }
  const pairs = value.kind === "list" ? value.items : undefined;
  if (pairs?.every((pair) => pair.kind === "list" && pair.items.length === 2)) {
    for (const pair of pairs) if (pair.kind === "list") setItem(interpreter, owner, pair.items[0]!, pair.items[1]!);
    if (value.kind === "list" && value.open) markOpen(interpreter, owner);
  } else if (value.kind !== "dict") markOpen(interpreter, owner);
}

/** Other keys may have been put into a dict. */
export function markOpen(interpreter: Interpreter, owner: DictValue): void {
  interpreter.changing(owner);
  if (owner.isRegistry) interpreter.lose("what is put into get_custom_objects() is not computed");
  else owner.open = true;
}

/** Takes a key out of a dict. */
export function removeKey(interpreter: Interpreter, owner: DictValue, key: Value): void {
  const { sure } = interpreter;
  interpreter.changing(owner);
  if (owner.isRegistry) {
    interpreter.emit({ kind: "remove", key, sure });
    return;
  }
  const name = keyOf(key);
  const entry = name === undefined ? undefined : owner.entries.get(name);
  if (!entry || name === undefined) return;
  if (sure) owner.entries.delete(name);
  else owner.entries.set(name, { ...entry, sure: false });
}

/** `owner.extend(value)` */
export function extend(interpreter: Interpreter, owner: Extract<Value, { kind: "list" }>, value: Value): void {
  const items = interpreter.items(value);
  interpreter.changing(owner);
  // What may be added is an item that may be there.
  if (items && interpreter.sure) owner.items.push(...items.items);
  else owner.open = true;
  if (items?.open) owner.open = true;
}

function setAttribute(interpreter: Interpreter, owner: Value, name: string, value: Value): void {
  if (owner.kind === "object") {
    interpreter.changing(owner);
    owner.attributes.set(name, value);
    return;
  }
  if (owner.kind === "class") interpreter.give(owner, name);
  if (name === "__name__") interpreter.rename(owner, value);
}

function unpack(interpreter: Interpreter, targets: readonly ValueSyntax[], value: Value, frame: Frame): void {
  const items = value.kind === "list" && !value.open ? value.items : undefined;
  const starred = targets.findIndex(({ kind }) => kind === "spread");
  const fits = items && (starred < 0 ? items.length === targets.length : items.length >= targets.length - 1);
  for (const [index, target] of targets.entries()) {
    let part: Value = UNKNOWN_VALUE;
    if (items && fits) {
      const behind = targets.length - 1 - starred;
      if (starred < 0 || index < starred) part = items[index]!;
      else if (index === starred) part = listOf(items.slice(starred, items.length - behind));
      else part = items[items.length - (targets.length - index)]!;
    }
    assign(interpreter, target, part, frame);
  }
}
