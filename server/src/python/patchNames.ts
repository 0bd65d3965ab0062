import type { Expression } from "./expressions.ts";
import {
  blockHeader,
  type DefinitionHeader,
  definitionHeader,
  definitionName,
  importStatement,
  simpleStatement,
} from "./headers.ts";
import { dottedName, stringValue } from "./literals.ts";
import type { PythonTree } from "./parse.ts";
import type { Statement } from "./statements.ts";
import { statementsOfScope, walkExpression } from "./walk.ts";
import { lastSegment } from "./words.ts";

/** What a statement stands in, from the innermost class or function outwards to the module. */
export interface Around {
  readonly parent: Around | undefined;
  readonly kind: "module" | "class" | "function";
  readonly name: string;
  readonly body: readonly Statement[];
  readonly statement?: Statement;
  header?: DefinitionHeader | undefined;
  bound?: ReadonlyMap<string, readonly Bound[]>;
}

/** What a scope binds a name to. */
type Bound =
  | { readonly kind: "class"; readonly name: string }
  | { readonly kind: "value"; readonly value: Expression; readonly each?: true }
  | { readonly kind: "other" };

/** The classes that an expression may be. */
export interface Meaning {
  readonly classes: ReadonlySet<string>;
  /** Whether it may be any class of the workspace; `by`: one that the function or class of this name is given. */
  readonly isAny: boolean;
  readonly by?: string;
  /** Whether it may be any class of Keras, too. */
  readonly ofKeras?: true;
  /** An instance of a class, which is no class. */
  readonly isInstance?: true;
}

/** Aliases of aliases further than this may be anything. */
const DEEPEST = 8;
/** Expressions that are looked at for one question; where there are more, it may be anything. */
const MOST_STEPS = 300;
const ANY: Meaning = { classes: new Set(), isAny: true };
const NOTHING: Meaning = { classes: new Set(), isAny: false };
const INSTANCE: Meaning = { ...NOTHING, isInstance: true };
/** Calls that hand on the elements that they are given. */
const SEQUENCES = new Set(["list", "tuple", "set", "sorted", "reversed", "enumerate", "zip", "iter", "dict"]);
const VIEWS = new Set(["items", "keys", "values"]);

/** Says of expressions of a module which classes they may be, by their names alone. */
export class PatchNames {
  private readonly tree: PythonTree;
  /** What comprehensions and lambdas of the statement in hand bind: what they run over, or nothing that is known. */
  readonly inner = new Map<string, Expression | undefined>();

  private steps = 0;

  constructor(tree: PythonTree) {
    this.tree = tree;
  }

  /** The classes that an expression may be where it stands in `around`. */
  classesOf(expression: Expression, around: Around, depth = 0): Meaning {
    if (depth === 0) this.steps = 0;
    if (depth > DEEPEST || ++this.steps > MOST_STEPS) return ANY;
    switch (expression.kind) {
      case "name":
        return this.named(expression.id, around, depth);
      case "attribute": {
        if (expression.name === "__class__") return ofItself(around);
        // `layers.Gain`; what begins small is a variable that may hold anything.
        return /^_*[A-Z]/.test(expression.name) ? oneClass(expression.name) : ANY;
      }
      case "call": {
        const callee = lastSegment(dottedName(expression.callee) ?? "");
        const [first, second] = expression.arguments;
        if (callee === "super") return INSTANCE;
        if (callee === "type" && first && !second) {
          const of = this.classesOf(first.value, around, depth + 1);
          return of.isInstance ? ofItself(around) : ANY;
        }
        if (callee === "getattr" && second?.value.kind === "string") return this.ofText(second.value);
        // `keras.Model(…)` makes no class.
        return /^_*[A-Z]/.test(callee) ? INSTANCE : this.mayBeOfKeras(expression);
      }
      case "subscript": {
        if (expression.index.kind === "string") return this.ofText(expression.index);
        return this.elementsOf(expression.value, around, depth + 1);
      }
      case "tuple":
      case "list":
      case "set":
        if (expression.elements.length > MOST_STEPS) return ANY;
        return merged(expression.elements.map((one) => this.classesOf(one, around, depth + 1)));
      case "conditional":
        return merged([expression.body, expression.orElse].map((one) => this.classesOf(one, around, depth + 1)));
      case "walrus":
        return this.classesOf(expression.value, around, depth + 1);
      case "string":
      case "constant":
        return NOTHING;
      default:
        return ANY;
    }
  }

