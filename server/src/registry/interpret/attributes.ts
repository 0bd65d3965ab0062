import { REGISTER_FUNCTION } from "../../python/words.ts";
import { type ClassEntity, type FunctionEntity, qualnameOf } from "../moduleTable.ts";
import type { Interpreter } from "./interpreter.ts";
import { unknownOf } from "./operations.ts";
import {
  argumentsWith,
  booleanOf,
  dictOf,
  listOf,
  oneOf,
  putText,
  stringOf,
  UNKNOWN_VALUE,
  type Value,
} from "./values.ts";

/** `value.name` */
export function attribute(interpreter: Interpreter, value: Value, name: string): Value {
  switch (value.kind) {
    case "object":
      return ofObject(interpreter, value, name);
    case "class":
      return ofClass(interpreter, value, name);
    case "function":
      return ofFunction(interpreter, value, name);
    case "closure":
      if (value.of.kind === "function") return ofFunction(interpreter, value.of, name);
      return name === "__name__" ? stringOf("<lambda>") : UNKNOWN_VALUE;
    case "bound":
      return name === "__func__"
        ? value.callee
        : name === "__self__"
          ? value.self
          : attribute(interpreter, value.callee, name);
    case "module":
    case "external": {
      const { names, evaluator } = interpreter;
      const from = value.kind === "module" ? value.module : undefined;
      if (name === "__name__" && from) return stringOf(from.name);
      if (name === "__name__" && value.kind === "external")
        return stringOf(value.path.slice(value.path.lastIndexOf(".") + 1));
      const at = { module: from ?? evaluator.table.modules[0]!, scope: 0, offset: Number.POSITIVE_INFINITY };
      return names.valueOf(evaluator.attribute([value], name, at));
    }
    case "made":
      if (name === "__name__" || name === "__qualname__") return stringOf(value.name);
      return name === "__module__" ? stringOf(value.module.name) : UNKNOWN_VALUE;
    case "string":
    case "list":
    case "dict":
      return { kind: "method", of: value, name };
    case "super":
      return ofSuper(interpreter, value, name);
    case "choice":
      return oneOf(possible(value.options).map((option) => attribute(interpreter, option, name)));
    default:
      return unknownOf(value);
  }
}

/** The options that can be used: None has no attributes and cannot be called, so that it is not what stands there. */
export function possible(options: readonly Value[]): readonly Value[] {
  const some = options.filter(({ kind }) => kind !== "none");
  return some.length > 0 ? some : options;
}

/** What a class or its bases bind under a name, functions as they are; `after` where only the bases behind that are asked. */
export function classAttribute(
  interpreter: Interpreter,
  entity: ClassEntity,
  name: string,
  after?: ClassEntity,
): Value {
  const { order, complete } = interpreter.hierarchy.order(entity);
  return memberOf(interpreter, after ? order.slice(order.indexOf(after) + 1) : order, name, complete);
}

/**
 * The member that the first of some ancestors binds. What a class of a package holds is not known, but for what every
 * object has.
 */
function memberOf(
  interpreter: Interpreter,
  order: readonly (ClassEntity | string)[],
  name: string,
  complete: boolean,
): Value {
  for (const item of order) {
    if (item === "object" || item === "type") continue;
    if (typeof item === "string") {
      interpreter.wanted.add(item);
      return { kind: "external", path: `${item}.${name}` };
    }
    const found = interpreter.evaluator.boundInClass(item, name);
    if (found.length > 0) {
      // A method is itself; whether it is bound is decided where it is taken of an object.
      const [only] = found;
      return found.length === 1 && only!.kind === "function" ? only! : interpreter.names.valueOf(found);
    }
  }
  return complete ? { kind: "external", path: `builtins.object.${name}` } : UNKNOWN_VALUE;
}

function ofObject(interpreter: Interpreter, value: Extract<Value, { kind: "object" }>, name: string): Value {
  const own = value.attributes.get(name);
  // What methods fill that nobody follows may hold anything.
  if ((own?.kind === "dict" || own?.kind === "list") && value.of.module.summary.filled.includes(name)) own.open = true;
  if (own) return own;
  if (name === "__class__") return value.of;
  return bind(interpreter, classAttribute(interpreter, value.of, name), value, value.of);
}

/** A method on the object or class that it is taken of. */
function bind(interpreter: Interpreter, member: Value, self: Value, of: ClassEntity): Value {
  if (member.kind === "choice") return oneOf(member.options.map((option) => bind(interpreter, option, self, of)));
  if (member.kind !== "function") return member;
  const decorators = member.fact.decorators.map(({ text }) => text.slice(text.lastIndexOf(".") + 1));
  if (decorators.includes("staticmethod")) return member;
  if (decorators.includes("classmethod")) return { kind: "bound", callee: member, self: of };
  if (decorators.includes("property") || decorators.includes("cached_property")) {
    return interpreter.call(member, argumentsWith(self), undefined);
  }
  return { kind: "bound", callee: member, self };
}

