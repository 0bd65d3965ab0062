import type { ValueSyntax } from "../../python/summary.ts";
import { isFilled } from "../filled.ts";
import type { ClassEntity, LinkedModule } from "../moduleTable.ts";
import { KERAS_PACKAGES, rootOf } from "../packages.ts";
import { isRegister, type RegisterArguments, type Resolved, type Site } from "../resolved.ts";
import type { Modules, Traced } from "../tracker.ts";
import type { Interpreter } from "./interpreter.ts";
import { dictOf, type Given, oneOf, putText, UNKNOWN_PARAMETER, UNKNOWN_VALUE, type Value } from "./values.ts";

/** Names of modules as values. A literal that a module binds to a name is one value, which changes as Python's does. */
export class Names {
  private readonly interpreter: Interpreter;
  private readonly literals = new Map<ValueSyntax, Traced<Value>>();

  /** `before` are the names of an earlier reading, of which is kept what comes from modules that are still there. */
  constructor(interpreter: Interpreter, before: Names | undefined, isKept: (from: Modules) => boolean) {
    this.interpreter = interpreter;
    for (const [syntax, traced] of before?.literals ?? []) {
      if (!isKept(traced.from)) continue;
      this.literals.set(syntax, traced);
      const home = before!.interpreter.homes.get(traced.value);
      if (home) interpreter.homes.set(traced.value, home);
    }
  }

  /** What a plain name stands for where it is used. */
  lookUp(name: string, at: Site): Value {
    return this.valueOf(this.interpreter.evaluator.lookUp(name, at));
  }

  /** Meanings as one value. */
  valueOf(meanings: readonly Resolved[]): Value {
    if (meanings.length === 1) return this.one(meanings[0]!);
    return oneOf(meanings.map((meaning) => this.one(meaning)));
  }

  /** The values of a class's bases. */
  basesOf(entity: ClassEntity): readonly Value[] {
    return this.interpreter.evaluator.bases(entity).map((base) => this.one(base));
  }

  /** The module of a dotted name. */
  moduleNamed(name: string, from?: LinkedModule): Value {
    const module = this.interpreter.evaluator.table.find(name, from);
    return module ? { kind: "module", module } : { kind: "external", path: name };
  }

  /** What a module binds, as `globals()` holds it where it is called. */
  globals({ module, offset }: Pick<Site, "module" | "offset">): Value {
    const [scope] = module.summary.scopes;
    const dict = dictOf([], scope!.stars.length > 0 || scope!.bindings.length > MOST_GLOBALS);
    for (const { name, at } of scope!.bindings.slice(0, MOST_GLOBALS)) {
      if (at >= offset) continue;
      putText(dict, name, this.lookUp(name, { module, scope: 0, offset }));
    }
    return dict;
  }

  private one(meaning: Resolved): Value {
    switch (meaning.kind) {
      case "class":
      case "string":
      case "none":
      case "module":
        return meaning;
      case "function":
        if (isRegister(meaning)) return { kind: "register", given: {} };
        return meaning.fact.decorators.length > 0 ? this.interpreter.decoratedFunction(meaning) : meaning;
      case "namespace":
        return { kind: "external", path: meaning.name };
      case "external":
        return isRegistryPath(meaning.path) ? this.interpreter.registry : meaning;
      case "register":
        return { kind: "register", given: this.given(meaning.bound) };
      case "registering":
        return { kind: "registering", given: this.given(meaning.given) };
      case "instance":
      case "result":
        return this.literal(meaning.made, meaning.at);
      case "syntax":
        return this.literal(meaning.value, meaning.at, isFilled(meaning, this.interpreter.evaluator.table));
      case "parameter":
        return UNKNOWN_PARAMETER;
      default:
        return UNKNOWN_VALUE;
    }
  }

  private given({ package: pack, name, open }: RegisterArguments): Given {
    if (open) return { package: UNKNOWN_VALUE, name: UNKNOWN_VALUE };
    return { ...(pack && { package: this.valueOf(pack) }), ...(name && { name: this.valueOf(name) }) };
  }

  /** `isFilled`: nobody knows all that it holds. */
  private literal(value: ValueSyntax, at: Site, isFilled = false): Value {
    const { interpreter } = this;
    const { tracker } = interpreter.evaluator;
    const compute = () => {
      tracker.touch(at.module);
      const made = interpreter.quietly(() => interpreter.evaluate(value, interpreter.frameAt(at)));
      interpreter.homes.set(made, at.module);
      if (isFilled && (made.kind === "dict" || made.kind === "list")) made.open = true;
      return made;
    };
    return tracker.remember(this.literals, value, compute, { value: UNKNOWN_VALUE, from: new Set([at.module]) });
  }
}

const MOST_GLOBALS = 1000;

/** Whether a dotted path is what a call of Keras's `get_custom_objects` returned, or the dict itself. */
export function isRegistryPath(path: string): boolean {
  return KERAS_PACKAGES.has(rootOf(path)) && /\.(?:get_custom_objects\(\)|_?GLOBAL_CUSTOM_OBJECTS)$/.test(path);
}