  private ofText(expression: Extract<Expression, { kind: "string" }>): Meaning {
    const text = stringValue(this.tree.text, expression);
    return text === undefined ? ANY : oneClass(text);
  }

  /** The classes among what a loop over an expression takes. */
  private elementsOf(expression: Expression, around: Around, depth: number): Meaning {
    if (depth > DEEPEST || ++this.steps > MOST_STEPS) return ANY;
    switch (expression.kind) {
      case "tuple":
      case "list":
      case "set":
        if (expression.elements.length > MOST_STEPS) return ANY;
        return merged(expression.elements.map((one) => this.classesOf(one, around, depth + 1)));
      case "dict":
        if (expression.entries.length > MOST_STEPS) return ANY;
        return merged(
          expression.entries.flatMap(({ key, value }) =>
            key ? [key, value].map((one) => this.classesOf(one, around, depth + 1)) : [ANY],
          ),
        );
      case "operation":
        return merged(expression.operands.map((one) => this.elementsOf(one, around, depth + 1)));
      case "name": {
        const found = this.lookUp(expression.id, around);
        if (found === undefined || found === "parameter") return this.named(expression.id, around, depth);
        return merged(
          found.list.map((bound) =>
            bound.kind === "value" && !bound.each ? this.elementsOf(bound.value, found.around, depth + 1) : ANY,
          ),
        );
      }
      case "call": {
        const { callee } = expression;
        if (callee.kind === "attribute" && VIEWS.has(callee.name) && expression.arguments.length === 0)
          return this.elementsOf(callee.value, around, depth + 1);
        if (callee.kind === "name" && SEQUENCES.has(callee.id))
          return merged(expression.arguments.map(({ value }) => this.elementsOf(value, around, depth + 1)));
        return this.mayBeOfKeras(expression);
      }
      default:
        return this.mayBeOfKeras(expression);
    }
  }

  /** Any class; of Keras, too, where it is spoken of. */
  private mayBeOfKeras({ start, end }: Expression): Meaning {
    const speaksOfKeras = /\bkeras\b|__subclasses__/.test(this.tree.text.slice(start, end));
    return speaksOfKeras ? { ...ANY, ofKeras: true } : ANY;
  }

  private named(id: string, around: Around, depth: number): Meaning {
    if (id === "__class__") return ofItself(around);
    if (this.inner.has(id)) {
      const over = this.inner.get(id);
      return over ? this.elementsOf(over, around, depth + 1) : ANY;
    }
    const found = this.lookUp(id, around);
    // Of a builtin, or of a star import.
    if (found === undefined) return oneClass(id);
    if (found === "parameter") return this.parameter(id, around, depth);
    return merged(
      found.list.map((bound) => {
        if (bound.kind === "class") return oneClass(bound.name);
        if (bound.kind === "other") return ANY;
        return bound.each
          ? this.elementsOf(bound.value, found.around, depth + 1)
          : this.classesOf(bound.value, found.around, depth + 1);
      }),
    );
  }

  private parameter(id: string, around: Around, depth: number): Meaning {
    const owner = this.ownerOf(id, around)!;
    const header = this.headerOf(owner)!;
    const isMethod = owner.parent?.kind === "class";
    if (isMethod && header.parameters[0]?.name === id && !this.isDecoratedBy(owner, "staticmethod"))
      return this.isClassMethod(owner, id) ? oneClass(owner.parent!.name) : INSTANCE;
    const initial = header.parameters.find(({ name }) => name === id)?.default;
    const usual = initial ? this.classesOf(initial, owner.parent ?? owner, depth + 1) : NOTHING;
    return { classes: usual.classes, isAny: true, by: nameOfCalled(owner) };
  }

