import type { Expression, ParameterSyntax } from "../../../src/python/expressions.ts";
import type { Statement } from "../../../src/python/statements.ts";
import {
  type DefinitionHeader,
  decoratorsOf,
  definitionHeader,
  docstring,
  stringValue,
} from "../../../src/python/tree.ts";
import { keras2 } from "../kerasPackage.ts";
import { call } from "./calls.ts";
import { evaluate } from "./expressions.ts";
import type { Machine } from "./machine.ts";
import { execute } from "./statements.ts";
import {
  type ClassValue,
  constant,
  type ExternalValue,
  external,
  type FunctionValue,
  Scope,
  UNKNOWN,
  type Value,
} from "./values.ts";

const headers = new WeakMap<Statement, DefinitionHeader>();
const decorators = new WeakMap<Statement, Expression[]>();

export function headerOfDefinition(scope: Scope, statement: Statement): DefinitionHeader | undefined {
  let header = headers.get(statement);
  if (!header) {
    header = definitionHeader(scope.tree, statement);
    if (header) headers.set(statement, header);
  }
  return header;
}

function decoratorExpressions(scope: Scope, statement: Statement): Expression[] {
  let list = decorators.get(statement);
  if (!list) {
    list = decoratorsOf(scope.tree, statement);
    decorators.set(statement, list);
  }
  return list;
}

function qualnameIn(scope: Scope, name: string): string {
  for (let at: Scope | undefined = scope; at; at = at.parent) {
    if (at.owner !== undefined) return at.kind === "class" ? `${at.owner}.${name}` : `${at.owner}.<locals>.${name}`;
  }
  return name;
}

/** Runs a `class` statement; returns the name to bind and the value. */
export function defineClass(machine: Machine, scope: Scope, statement: Statement): [string, Value] {
  const header = headerOfDefinition(scope, statement);
  if (!header) return ["?", UNKNOWN];
  const bases: Value[] = [];
  for (const argument of header.arguments) {
    if (argument.keyword === undefined && argument.stars === 0) bases.push(evaluate(machine, scope, argument.value));
  }
  const namespace = new Map<string, Value>();
  const qualname = qualnameIn(scope, header.name);
  const inner = new Scope("class", namespace, scope, scope.module, scope.tree, qualname);
  const literal = docstring(scope.tree, statement.body);
  if (literal) namespace.set("__doc__", constant(stringValue(scope.tree.text, literal) ?? ""));
  const cls: ClassValue = {
    t: "class",
    name: header.name,
    qualname,
    module: scope.module.name,
    bases,
    mro: [],
    namespace,
    statement,
    tree: scope.tree,
  };
  (cls as { mro: ClassValue["mro"] }).mro = linearize(cls);
  inner.frame = undefined;
  execute(machine, inner, statement.body);
  for (const value of namespace.values()) {
    if (value.t === "function" && value.owner === undefined && value.scope === inner) {
      value.owner = cls;
      if (value.setter) value.setter.owner = cls;
    }
  }
  let value: Value = cls;
  for (const decorator of [...decoratorExpressions(scope, statement)].reverse()) {
    const result = call(machine, evaluate(machine, scope, decorator), oneArgument(value));
    // What a decorator that is not read makes of a class: in Keras, always the class.
    if (result.t === "class") value = result;
  }
  return [header.name, value];
}

function oneArgument(value: Value): Parameters<typeof call>[2] {
  return { positional: [value], keywords: new Map(), open: false };
}

/** C3; where the bases contradict each other (which Python refuses), depth first. */
export function linearize(cls: ClassValue): (ClassValue | ExternalValue)[] {
  const bases = cls.bases.map(asBase);
  const sequences = bases.map((base) => (base.t === "class" ? [...base.mro] : [base]));
  sequences.push([...bases]);
  const result: (ClassValue | ExternalValue)[] = [cls];
  for (;;) {
    const open = sequences.filter((sequence) => sequence.length > 0);
    if (open.length === 0) return result;
    const next =
      open.map((sequence) => sequence[0]).find((head) => open.every((other) => !includes(other.slice(1), head))) ??
      open[0]?.[0];
    if (!next) return result;
    result.push(next);
    for (const sequence of sequences) {
      const at = sequence.findIndex((entry) => isSame(entry, next));
      if (at >= 0) sequence.splice(at, 1);
    }
  }
}

function includes(
  list: readonly (ClassValue | ExternalValue)[],
  value: ClassValue | ExternalValue | undefined,
): boolean {
  return value !== undefined && list.some((entry) => isSame(entry, value));
}

function isSame(a: ClassValue | ExternalValue, b: ClassValue | ExternalValue): boolean {
  return a === b || (a.t === "external" && b.t === "external" && a.path === b.path);
}

function asBase(value: Value): ClassValue | ExternalValue {
  if (value.t === "class") return value;
  if (value.t === "union") {
    const known = value.options.find((option) => option.t === "class");
    if (known?.t === "class") return known;
  }
  if (value.t === "external") return value;
  return external(value.t === "builtin" ? `builtins.${value.name}` : "?");
}

/** Runs a `def` statement; returns the name to bind and the value. */
export function defineFunction(machine: Machine, scope: Scope, statement: Statement): [string, Value] {
  const header = headerOfDefinition(scope, statement);
  if (!header) return ["?", UNKNOWN];
  const made = makeFunction(machine, scope, header.name, header.parameters, statement.body, statement);
  const bodyText = scope.tree.text.slice(statement.end, statement.bodyEnd);
  let value: Value = /\byield\b/.test(bodyText) ? { ...made, isGenerator: true } : made;
  for (const decorator of [...decoratorExpressions(scope, statement)].reverse()) {
    value = decorate(machine, scope, decorator, value);
  }
  return [header.name, value];
}

function decorate(machine: Machine, scope: Scope, expression: Expression, value: Value): Value {
  const decorator = evaluate(machine, scope, expression);
  if (value.t === "function") {
    const name = decorator.t === "builtin" ? decorator.name : decorator.t === "external" ? decorator.path : "";
    if (name === "property") return { ...value, kind: "property" };
    if (name === "functools.cached_property") return { ...value, kind: "cached-property" };
    if (name === "classmethod") return { ...value, kind: "method-of-class" };
    if (name === "staticmethod") return { ...value, kind: "static" };
    if (name === "contextlib.contextmanager" || name === "abc.abstractmethod") return value;
  }
  const result = call(machine, decorator, oneArgument(value));
  // A method that an unread decorator wraps is still read; a function of a module is what the decorator made of it.
  // Those of TensorFlow leave it what it was.
  return result.t === "unknown" && (scope.kind === "class" || machine.source.package === keras2) ? value : result;
}

function makeFunction(
  machine: Machine,
  scope: Scope,
  name: string,
  parameters: readonly ParameterSyntax[],
  body: readonly Statement[] | Expression,
  statement: Statement | undefined,
): FunctionValue {
  const defaults = new Map<string, Value>();
  for (const parameter of parameters) {
    if (parameter.default) defaults.set(parameter.name, evaluate(machine, scope, parameter.default));
  }
  return {
    t: "function",
    name,
    qualname: qualnameIn(scope, name),
    module: scope.module.name,
    kind: "function",
    parameters,
    defaults,
    body,
    statement,
    tree: scope.tree,
    scope,
    owner: undefined,
    isGenerator: false,
  };
}

export function lambdaFunction(machine: Machine, scope: Scope, expression: Expression & { kind: "lambda" }): Value {
  return makeFunction(machine, scope, "<lambda>", expression.parameters, expression.body, undefined);
}
