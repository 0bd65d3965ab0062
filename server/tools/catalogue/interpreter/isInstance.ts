import { examine, type Value } from "./values.ts";

/** What `type(value)` is called, for values of Python's own types. */
export function builtinType(value: Value): string | undefined {
  switch (value.t) {
    case "constant":
      if (value.value === null) return "NoneType";
      if (typeof value.value === "string") return "str";
      if (typeof value.value === "boolean") return "bool";
      return value.float || !Number.isInteger(value.value) ? "float" : "int";
    case "text":
      return "str";
    case "sequence":
      return value.kind;
    case "dict":
      return "dict";
    case "argument":
      return value.form === "string" ? "str" : value.form === "list" ? "list" : "dict";
    default:
      return undefined;
  }
}

/** `isinstance(value, type)` where it is known. */
export function isInstance(value: Value, type: Value): boolean | undefined {
  examine(value);
  if (type.t === "sequence") {
    const answers = type.items.map((item) => isInstance(value, item));
    if (answers.includes(true)) return true;
    return answers.includes(undefined) || type.open ? undefined : false;
  }
  if (value.t === "union") {
    const answers = new Set(value.options.map((option) => isInstance(option, type)));
    return answers.size === 1 ? [...answers][0] : undefined;
  }
  const own = builtinType(value);
  if (type.t === "builtin") {
    if (type.name === "object") return true;
    if (own !== undefined) return own === type.name || (own === "bool" && type.name === "int");
    if (value.t === "object" || value.t === "function" || value.t === "class" || value.t === "module") return false;
    if (value.t === "instance") {
      // What TensorFlow tracks is none of Python's own types.
      const isOther = (path: string) => path !== "abc.ABC" && !path.startsWith("tensorflow.");
      return value.class.mro.some((c) => c.t === "external" && isOther(c.path)) ? undefined : false;
    }
    return undefined;
  }
  if (type.t === "class") {
    if (own !== undefined || value.t === "function" || value.t === "class" || value.t === "module") return false;
    if (value.t === "instance") return value.class.mro.includes(type);
    return undefined;
  }
  if (type.t === "external") {
    if (type.path === "types.FunctionType" && (own !== undefined || value.t === "instance" || value.t === "function"))
      return value.t === "function";
    if (/^(collections\.abc|typing)\.(Mapping|MutableMapping)$/.test(type.path)) {
      return own === undefined ? undefined : own === "dict";
    }
    if (/^types\.|^(np|numpy|jax|tensorflow|torch)\./.test(type.path)) return own === undefined ? undefined : false;
    return own === undefined ? undefined : /^(collections\.abc|typing|numbers)\./.test(type.path) ? undefined : false;
  }
  return undefined;
}
