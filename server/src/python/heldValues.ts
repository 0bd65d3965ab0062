import type { Expression } from "./expressions.ts";
import type { HeldValue, HeldValues, ValueUse } from "./flow.ts";
import { blockHeader, boundUnseen, definitionHeader, definitionName, simpleStatement } from "./headers.ts";
import { type NameResolver, resolveDotted } from "./importAliases.ts";
import { dottedName } from "./literals.ts";
import { isBuiltBefore, LOADED, type Method, type Methods, mayBeOtherwise } from "./otherwise.ts";
import { decoratorsOf, type PythonTree } from "./parse.ts";
import type { Statement } from "./statements.ts";
import { valueUses } from "./valueUses.ts";
import { parts } from "./variables.ts";
import { statementsOfScope, walkStatements } from "./walk.ts";

/** A statement by which an attribute becomes a name, what a call makes of a name, or a list. */
const HOLDS = /^\w+\.\w+\s*(?::[^=]*)?=\s*(?:\w+\s*(?:#.*)?$|[\w.]+\(\s*\w+\s*,?\s*\)|\[)/;
/** An attribute that becomes what something else is, or is made of. */
const KEEPS = /\bself\.\w+\s*(?:=[^=]|:[^=\n]{1,200}=[^=])/;

/**
 * What a class keeps of the arguments of its constructor, and what its constructor, `build` and `call` do with it whenever they run.
 * `statement` is the `class`; `resolve` says what the names of the module stand for. Undefined where it keeps nothing of the kind.
 */
export function heldValues(tree: PythonTree, statement: Statement, resolve: NameResolver): HeldValues | undefined {
  const methods = methodsOf(tree, statement);
  const init = methods.get("__init__");
  if (!init || init === "several" || !LOADED.some((name) => methods.has(name))) return undefined;
  // What the decorator hands on is decided elsewhere.
  if (decoratorsOf(tree, init).length > 0) return undefined;
  if (!KEEPS.test(tree.text.slice(init.start, init.bodyEnd))) return undefined;
  const parameters = parametersKept(tree, init);
  const candidates = attributesHeld(tree, init, parameters, resolve);
  const names = new Set(candidates.map(({ attribute }) => attribute));
  const read = (name: string, ofParameters: ReadonlySet<string>): readonly ValueUse[] => {
    const method = methods.get(name);
    // Of two methods of one name, and of one that is decorated, what runs is decided elsewhere.
    if (!method || method === "several" || decoratorsOf(tree, method).length > 0) return [];
    if (!mayUse(tree, method, new Set([...names, ...ofParameters]))) return [];
    return valueUses(tree, method, names, ofParameters);
  };
  const none: ReadonlySet<string> = new Set();
  const build = isBuiltBefore(tree, init) ? [] : read("build", none);
  const uses = { init: read("__init__", parameters), build, call: read("call", none) };
  if (uses.init.length + uses.build.length + uses.call.length === 0) return undefined;
  if (mayBeOtherwise(tree, statement, init, methods)) return undefined;
  const held = withoutOthers(tree, statement, candidates);
  const looped = new Set(
    Object.values(uses).flatMap((list) => list.flatMap((use) => (use.each ? [use.attribute ?? use.parameter] : []))),
  );
  const ofElements = held.filter(({ attribute }) => looped.has(attribute));
  const kept = new Set(ofElements.length > 0 ? elementsKept(tree, statement, init, ofElements) : []);
  const isHeld = ({ attribute, parameter, each }: ValueUse): boolean => {
    if (each && !kept.has(attribute ?? parameter ?? "")) return false;
    return attribute === undefined || held.some((one) => one.attribute === attribute);
  };
  return {
    held,
    init: uses.init.filter(isHeld),
    build: uses.build.filter(isHeld),
    call: uses.call.filter(isHeld),
  };
}

/** The functions that a class defines, by name; "several" where more than one statement of its body may decide the name. */
function methodsOf(tree: PythonTree, { body }: Statement): Methods {
  const methods = new Map<string, Method>();
  const define = (name: string, as: Method) => methods.set(name, methods.has(name) ? "several" : as);
  const direct = new Set(body);
  for (const child of statementsOfScope(body)) {
    const name = child.kind === "def" ? definitionName(tree, child)?.name : undefined;
    if (name !== undefined) define(name, direct.has(child) ? child : "several");
    for (const target of bound(tree, child, "names")) if (target.kind === "name") define(target.id, "several");
  }
  return methods;
}

/** Those of the attributes whose elements nothing changes: wherever the text speaks of them or of their parameters, it loops or tests. */
function elementsKept(tree: PythonTree, statement: Statement, init: Statement, held: readonly HeldValue[]): string[] {
  // What is written is written after it was loaded.
  const writes = statement.body.find((child) => definitionName(tree, child)?.name === "get_config");
  const { text } = tree;
  const parts = writes
    ? [text.slice(statement.start, writes.start), text.slice(writes.bodyEnd, statement.bodyEnd)]
    : [text.slice(statement.start, statement.bodyEnd)];
  const body = text.slice(init.body[0]?.start ?? init.bodyEnd, init.bodyEnd);
  const isLooked = (name: string, where: string) => {
    const all = where.match(new RegExp(`\\b${name}\\b`, "g"))?.length ?? 0;
    return all === (where.match(new RegExp(lookedAt.replaceAll("NAME", name), "g"))?.length ?? 0);
  };
  const names = held.filter(
    ({ attribute, parameter }) =>
      isLooked(parameter, parameter === attribute ? body.replaceAll(`.${attribute}`, "") : body) &&
      parts.every((part) => isLooked(`\\w+\\.${attribute}`, part)),
  );
  return names.map(({ attribute }) => attribute);
}

/** Where a list is looped over, tested, or assigned as a whole. */
const lookedAt =
  "\\b(?:in|if|and|or|not)\\s+NAME\\b(?!\\s*[.[(])|\\b(?:len|enumerate|isinstance|bool|deserialize|get)\\(\\s*NAME\\b(?!\\s*[.[(])|" +
  "\\bNAME\\s*=(?!=)|=\\s*NAME\\s*(?=$|[\\n#])";

/** A name that is called or asked, looped over, or handed on by keyword. */
const USED = /\b(\w+)\s*[.(]|\bin\s+(?:enumerate\(\s*)?(?:\w+\.)?(\w+)|=\s*(?=\w+\.(\w+))/g;

/** Whether a method may do so with something of these names: far from all are read. */
function mayUse({ text }: PythonTree, { start, bodyEnd }: Statement, names: ReadonlySet<string>): boolean {
  for (const [, called = "", looped = "", handed = ""] of text.slice(start, bodyEnd).matchAll(USED))
    if (names.has(called) || names.has(looped) || names.has(handed)) return true;
  return false;
}

/** The parameters of a function that nothing else is bound to, but for `self` and those that take what is left. */
function parametersKept(tree: PythonTree, statement: Statement): ReadonlySet<string> {
  const header = definitionHeader(tree, statement);
  const names = new Set<string>();
  for (const { name, kind } of (header?.parameters ?? []).slice(1))
    if (kind !== "varargs" && kind !== "kwargs") names.add(name);
  for (const inner of walkStatements(statement.body)) {
    for (const name of boundUnseen(tree, inner)) names.delete(name);
    for (const target of bound(tree, inner, "names")) if (target.kind === "name") names.delete(target.id);
  }
  return names;
}

/** `self.layer = value`, with one target. */
const ATTRIBUTE_ALONE = /^\w+(?:\.\w+)+\s*=[^=]*$/;

/** What a statement binds: names alone, or attributes and elements too, each by itself. */
function bound(tree: PythonTree, statement: Statement, of: "names" | "all"): readonly Expression[] {
  switch (statement.kind) {
    case "simple": {
      // Most statements call something, or assign to an attribute alone.
      const text = tree.text.slice(statement.start, statement.end);
      if (!text.includes("=") || (of === "names" && ATTRIBUTE_ALONE.test(text))) return [];
      return simpleStatement(tree, statement).targets.flatMap(leaves);
    }
    case "del":
      return [simpleStatement(tree, statement).value].flatMap((one) => (one ? leaves(one) : []));
    case "for":
    case "except": {
      return blockHeader(tree, statement).targets.flatMap(leaves);
    }
    case "with": {
      // With parentheses around, the names come as expressions.
      const { expressions, targets } = blockHeader(tree, statement);
      return [...targets, ...expressions].flatMap(leaves);
    }
    default:
      return [];
  }
}

function leaves(target: Expression): readonly Expression[] {
  const found: Expression[] = [];
  const open: Expression[] = [target];
  for (let at = open.pop(); at; at = open.pop()) {
    if (at.kind === "starred") open.push(at.value);
    else if (at.kind === "tuple" || at.kind === "list") open.push(...parts(at));
    else found.push(at);
  }
  return found;
}

/** What a constructor assigns whenever it runs. */
function attributesHeld(
  tree: PythonTree,
  init: Statement,
  parameters: ReadonlySet<string>,
  resolve: NameResolver,
): HeldValue[] {
  const self = definitionHeader(tree, init)?.parameters[0]?.name;
  const held: HeldValue[] = [];
  for (const statement of init.body) {
    if (statement.kind !== "simple") {
      // What stands behind a `return` may not run.
      if (statement.body.length > 0 || statement.kind === "return") {
        const inner = [statement, ...walkStatements(statement.body)];
        if (inner.some(({ kind }) => kind === "return")) return held;
      }
      continue;
    }
    if (!HOLDS.test(tree.text.slice(statement.start, statement.end))) continue;
    const { operator, targets, value } = simpleStatement(tree, statement);
    const [target] = targets;
    if (operator !== "=" || targets.length !== 1 || target?.kind !== "attribute" || !value) continue;
    if (target.value.kind !== "name" || target.value.id !== self) continue;
    const of = source(value, parameters, resolve);
    if (of) held.push({ attribute: target.name, ...of });
  }
  return held;
}

/** The parameter that a value is, or that a function alone is handed. */
function source(
  value: Expression,
  parameters: ReadonlySet<string>,
  resolve: NameResolver,
): Omit<HeldValue, "attribute"> | undefined {
  if (value.kind === "name") return parameters.has(value.id) ? { parameter: value.id } : undefined;
  if (value.kind === "comprehension") {
    const [clause] = value.clauses;
    if (value.form !== "list" || value.clauses.length !== 1 || value.conditions.length > 0 || !clause) return undefined;
    if (clause.target.kind !== "name" || clause.iterable.kind !== "name") return undefined;
    const of = source(value.element, new Set([clause.target.id]), resolve);
    const isOf = of?.by !== undefined && parameters.has(clause.iterable.id);
    return isOf ? { parameter: clause.iterable.id, by: of.by, each: true } : undefined;
  }
  if (value.kind !== "call" || value.arguments.length !== 1) return undefined;
  const [argument] = value.arguments;
  const callee = dottedName(value.callee);
  if (!argument || argument.stars > 0 || argument.value.kind !== "name" || callee === undefined) return undefined;
  return parameters.has(argument.value.id)
    ? { parameter: argument.value.id, by: resolveDotted(callee, resolve) }
    : undefined;
}

/** Those of the attributes to which nothing else of the class is bound, not even one of their elements. */
function withoutOthers(tree: PythonTree, statement: Statement, held: readonly HeldValue[]): HeldValue[] {
  const times = new Map<string, number>();
  const elements = new Set<string>();
  for (const inner of walkStatements(statement.body)) {
    for (const target of bound(tree, inner, "all")) {
      let at = target;
      while (at.kind === "subscript") at = at.value;
      if (at !== target && at.kind === "name") elements.add(at.id);
      if (at.kind !== "attribute") continue;
      if (at === target) times.set(at.name, (times.get(at.name) ?? 0) + 1);
      else elements.add(at.name);
    }
  }
  return held.filter(
    ({ attribute, parameter }) => times.get(attribute) === 1 && !elements.has(attribute) && !elements.has(parameter),
  );
}
