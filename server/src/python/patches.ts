import type { CallExpression, Expression } from "./expressions.ts";
import { blockHeader, definitionHeader, definitionName, simpleStatement } from "./headers.ts";
import { dottedName, stringValue } from "./literals.ts";
import type { PythonTree } from "./parse.ts";
import { type Around, type Meaning, PatchNames } from "./patchNames.ts";
import type { SourceText } from "./source.ts";
import type { Statement } from "./statements.ts";
import type { PatchFact } from "./summary.ts";
import { statementExpressions, walkExpression } from "./walk.ts";
import { countName, lastSegment } from "./words.ts";

/** What of a class decides what it makes of a config, and how what it made is called; instances do not hold these. */
const OF_CLASSES = [
  ...["__init__", "__new__", "__call__", "__bases__", "__class__", "__setattr__", "__getattribute__", "__repr__"],
  ...["__str__", "from_config", "build_from_config", "compile_from_config", "call"],
];
/** The same, where instances may hold another one of their own. */
const OF_BOTH = [
  ...["build", "compile", "add", "add_weight", "update_state", "symbolic_call", "compute_output_shape"],
  "_allow_non_tensor_positional_args",
];
const DECISIVE: ReadonlySet<string> = new Set([...OF_CLASSES, ...OF_BOTH]);
const SETTERS = new Set(["setattr", "delattr", "__setattr__", "__delattr__"]);
const READERS = new Set(["getattr", "hasattr"]);
const names = [...DECISIVE].join("|");
/** An attribute where a target may stand. */
const TARGET = new RegExp(`\\.(?:${names})\\s*(?:=(?!=)|[:,)\\]]|in\\b|$)`, "gm");
/** A decisive name, or a dotted path to one, as a string. */
const QUOTED = new RegExp(`,\\s*["'](?:${names})["']|["'](?:\\w+\\.)*\\w+\\.(?:${names})\\b`, "g");
/** A class that is handed to a function which gives it a constructor. */
const CONSTRUCTED = /\bdataclass(?:\([^()\n]*\))?\(\s*(?:\w+\.)*_*[A-Z]/g;
const SETTER = /setattr|delattr/g;
/** A class that another takes the place of, in its module: `layers.Base = Other`. */
const REPLACED = /\.[A-Z]\w*\s*=(?!=)|\b(?:globals|vars)\(\w*\)\[/g;
const PATH = new RegExp(`^(?:\\w+\\.)*(\\w+)\\.(${names})(?:\\s*=[^=]|$)`);
/** A name that somebody may hand to a setter, as a string or as that of a function of the module. */
const SPOKEN =
  /["'](__init__|__new__|__call__|from_config)["']|^(?:async )?def (__init__|__new__|__call__|from_config)\b/gm;
/** Of one module; and the functions that set on what they are given, each of which is sought in the text. */
const MOST_PATCHES = 2_000;
const MOST_FUNCTIONS = 30;

/**
 * Where a module may set on a class what decides what the class takes, in whatever function and branch: `Gain.__init__ = …`,
 * `setattr(cls, name, …)`, `del Gain.from_config`, `mock.patch("layers.Gain.__init__", …)`. By names alone: which class of
 * a name is meant is not asked. Linear in the text.
 */
export function readPatches(source: SourceText, tree: PythonTree): readonly PatchFact[] {
  const { text } = tree;
  const offsets = placesIn(text);
  if (offsets.length === 0) return [];
  const reader = new PatchReader(source, tree, offsets);
  reader.block(tree.body, { parent: undefined, kind: "module", name: "", body: tree.body });
  return reader.patches;
}

/** Where to look in a text, in ascending order; the gates are there since most texts have nothing of the kind. */
function placesIn(text: string): readonly number[] {
  const offsets: number[] = [];
  const note = (pattern: RegExp) => {
    for (const { index } of text.matchAll(pattern)) offsets.push(index);
  };
  note(SETTER);
  note(TARGET);
  note(REPLACED);
  if (text.includes("patch") || text.includes("wrap")) note(QUOTED);
  if (text.includes("dataclass(")) note(CONSTRUCTED);
  return offsets.sort((a, b) => a - b);
}

interface PatchingFunction {
  /** Whether its module speaks of it as a decorator alone. */
  readonly isOnlyDecorator: boolean;
  /** The names that it is given where it is called. */
  readonly given: readonly string[];
}

/** The decisive names that a module's text speaks of as strings, or gives to functions of its own. */
export function spokenMembers(text: string): readonly string[] {
  const found = new Set<string>();
  for (const [, quoted, defined] of text.matchAll(SPOKEN)) found.add(quoted ?? defined!);
  return [...found].sort();
}

class PatchReader {
  readonly patches: PatchFact[] = [];
  private readonly source: SourceText;
  private readonly tree: PythonTree;
  /** Where to look, in ascending order. */
  private readonly offsets: readonly number[];
  private next = 0;
  private readonly meanings: PatchNames;
  private around!: Around;
  /** The classes of which it is known that others may stand in their place. */
  private readonly names = new Set<string>();
  /** The functions of the module that set something on what they are given. */
  private readonly functions = new Map<string, PatchingFunction>();

  constructor(source: SourceText, tree: PythonTree, offsets: readonly number[]) {
    this.source = source;
    this.tree = tree;
    this.offsets = offsets;
    this.meanings = new PatchNames(tree);
  }

  /** Statements in order, those left out in which there is nothing to look at. Recursion is bounded by the depth of blocks. */
  block(statements: readonly Statement[], around: Around): void {
    for (const statement of statements) {
      const start = Math.min(statement.start, statement.decorators[0]?.start ?? statement.start);
      this.skipTo(start);
      if (!this.isBefore(statement.bodyEnd)) continue;
      if (this.isBefore(statement.end)) this.statement(statement, around);
      this.skipTo(statement.end);
      if (statement.body.length > 0 && this.isBefore(statement.bodyEnd))
        this.block(statement.body, this.within(statement, around));
    }
  }

  private skipTo(offset: number): void {
    while (this.next < this.offsets.length && this.offsets[this.next]! < offset) this.next++;
  }

  private isBefore(offset: number): boolean {
    return this.next < this.offsets.length && this.offsets[this.next]! < offset;
  }

  private within(statement: Statement, parent: Around): Around {
    if (statement.kind !== "class" && statement.kind !== "def") return parent;
    const name = definitionName(this.tree, statement)?.name ?? "";
    return { parent, kind: statement.kind === "class" ? "class" : "function", name, body: statement.body, statement };
  }

  private statement(statement: Statement, around: Around): void {
    this.around = around;
    this.meanings.inner.clear();
    const expressions = statementExpressions(this.tree, statement);
    for (const expression of expressions) walkExpression(expression, (at) => this.noteInner(at));
    if (statement.kind === "simple" || statement.kind === "del") {
      const { operator, targets, value } = simpleStatement(this.tree, statement);
      const changed = statement.kind === "del" ? (value ? [value] : []) : targets;
      for (const target of changed) if (!this.restoresBases(target, value)) this.target(target);
      // `put = setattr`
      if (value?.kind === "name" && SETTERS.has(value.id)) this.add(value, { loose: true });
      // A string that stands alone is a comment.
      if (operator === "" && value?.kind === "string") return;
    } else if (statement.kind === "for" || statement.kind === "with") {
      for (const target of blockHeader(this.tree, statement).targets) this.target(target);
    }
    for (const expression of expressions) walkExpression(expression, (at) => this.expression(at));
  }

  /** `Gain.__bases__ = (Layer,)` in the class itself, where these are the bases that it is written with. */
  private restoresBases(target: Expression, value: Expression | undefined): boolean {
    if (target.kind !== "attribute" || target.name !== "__bases__" || target.value.kind !== "name") return false;
    let at: Around | undefined = this.around;
    while (at && !(at.kind === "class" && at.name === target.value.id)) at = at.parent;
    const header = at?.statement && definitionHeader(this.tree, at.statement);
    if (!header || value?.kind !== "tuple" || value.elements.length !== header.arguments.length) return false;
    const text = ({ start, end }: Expression) => this.tree.text.slice(start, end);
    return header.arguments.every(({ keyword, stars, value: base }, index) => {
      const element = value.elements[index];
      return keyword === undefined && stars === 0 && element !== undefined && text(base) === text(element);
    });
  }

  private noteInner(expression: Expression): undefined {
    const { inner } = this.meanings;
    if (expression.kind === "lambda") for (const { name } of expression.parameters) inner.set(name, undefined);
    if (expression.kind !== "comprehension") return;
    for (const { target, iterable } of expression.clauses) {
      walkExpression(target, (at) => {
        if (at.kind === "name") inner.set(at.id, iterable);
        return undefined;
      });
    }
  }

  /** What an assignment, a loop or `del` changes. */
  private target(target: Expression): void {
    if (target.kind === "tuple" || target.kind === "list") for (const one of target.elements) this.target(one);
    else if (target.kind === "attribute" && DECISIVE.has(target.name)) this.set(target.value, [target.name], target);
    else this.replaced(target);
  }

  /** What stands under a name from then on may be another class. */
  private replaced(target: Expression): void {
    if (target.kind === "attribute") {
      if (!/^[A-Z]/.test(target.name) || this.meanings.classesOf(target.value, this.around).isInstance) return;
      this.replace(target.name, target);
    } else if (target.kind === "subscript" && target.value.kind === "call" && target.index.kind === "string") {
      const of = dottedName(target.value.callee);
      const name = stringValue(this.tree.text, target.index);
      if ((of === "globals" || of === "vars") && name !== undefined) this.replace(name, target);
    }
  }

  private replace(name: string, at: Expression): void {
    if (this.names.has(name)) return;
    this.names.add(name);
    this.add(at, { classes: [name], isPut: true });
  }

  private expression(expression: Expression): undefined {
    switch (expression.kind) {
      case "call":
        this.call(expression);
        return;
      case "string": {
        const value = expression.end - expression.start < 400 ? stringValue(this.tree.text, expression) : undefined;
        const path = value === undefined ? null : PATH.exec(value);
        if (path) this.add(expression, { classes: [path[1]!], members: [path[2]!] });
        return;
      }
    }
  }

  private call(call: CallExpression): void {
    const { callee } = call;
    const path = dottedName(callee);
    const name = path === undefined ? (callee.kind === "attribute" ? callee.name : "") : lastSegment(path);
    if (SETTERS.has(name)) this.setter(call, name);
    else {
      // `functools.partial(setattr, Gain, "__init__")`
      const at = call.arguments.findIndex(({ value }) => value.kind === "name" && SETTERS.has(value.id));
      if (at >= 0) this.setWith(call.arguments.slice(at + 1), call);
      // `mock.patch.object(Gain, "__init__", …)`
      const [of, member] = call.arguments;
      if (of && member && isNamed(of.value) && member.value.kind === "string" && !READERS.has(name))
        this.setNamed(of.value, member.value, call);
      const made = callee.kind === "call" ? lastSegment(dottedName(callee.callee) ?? "") : name;
      const [first] = call.arguments;
      // `dataclasses.dataclass(Gain)` gives it a constructor.
      if (made === "dataclass" && first && first.keyword === undefined && first.stars === 0 && isNamed(first.value))
        this.set(first.value, undefined, call);
    }
  }

  private setter(call: CallExpression, name: string): void {
    const { callee } = call;
    const isMethod = name.startsWith("__");
    // `super().__setattr__(name, value)` sets on the object itself.
    const isOnOwn = isMethod && call.arguments.length < (name === "__setattr__" ? 3 : 2);
    if (!isOnOwn) this.setWith(call.arguments, call);
    else if (callee.kind === "attribute" && call.arguments[0]) {
      const of = this.meanings.classesOf(callee.value, this.around);
      if (!of.isInstance) this.setNamed(callee.value, call.arguments[0].value, call);
    }
  }

  /** `setattr(*arguments)` */
  private setWith(given: CallExpression["arguments"], at: Expression): void {
    const [target, member] = given;
    if (target && member && target.stars === 0 && member.stars === 0) this.setNamed(target.value, member.value, at);
    else if (target && target.stars === 0) this.set(target.value, undefined, at);
    else this.add(at, { loose: true });
  }

  private setNamed(target: Expression, member: Expression, at: Expression): void {
    const strings = this.meanings.stringsOf(member, this.around);
    for (const name of strings ?? [])
      if (/^[A-Z]/.test(name) && !this.meanings.classesOf(target, this.around).isInstance) this.replace(name, at);
    this.set(target, strings, at);
  }

  /** Something is set on a value under one of these names; under any where there are none. */
  private set(target: Expression, members: readonly string[] | undefined, at: Expression): void {
    const decisive = members?.filter((name) => DECISIVE.has(name));
    if (decisive?.length === 0) return;
    const meaning = this.meanings.classesOf(target, this.around);
    if (meaning.isInstance) return;
    if (meaning.classes.size > 0)
      this.add(at, { classes: [...meaning.classes], ...(decisive ? { members: decisive } : {}) });
    if (meaning.isAny) this.anyClass(meaning, decisive, at);
  }

  /** A value of which is not known what it is holds most likely no class where instances may have a member of that name. */
  private anyClass({ by, ofKeras }: Meaning, members: readonly string[] | undefined, at: Expression): void {
    const ofClasses = members?.filter((name) => OF_CLASSES.includes(name));
    if (ofClasses?.length === 0) return;
    const what = ofClasses ? { members: ofClasses } : { loose: true as const };
    const through = by ? this.functionOf(by) : undefined;
    this.add(at, {
      ...what,
      ...(through ? { by: through.isOnlyDecorator ? { name: by!, isOnlyDecorator: true } : { name: by! } } : {}),
      ...(ofKeras ? { ofKeras: true as const } : {}),
    });
    // Classes of Keras that are handed to it are named where that is done.
    if (through && through.given.length > 0) this.add(at, { classes: through.given, ...what });
  }

  private functionOf(name: string): PatchingFunction | undefined {
    let found = this.functions.get(name);
    if (!found && this.functions.size < MOST_FUNCTIONS) {
      const { text } = this.tree;
      const decorated = text.match(new RegExp(`^[ \\t]*@(?:\\w+\\.)*${name}\\b`, "gm"))?.length ?? 0;
      found = { isOnlyDecorator: countName(text, name) === decorated + 1, given: this.givenTo(name) };
      this.functions.set(name, found);
    }
    return found;
  }

  /** The last names of what stands as an argument in calls of a function of the module. */
  private givenTo(name: string): readonly string[] {
    const found = new Set<string>();
    for (const [, list] of this.tree.text.matchAll(new RegExp(`(?<!def )\\b${name}\\(([^()]*)\\)`, "g"))) {
      for (const path of list?.match(/\b[A-Za-z_][\w.]*/g) ?? []) {
        const last = lastSegment(path);
        if (/^_*[A-Z]/.test(last) && found.size < 100) found.add(last);
      }
    }
    return [...found];
  }

  private add(at: Expression, fact: Omit<PatchFact, "at">): void {
    if (this.patches.length > MOST_PATCHES) return;
    // Where there are more than are kept, anything may be set on any class.
    const kept = this.patches.length < MOST_PATCHES ? fact : {};
    this.patches.push({ ...kept, at: this.source.place(at.start, at.end) });
  }
}

function isNamed(expression: Expression): boolean {
  return /(?:^|\.)_*[A-Z]\w*$/.test(dottedName(expression) ?? "");
}