  private isClassMethod(owner: Around, first: string): boolean {
    if (/^(?:cls|mcs|mcls|klass|metacls)$/.test(first) || this.isDecoratedBy(owner, "classmethod")) return true;
    if (/^__(?:init_subclass|new|class_getitem|prepare)__$/.test(owner.name)) return true;
    // The first argument of what a metaclass defines is a class.
    const bases = this.headerOf(owner.parent!)?.arguments ?? [];
    return bases.some(({ value }) => /(?:^|\.)type$|Meta/.test(dottedName(value) ?? "type"));
  }

  private isDecoratedBy({ statement }: Around, name: string): boolean {
    return statement?.decorators.some(({ start, end }) => this.tree.text.slice(start, end).trim() === name) ?? false;
  }

  private headerOf(around: Around): DefinitionHeader | undefined {
    if (around.statement) around.header ??= definitionHeader(this.tree, around.statement);
    return around.header;
  }

  /** The function that has this parameter, innermost first. */
  private ownerOf(id: string, around: Around): Around | undefined {
    for (let at: Around | undefined = around; at; at = at.parent)
      if (at.kind === "function" && this.headerOf(at)?.parameters.some(({ name }) => name === id)) return at;
    return undefined;
  }

  private lookUp(
    id: string,
    around: Around,
  ): "parameter" | { readonly list: readonly Bound[]; readonly around: Around } | undefined {
    const owner = this.ownerOf(id, around);
    for (let at: Around | undefined = around; at; at = at.parent) {
      // The names of a class are not seen in its methods.
      if (at.kind === "class" && at !== around) continue;
      at.bound ??= this.bindingsOf(at.body);
      const list = at.bound.get(id);
      if (list) return { list, around: at };
      if (at === owner) return "parameter";
    }
    return undefined;
  }

  /** What the statements of one scope bind, read once for each scope. */
  private bindingsOf(body: readonly Statement[]): ReadonlyMap<string, readonly Bound[]> {
    const names = new Map<string, Bound[]>();
    const bind = (name: string, bound: Bound) => {
      const list = names.get(name);
      if (!list) names.set(name, [bound]);
      else if (list.length < DEEPEST) list.push(bound);
    };
    const bindTarget = (target: Expression, bound: Bound) => {
      walkExpression(target, (at) => {
        if (at.kind === "name") bind(at.id, bound);
        return at.kind === "tuple" || at.kind === "list" || at.kind === "starred";
      });
    };
    for (const statement of statementsOfScope(body)) {
      switch (statement.kind) {
        case "def":
        case "class": {
          const name = definitionName(this.tree, statement)?.name;
          if (name !== undefined) bind(name, statement.kind === "class" ? { kind: "class", name } : { kind: "other" });
          break;
        }
        case "import":
        case "from":
          for (const { name, as } of importStatement(this.tree, statement).names)
            bind(as ?? name.split(".", 1)[0]!, { kind: "class", name: lastSegment(name) });
          break;
        case "for":
        case "with": {
          const { expressions, targets } = blockHeader(this.tree, statement);
          const over = statement.kind === "for" ? expressions[0] : undefined;
          const bound: Bound = over ? { kind: "value", value: over, each: true } : { kind: "other" };
          for (const target of targets) bindTarget(target, bound);
          break;
        }
        case "simple": {
          if (!this.tree.text.slice(statement.start, statement.end).includes("=")) break;
          const { operator, targets, value } = simpleStatement(this.tree, statement);
          if (operator !== "=" || !value) break;
          for (const target of targets) bindTarget(target, { kind: "value", value });
        }
      }
    }
    return names;
  }

