import { lastSegment, REGISTER_FUNCTION } from "../python/words.ts";
import type { Evaluator } from "./evaluate.ts";
import type { Findings } from "./findings.ts";
import { classAround, common, type FunctionEntity, type LinkedModule } from "./moduleTable.ts";
import { isRegister, type Resolved } from "./resolved.ts";
import type { Wrappers } from "./wrappers.ts";

/**
 * Which modules have to be read again, function bodies included, before the answer is whole: those that import
 * something that registers under a name of its own, and those whose functions decide something. By address, with the
 * names to look for. Yields between modules.
 */
export function* wantedModules(
  modules: readonly LinkedModule[],
  evaluator: Evaluator,
  wrappers: Wrappers,
  { unread, registering }: Pick<Findings, "unread" | "registering">,
): Generator<undefined, Map<string, Set<string>>> {
  const hot = yield* hotNames(modules, evaluator, wrappers, registering);
  const wanted = new Map<string, Set<string>>();
  const want = (module: LinkedModule, name?: string, body = false) => {
    const { summary } = module;
    // Of what decorates, the headers say all.
    const isSaid = !body && summary.depth === "headers" && name !== undefined && summary.decoratorsOnly.includes(name);
    if (isSaid || (name !== undefined && summary.askedFor.includes(name))) return;
    if (name === undefined && summary.depth === "full") return;
    if (summary.incomplete !== undefined) return;
    const names = wanted.get(summary.uri) ?? new Set(summary.askedFor);
    if (name !== undefined) names.add(name);
    wanted.set(summary.uri, names);
  };
  for (const entity of unread) {
    // The body of a function is kept where its name, or that of its class, is asked for.
    want(entity.module);
    if (!entity.fact.code) want(entity.module, (classAround(entity) ?? entity).fact.name, true);
  }
  const lastNames = new Set([...hot.members.keys()].flatMap((module) => module.names.map(lastSegment)));
  const hotModules = new Set([...hot.members.keys()].flatMap((module) => module.names));
  for (const module of modules) {
    yield;
    for (const name of hot.imported.get(module) ?? []) want(module, name);
    if (common(lastNames, module.imports.lastNames).length === 0) continue;
    // `from . import compat`, then `compat.reg(…)`
    for (const { module: name, level, names } of module.summary.imports) {
      if (!(names ?? [name]).some((path) => lastNames.has(lastSegment(path)))) continue;
      const found = evaluator.table.resolve(name, level, module);
      const prefix = typeof found === "string" ? found : found.name;
      for (const path of names?.map((member) => `${prefix}.${member}`) ?? [prefix]) {
        if (!hotModules.has(path)) continue;
        const target = evaluator.table.find(path, module);
        if (target && target !== module) for (const member of hot.members.get(target) ?? []) want(module, member);
      }
    }
  }
  return wanted;
}

interface HotNames {
  /** Names of each module that stand for something that registers, REGISTER_FUNCTION aside. */
  readonly members: Map<LinkedModule, Set<string>>;
  /** Those that a module has by import, in whatever scope. */
  readonly imported: Map<LinkedModule, Set<string>>;
}

function* hotNames(
  modules: readonly LinkedModule[],
  evaluator: Evaluator,
  wrappers: Wrappers,
  registering: ReadonlySet<FunctionEntity>,
): Generator<undefined, HotNames> {
  const members = new Map<LinkedModule, Set<string>>();
  const imported = new Map<LinkedModule, Set<string>>();
  const names = new Set<string>();
  const isHot = (meaning: Resolved) =>
    meaning.kind === "register" ||
    meaning.kind === "registering" ||
    (meaning.kind === "function" && isRegister(meaning)) ||
    wrappers.registersItsArguments(meaning) ||
    hasRegisteringMethod(meaning, registering);
  const add = (module: LinkedModule, name: string): boolean => {
    if (name === REGISTER_FUNCTION) return false;
    const set = members.get(module) ?? new Set();
    if (set.has(name)) return false;
    members.set(module, set.add(name));
    names.add(name);
    return true;
  };
  // What a module that holds a word of registration defines or assigns.
  for (const module of modules) {
    yield;
    const { scopes, depth } = module.summary;
    if (depth !== "full") continue;
    for (const { name, value } of scopes[0]!.bindings) {
      if (value.kind === "class" && !hasRegisteringMethod(module.classes[value.index]!, registering)) continue;
      if (value.kind === "function" && !registering.has(module.function(value.index))) continue;
      if (value.kind === "value" && !CAN_BE_HOT.has(value.value.kind)) continue;
      if (value.kind === "module" || (value.kind === "member" && value.name !== REGISTER_FUNCTION)) continue;
      if (evaluator.member(module, name).some(isHot)) add(module, name);
    }
  }
  if (names.size === 0) return { members, imported };
  names.add(REGISTER_FUNCTION);
  // What other modules import of it, and so on.
  for (let changed = true; changed; ) {
    changed = false;
    for (const module of modules) {
      yield;
      const { members: index, stars } = module.imports;
      for (const original of common(names, index)) {
        for (const { scope, name } of index.get(original)!) {
          if (name === REGISTER_FUNCTION || imported.get(module)?.has(name)) continue;
          if (!evaluator.lookUp(name, { module, scope, offset: Number.POSITIVE_INFINITY }).some(isHot)) continue;
          // A text with Keras's own word knows what it is imported as.
          const isKnown = original === REGISTER_FUNCTION;
          if (!isKnown) imported.set(module, (imported.get(module) ?? new Set()).add(name));
          if (scope === 0 && add(module, name)) changed = true;
          if (!isKnown) changed = true;
        }
      }
      for (const { star } of stars) {
        const from = evaluator.table.resolve(star.module, star.level, module);
        if (typeof from === "string") continue;
        for (const name of members.get(from) ?? []) {
          if (imported.get(module)?.has(name) || !evaluator.member(module, name).some(isHot)) continue;
          imported.set(module, (imported.get(module) ?? new Set()).add(name));
          add(module, name);
          changed = true;
        }
      }
    }
  }
  return { members, imported };
}

/** Expressions that may stand for something that registers. */
const CAN_BE_HOT = new Set(["name", "call", "choice", "attribute", "subscript"]);

function hasRegisteringMethod(meaning: Resolved, registering: ReadonlySet<FunctionEntity>): boolean {
  const entity = meaning.kind === "instance" ? meaning.of : meaning.kind === "class" ? meaning : undefined;
  if (!entity) return false;
  for (const { value } of entity.module.summary.scopes[entity.fact.body]?.bindings ?? []) {
    if (value.kind === "function" && registering.has(entity.module.function(value.index))) return true;
  }
  return false;
}