function ofClass(interpreter: Interpreter, entity: ClassEntity, name: string): Value {
  switch (name) {
    case "__name__":
      return interpreter.renamed.get(entity) ?? stringOf(entity.fact.name);
    case "__qualname__":
      return stringOf(qualnameOf(entity));
    case "__module__":
      return stringOf(entity.module.name);
    case "__dict__":
      return members(interpreter, entity);
    case "__bases__":
      return listOf([...interpreter.names.basesOf(entity)], "tuple");
    case "__mro__": {
      const { order, complete } = interpreter.hierarchy.order(entity);
      const items = order.map((item): Value => (typeof item === "string" ? { kind: "external", path: item } : item));
      return listOf(items, "tuple", !complete);
    }
    default: {
      if (interpreter.evaluator.isEnum(entity)) return UNKNOWN_VALUE;
      const member = classAttribute(interpreter, entity, name);
      const isClassMethod =
        member.kind === "function" && member.fact.decorators.some(({ text }) => text === "classmethod");
      if (isClassMethod) return { kind: "bound", callee: member, self: entity };
      // A plain function that a metaclass defines is not looked for: it is rare, and then unknown.
      return member.kind === "external" && member.path.startsWith("builtins.object.") ? UNKNOWN_VALUE : member;
    }
  }
}

/** The names that a class binds itself, as its `__dict__` holds them. */
export function members({ names, evaluator }: Interpreter, entity: ClassEntity): Value {
  const dict = dictOf();
  for (const { name } of entity.module.summary.scopes[entity.fact.body]!.bindings) {
    putText(dict, name, names.valueOf(evaluator.boundInClass(entity, name)));
  }
  return dict;
}

/** `functools.update_wrapper(wrapper, of)`, as far as it gives the wrapper a name. */
export function wrapped(interpreter: Interpreter, wrapper: Value, of: Value): Value {
  interpreter.rename(wrapper, attribute(interpreter, of, "__name__"));
  return wrapper;
}

function ofFunction(interpreter: Interpreter, entity: FunctionEntity, name: string): Value {
  if (name === "__name__") return interpreter.renamed.get(entity) ?? stringOf(entity.fact.name);
  if (name === "__qualname__") return stringOf(qualnameOf(entity));
  if (name === "__module__") return stringOf(entity.module.name);
  return UNKNOWN_VALUE;
}

/** What stands behind a class in the order of its object's class. */
function ofSuper(interpreter: Interpreter, { within, self }: Extract<Value, { kind: "super" }>, name: string): Value {
  const start = self.kind === "object" ? self.of : self.kind === "class" ? self : within;
  const { order, complete } = interpreter.hierarchy.order(start);
  const at = order.indexOf(within);
  const rest = at < 0 ? interpreter.hierarchy.order(within).order.slice(1) : order.slice(at + 1);
  const member = memberOf(interpreter, rest, name, complete);
  // A metaclass whose own bases are not known makes its class as every one does.
  if (name === "__new__" && interpreter.making && member.kind !== "function") {
    return { kind: "external", path: "builtins.object.__new__" };
  }
  if (member.kind !== "function") return member;
  return name === "__new__" || name === "__init_subclass__"
    ? { kind: "bound", callee: member, self: name === "__new__" ? UNKNOWN_VALUE : self }
    : bind(interpreter, member, self, within);
}

/** `hasattr(value, name)` */
export function hasAttribute(interpreter: Interpreter, value: Value, name: string): Value {
  if (value.kind === "object" && value.attributes.has(name)) return booleanOf(true);
  if (value.kind === "class" || value.kind === "object") {
    const entity = value.kind === "class" ? value : value.of;
    return booleanOf(interpreter.hasMember(entity, name));
  }
  if (value.kind === "none") return booleanOf(false);
  if (value.kind === "function" || value.kind === "closure") {
    return FUNCTION_MEMBERS.has(name) ? booleanOf(true) : name === "get_config" ? booleanOf(false) : UNKNOWN_VALUE;
  }
  if (value.kind === "external" && REGISTERING_MODULES.test(value.path) && name === REGISTER_FUNCTION)
    return booleanOf(true);
  return UNKNOWN_VALUE;
}

/** The modules of Keras that hold the function in every release that this tool knows. */
const REGISTERING_MODULES = /^(?:keras\.(?:saving|utils)|(?:tensorflow\.keras|tf_keras)\.utils)$/;
const FUNCTION_MEMBERS = new Set([
  "__name__",
  "__module__",
  "__qualname__",
  "__call__",
  "__doc__",
  "__dict__",
  "__code__",
]);