  /** The strings that an expression may be; undefined where it may be others. */
  stringsOf(expression: Expression, around: Around, depth = 0): readonly string[] | undefined {
    if (depth === 0) this.steps = 0;
    if (depth > DEEPEST || ++this.steps > MOST_STEPS) return undefined;
    if (expression.kind === "string") {
      const value = stringValue(this.tree.text, expression);
      return value === undefined ? undefined : [value];
    }
    if (expression.kind !== "name") return undefined;
    if (this.inner.has(expression.id)) {
      const over = this.inner.get(expression.id);
      return over && this.stringsIn(over, around, depth + 1);
    }
    const found = this.lookUp(expression.id, around);
    if (found === undefined || found === "parameter") return undefined;
    const all: string[] = [];
    for (const bound of found.list) {
      if (bound.kind !== "value") return undefined;
      const strings = bound.each
        ? this.stringsIn(bound.value, found.around, depth + 1)
        : this.stringsOf(bound.value, found.around, depth + 1);
      if (!strings) return undefined;
      for (const one of strings) all.push(one);
    }
    return all;
  }

  /** The strings in a list, tuple or dict of literals; undefined where it is something else. */
  private stringsIn(expression: Expression, around: Around, depth: number): readonly string[] | undefined {
    if (depth > DEEPEST || ++this.steps > MOST_STEPS) return undefined;
    if (expression.kind === "call") {
      const { callee } = expression;
      const isView = callee.kind === "attribute" && VIEWS.has(callee.name) && expression.arguments.length === 0;
      if (isView) return this.stringsIn(callee.value, around, depth + 1);
      const [first] = expression.arguments;
      const handsOn = callee.kind === "name" && SEQUENCES.has(callee.id) && first && expression.arguments.length === 1;
      return handsOn ? this.stringsIn(first.value, around, depth + 1) : undefined;
    }
    if (expression.kind === "name") {
      const found = this.lookUp(expression.id, around);
      const only = found !== undefined && found !== "parameter" && found.list.length === 1 ? found.list[0] : undefined;
      if (only?.kind !== "value" || only.each || found === undefined || found === "parameter") return undefined;
      return this.stringsIn(only.value, found.around, depth + 1);
    }
    const parts =
      expression.kind === "dict"
        ? expression.entries.map(({ key }) => key)
        : expression.kind === "tuple" || expression.kind === "list" || expression.kind === "set"
          ? expression.elements
          : [undefined];
    if (parts.length > MOST_STEPS) return undefined;
    const all: string[] = [];
    for (const part of parts) {
      // Of pairs such as `("__init__", replacement)` the first one is the name.
      const [name] = part?.kind === "tuple" ? part.elements : [part];
      const strings = name && this.stringsOf(name, around, depth + 1);
      if (!strings) return undefined;
      for (const one of strings) all.push(one);
    }
    return all;
  }
}

/** The class that an expression stands in. */
function ofItself(around: Around): Meaning {
  for (let at: Around | undefined = around; at; at = at.parent) if (at.kind === "class") return oneClass(at.name);
  return ANY;
}

/** What is called where this function is: its class for a constructor, the outermost function of those around it. */
function nameOfCalled(owner: Around): string {
  let { name } = owner;
  for (let at = owner.parent; at && at.kind !== "module"; at = at.parent)
    if (at.kind === "function" || /^__(?:init|call|new)__$/.test(name)) name = at.name;
  return name;
}

function oneClass(name: string): Meaning {
  return { classes: new Set([name]), isAny: false };
}

function merged(list: readonly Meaning[]): Meaning {
  const classes = new Set<string>();
  for (const one of list) for (const name of one.classes) classes.add(name);
  const by = list.find((one) => one.by !== undefined)?.by;
  // What may be anything whoever calls is not only what one function is given.
  const isOpen = list.some((one) => one.isAny && one.by === undefined);
  return {
    classes,
    isAny: list.some((one) => one.isAny),
    ...(by !== undefined && !isOpen ? { by } : {}),
    ...(list.some((one) => one.ofKeras) ? { ofKeras: true } : {}),
  };
}
